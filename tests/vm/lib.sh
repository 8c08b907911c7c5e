# shellcheck shell=bash disable=SC2034 # used by those that source this
# Sourced by the tests in the guest: checks that say what they saw, and the daemon up and down.
vm_tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=experiments/testbed/guest/lib.sh
. "$vm_tests/../../experiments/testbed/guest/lib.sh"

checks=0 failures=0
journal=/run/pianissimo/journal.jsonl
daemon_log=/run/testbed/daemon.log

# check WHAT COMMAND...: true now.
check() {
  if "${@:2}" >/dev/null 2>&1; then passed "$1"; else failed "$1"; fi
}

# eventually SECONDS WHAT COMMAND...: true before the time is over.
eventually() {
  local began=$SECONDS
  if wait_for "$1" "$2" "${@:3}" 2>/dev/null; then
    passed "$2 (after $((SECONDS - began)) s)"
  else
    failed "$2 (waited $1 s)"
  fi
}

# never SECONDS WHAT COMMAND...: not true at any time meanwhile.
never() {
  local end=$((SECONDS + $1))
  while [ "$SECONDS" -lt "$end" ]; do
    if "${@:3}" >/dev/null 2>&1; then
      failed "never $2"
      return
    fi
    sleep 0.1
  done
  passed "never $2 (for $1 s)"
}

passed() { checks=$((checks + 1)) && echo "ok $checks - $1"; }

failed() {
  checks=$((checks + 1)) failures=$((failures + 1))
  echo "not ok $checks - $1 (power $(current_power) dBm)"
}

# Ends the job with what there is to read beside the result.
finish() {
  cp "$daemon_log" "$journal"* "$testbed_state"/*.log "$VM_SHARE/" 2>/dev/null
  if [ "$failures" -gt 0 ]; then
    echo "--- the end of the daemon's log:"
    tail -n 25 "$daemon_log"
  fi
  echo "$((checks - failures)) of $checks checks passed"
  exit $((failures > 0))
}

power_at_most() { [ "$(current_power)" -le "$1" ]; }
power_at_least() { [ "$(current_power)" -ge "$1" ]; }

# One low reading ends the published descent, and then it holds wherever it is for as long as its
# visits pass. These tests are of the daemon: theirs goes on, even where the kernel forgets all that it
# knew of a station, as at a channel switch.
steady='keep: 0.01'

# config FILE LINE...: the test's configuration, on top of what all share. The law is descend, whose
# steps most of these tests know, unless a line names another.
config() {
  local file=$1
  shift
  {
    echo "interfaces: [$ap_interface]"
    case "$*" in *policy:*) ;; *) echo "policy: descend" ;; esac
    printf '%s\n' "$@"
  } >"$file"
}

daemon_start() {
  rm -f "$journal"*
  "$PIANISSIMO_BIN" run -c "$1" "${@:2}" >>"$daemon_log" 2>&1 &
  daemon_pid=$!
  wait_for 20 "the daemon's journal" journal_has '"type":"stations"'
}

# daemon_stop SIGNAL: the daemon's exit status is in $daemon_status.
# After KILL nobody puts the power back: its watchdog is killed before it.
daemon_stop() {
  [ "$1" != KILL ] || kill -s KILL "$(cat "/proc/$daemon_pid/task/$daemon_pid/children")" 2>/dev/null
  daemon_status=0
  { stop_process "$daemon_pid" "$1" && wait "$daemon_pid" || daemon_status=$?; } 2>/dev/null
}

journal_has() { grep -q -- "$1" "$journal"; }
journal_count() { grep -c -- "$1" "$journal" || true; }
daemon_runs() { ! process_gone "$daemon_pid"; }
