#!/bin/bash
# endurance.sh [RESTARTS [CHANGES]]: the daemon is started and stopped so often (50), and each time the
# power is changed so often (20), while three stations have traffic: nobody is disassociated.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
restarts=${1:-50} changes=${2:-20}

scenario=$testbed_state/three.yaml
mkdir -p "$testbed_state"
{
  printf 'description: Three stations in one room.\nduration_s: 1800\nstations:\n'
  for loss in 56 62 68; do
    printf '  - path_loss: %d\n    traffic: {frames_per_second: 50, bytes: 1200}\n' "$loss"
  done
} >"$scenario"
testbed_up "$scenario" || exit 1
set_power 20 || exit 1
traffic_start || exit 1
config /run/testbed/loud.yaml 'policy: fixed'

stations() { iw dev "$ap_interface" station dump | grep -c '^Station'; }
events() { grep -cE "AP-STA-($1)" "$testbed_state/hostapd.log" || true; }
connected_s() { iw dev "$ap_interface" station dump | awk '/connected time/ { print $3 }' | sort -n | head -n 1; }

check "three stations are there" test "$(stations)" = 3
joins=$(events CONNECTED) leaves=$(events 'DISCONNECTED|POLL')
began=$SECONDS changed=0
RANDOM=1
for round in $(seq "$restarts"); do
  daemon_start /run/testbed/loud.yaml
  level=20
  for _ in $(seq "$changes"); do
    # Another level than the one there: 3 to 19 dBm.
    next=$((3 + RANDOM % 17))
    [ "$next" != "$level" ] || next=$((next == 19 ? 3 : next + 1))
    level=$next
    "$PIANISSIMO_BIN" ceiling "$level" >/dev/null || failed "round $round: a ceiling of $level dBm"
  done
  power_is "$level" || failed "round $round: the power is $level dBm"
  accepted=$(cat "$journal"* | grep -c '"answer":"accepted"')
  changed=$((changed + accepted))
  daemon_stop TERM
  [ "$daemon_status" = 0 ] || failed "round $round: the daemon ended with $daemon_status"
  power_is 20 || failed "round $round: the power found is back"
done
took=$((SECONDS - began))
echo "# $changed changes of power and $restarts restarts in $took s"
check "the power was changed $((restarts * changes)) times" test "$changed" -ge $((restarts * changes))
check "hostapd has seen nobody leave" test "$(events 'DISCONNECTED|POLL')" = "$leaves"
check "nor join" test "$(events CONNECTED)" = "$joins"
check "three stations are there" test "$(stations)" = 3
check "each has been connected since before the first start" test "$(connected_s)" -ge "$took"
receives_more() { [ "$(received_bytes "$1")" -gt "$2" ]; }
for number in 1 2 3; do
  eventually 30 "station $number still receives" receives_more "$number" "$(received_bytes "$number")"
done
finish
