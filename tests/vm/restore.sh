#!/bin/bash
# SIGKILL at 20 random moments, then `pianissimo restore`: the power is back, each time.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

testbed_up "$vm_tests/two-near.yaml" || exit 1
set_power 20 || exit 1
traffic_start || exit 1
original=/run/testbed/original.yaml
config "$original"

RANDOM=1 # the moments are the same in every run, as far as a machine's timing allows
for round in $(seq 20); do
  "$PIANISSIMO_BIN" run -c "$original" >>"$daemon_log" 2>&1 &
  daemon_pid=$!
  sleep "$((RANDOM % 5)).$((RANDOM % 10))"
  power=$(current_power)
  daemon_stop KILL
  killed_at=$(current_power)
  "$PIANISSIMO_BIN" restore >>"$daemon_log" 2>&1
  check "round $round: $power dBm, killed at $killed_at dBm, back at $(current_power) dBm" power_is 20
done

finish
