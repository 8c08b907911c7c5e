#!/bin/bash
# In the guest: 16 real stations, a minute's work, and what the daemon then takes.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
scenario=$testbed_state/sixteen.yaml
mkdir -p "$testbed_state"
{
  printf 'description: Sixteen stations with little traffic.\nduration_s: 600\nstations:\n'
  for _ in $(seq 16); do
    printf '  - path_loss: 60\n    traffic: {frames_per_second: 20, bytes: 1200}\n'
  done
} >"$scenario"
testbed_up "$scenario" || exit 1
set_power 20 && traffic_start || exit 1
config /run/testbed/sixteen-stations.yaml
daemon_start /run/testbed/sixteen-stations.yaml
eventually 240 "its journal has been rotated three times" test -e "$journal.3"
awk '/^VmRSS|^RssAnon/ { sub(":", "", $1); printf "%s\"%s_kb\": %d", comma, tolower($1), $2; comma = ", " }' \
  "/proc/$daemon_pid/status" >"$VM_SHARE/memory"
cat "$VM_SHARE/memory" && echo
daemon_stop TERM
finish
