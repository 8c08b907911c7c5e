#!/bin/bash
# While the daemon runs the kernel falls silent and loses messages, and the clock jumps.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

testbed_up "$vm_tests/two-near.yaml" || exit 1
set_power 20 || exit 1
traffic_start || exit 1
short_visits=/run/testbed/short-visits.yaml
# The driver counts the bytes: libbpf, whose messages would not arrive either, waits without end.
config "$short_visits" "descend: {$steady}" 'traffic: {source: nl80211}'

# fault CALL WHAT: from here on the daemon's system calls of this kind do not reach the kernel, but
# have WHAT for a result (strace's --inject).
fault() {
  strace -qq -o /dev/null -p "$daemon_pid" -e "trace=$1" -e "inject=$1:$2" &
  tracer=$!
}
fault_over() { { stop_process "$tracer" INT && wait "$tracer"; } 2>/dev/null; }

# The power alone does not tell: the law's visits are at the ceiling, too.
watchdog_acted() { [ "$(grep -c 'watchdog: the daemon hangs; putting' "$daemon_log")" -ge "$1" ]; }

status_is_fresh() { "$PIANISSIMO_BIN" status | grep -q 'as of [0-9]\.[0-9] s ago'; }

echo "# a kernel that takes requests and answers none"
daemon_start "$short_visits"
eventually 40 "the power is down" power_at_most 10
fault sendto retval=64
eventually 20 "the watchdog acts" watchdog_acted 1
eventually 3 "it puts the power back" power_is 20
check "the daemon says why" grep -q "the kernel answers nothing" "$daemon_log"
never 10 "below it" power_at_most 19
check "the daemon runs on" daemon_runs
fault_over
eventually 20 "it hears the kernel again" grep -q "the kernel answers again" "$daemon_log"
eventually 60 "and the power comes down again" power_at_most 10
fault sendto retval=64
eventually 20 "the watchdog acts again" watchdog_acted 2
eventually 3 "the power is back" power_is 20
# Each of its attempts waits for an answer, so that it takes longer than daemon_stop waits.
kill "$daemon_pid"
wait "$daemon_pid"
daemon_status=$?
fault_over
check "a daemon that could put nothing back says so: its status is 69, here $daemon_status" \
  test "$daemon_status" -eq 69
check "the power is the one found" power_is 20
check "restore has nothing against that" "$PIANISSIMO_BIN" restore
check "nor has a new start" daemon_start "$short_visits"
eventually 40 "the power is down" power_at_most 10

echo "# a kernel that loses messages"
fault recvfrom error=ENOBUFS:when=1+3
eventually 20 "it is said" grep -qi "no buffer space" "$daemon_log"
never 8 "above the power found" power_at_least 21
check "the daemon runs on" daemon_runs
fault_over
eventually 60 "the power is down" power_at_most 10
eventually 15 "and the status is fresh" status_is_fresh

echo "# the clock jumps"
before=$(journal_count '"type":"stations"')
date -s "+1 day" >/dev/null
sleep 7
check "a day later the status is no older" status_is_fresh
date -s "-3 days" >/dev/null
sleep 7
check "nor is it two days before" status_is_fresh
date -s "+2 days" >/dev/null
check "the daemon runs on" daemon_runs
eventually 10 "the power is down, but for a visit" power_at_most 10
check "the stations were read all the while" \
  test "$(journal_count '"type":"stations"')" -gt $((before + 20))
daemon_stop TERM
check "SIGTERM ends it with status 0" test "$daemon_status" -eq 0
check "the power found is back" power_is 20

finish
