#!/bin/bash
# restore.sh [ROUNDS]: SIGKILL at random moments, then `pianissimo restore`: the power is back, each
# time (20), though four others ask for the status all the while.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
rounds=${1:-20}
# Within 5 s the law reaches the floor. Many rounds are of its way down, most of all.
most_tenths=50
[ "$rounds" -le 50 ] || most_tenths=25

testbed_up "$vm_tests/two-near.yaml" || exit 1
set_power 20 || exit 1
traffic_start || exit 1
original=/run/testbed/original.yaml
config "$original"

# ask_for_status NUMBER: again and again; leaves the exit statuses, one for each time. The pause
# leaves the emulated machine some time for the daemon.
ask_for_status() {
  while :; do
    "$PIANISSIMO_BIN" status >/dev/null 2>&1
    echo $?
    sleep 0.2
  done >"$testbed_state/status-$1"
}
askers=()
for number in 1 2 3 4; do
  ask_for_status "$number" &
  askers+=($!)
done

RANDOM=1 # the moments are the same in every run, as far as a machine's timing allows
for round in $(seq "$rounds"); do
  "$PIANISSIMO_BIN" run -c "$original" >>"$daemon_log" 2>&1 &
  daemon_pid=$!
  tenths=$((RANDOM % most_tenths))
  sleep "$((tenths / 10)).$((tenths % 10))"
  power=$(current_power)
  daemon_stop KILL
  killed_at=$(current_power)
  "$PIANISSIMO_BIN" restore >>"$daemon_log" 2>&1
  check "round $round: $power dBm, killed at $killed_at dBm, back at $(current_power) dBm" power_is 20
done

for asker in "${askers[@]}"; do stop_process "$asker"; done
# 0: the daemon runs, and what it does; 69: none runs, or it has not said anything yet.
statuses=$(cat "$testbed_state"/status-[1-4])
answers() { grep -cx -- "$1" <<<"$statuses"; }
echo "# the status was asked for $(answers '[0-9]*') times and told $(answers 0) times"
check "the status is told while the daemon runs" test "$(answers 0)" -gt 0
check "and nothing else went wrong there" sh -c "! grep -vqx '0\|69' <<STATUSES
$statuses
STATUSES"

finish
