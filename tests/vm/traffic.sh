#!/bin/bash
# Byte counters on a real mac80211 device: they agree with the driver's, survive what happens to an
# access point, leave nothing behind, and tell who is idle.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# Two near stations with traffic, and a far one without.
scenario=$testbed_state/scenario.yaml
mkdir -p "$testbed_state"
{ cat "$vm_tests/two-near.yaml" && printf '  - path_loss: 88\n    traffic: {frames_per_second: 0}\n'; } >"$scenario"
testbed_up "$scenario" || exit 1
set_power 20 || exit 1
traffic_start || exit 1
near=$(station_mac 1) second=$(station_mac 2) far=$(station_mac 3)

# filters: those of the counters, on both hooks.
filters() {
  { tc filter show dev "$1" ingress && tc filter show dev "$1" egress; } 2>/dev/null |
    grep -c 'direct-action' || true
}
has_filters() { [ "$(filters "$ap_interface")" -eq "$1" ]; }
counted_by() { journal_has "\"origin\":\"$1\""; }
# The last count of a station in the journal: the bytes sent to it.
counted_bytes() {
  grep '"type":"traffic"' "$journal" | tail -n 1 |
    sed -n "s/.*\"station\":\"$1\",\"tx_packets\":[0-9]*,\"tx_bytes\":\([0-9]*\).*/\1/p"
}
counts_more_than() { [ "$(counted_bytes "$1" || echo 0)" -gt "$2" ]; }

counting=/run/testbed/counting.yaml
config "$counting" 'policy: fixed'

echo "# on the stock kernel's wlan0"
daemon_start "$counting"
eventually 10 "our programs count" counted_by bpf
check "through clsact, as this driver and kernel have no more" journal_has 'clsact ingress'
check "one filter at each hook" has_filters 2
check "the status says so" sh -c "$PIANISSIMO_BIN status | grep -q 'counted by bpf'"
eventually 60 "two megabytes to the near station" counts_more_than "$near" 2000000
for station in "$near" "$second"; do
  # A frame between the two readings is more than 1 % of what little the stations send at first.
  eventually 30 "$station: the driver's counters agree" \
    "$vm_tests/agreement.py" "$journal" "$station"
  "$vm_tests/agreement.py" "$journal" "$station" | sed 's/^/# /'
done
check "no disagreement was said" sh -c "! grep -q 'the driver has counted' $daemon_log"

echo "# without the privilege for BPF"
daemon_stop TERM
rm -f "$journal"*
setpriv --bounding-set -bpf,-perfmon,-sys_admin "$PIANISSIMO_BIN" run -c "$counting" \
  >>"$daemon_log" 2>&1 &
daemon_pid=$!
eventually 20 "the driver's counters serve" counted_by nl80211
check "and it is said why" journal_has 'needs CAP_BPF'
check "the status says so" sh -c "$PIANISSIMO_BIN status | grep -q 'counted by nl80211'"
daemon_stop TERM
check "it ends with status 0" test "$daemon_status" -eq 0
daemon_start "$counting"
eventually 10 "our programs count" counted_by bpf

echo "# SIGKILL, and a start after it"
daemon_stop KILL
check "a killed run's filters stay" has_filters 2
daemon_start "$counting"
eventually 10 "our programs count again" counted_by bpf
check "there is one at each hook, not two" has_filters 2

echo "# SIGKILL, and restore"
daemon_stop KILL
restored=/run/testbed/restored.log
setpriv --bounding-set -bpf,-perfmon,-sys_admin "$PIANISSIMO_BIN" restore >"$restored" 2>&1
check "without the privilege it ends with status 77" test $? -eq 77
check "and says what stays, and why" grep -q 'priority 49000.*needs CAP_SYS_ADMIN' "$restored"
check "but the power is back" test ! -e /run/pianissimo/found.json
check "the filters are still there" has_filters 2
check "with it, restore succeeds" "$PIANISSIMO_BIN" restore
check "and takes them away" has_filters 0
check "then there is nothing to put back" sh -c "$PIANISSIMO_BIN restore | grep -q '^nothing'"
daemon_start "$counting"
eventually 10 "our programs count" counted_by bpf

echo "# somebody removes the qdisc"
tc qdisc del dev "$ap_interface" clsact
eventually 20 "it is noticed" grep -q 'a hook of the traffic counters is gone' "$daemon_log"
eventually 10 "and attached anew" has_filters 2

echo "# hostapd restarts"
restart_hostapd
for number in 1 2 3; do wait_for 60 "station $number" station_associated "$number"; done
traffic_restart
check "the filters are there" has_filters 2
eventually 30 "and count" counts_more_than "$near" 100000

echo "# the interface is deleted and comes back"
delete_ap_interface
eventually 20 "the daemon notices" journal_has '"type":"interface_gone"'
recreate_ap_interface
for number in 1 2 3; do wait_for 90 "station $number" station_associated "$number"; done
traffic_restart
eventually 20 "the new one has its filters" has_filters 2
eventually 30 "and they count" counts_more_than "$near" 100000
daemon_stop TERM
check "SIGTERM takes the filters away" has_filters 0
set_power 20 # the interface that came back brought its own

echo "# a 4-address station has a device of its own"
station_leaves 2
ip netns exec sta2 iw dev wlan2 set 4addr on
# Behind it is a bridge with another address: its frames never carry the station's.
ip -n sta2 link set wlan2 up
ip -n sta2 link add name br0 address 02:00:00:00:be:ef type bridge
ip -n sta2 address flush dev wlan2
ip -n sta2 address add 10.9.0.2/24 dev br0
ip -n sta2 link set br0 up
stop_hostapd
echo 'wds_sta=1' >>"$testbed_state/hostapd.conf"
start_hostapd
station_returns 2 start
own_device() { find /sys/class/net -name "$ap_interface.sta*" -printf '%f\n' | grep .; }
wait_for 60 "a device for station 2" own_device
own_device=$(own_device)
ip -n sta2 link set wlan2 master br0
ip address add 10.9.0.1/24 dev "$own_device"
ip link set "$own_device" up
daemon_start "$counting"
eventually 10 "our programs count there too" journal_has '1 VLAN device'
check "one filter at each of its hooks" test "$(filters "$own_device")" -eq 2
eventually 30 "the bridge behind it answers" ping -c 1 -W 1 10.9.0.2
ping -q -c 200 -i 0.01 -s 1000 10.9.0.2 >/dev/null
eventually 10 "its traffic is the station's" counts_more_than "$second" 200000
check "the driver's counters agree" "$vm_tests/agreement.py" "$journal" "$second"
"$vm_tests/agreement.py" "$journal" "$second" | sed 's/^/# /'
daemon_stop KILL
check "restore succeeds" "$PIANISSIMO_BIN" restore
check "a killed run's filters are gone there too" test "$(filters "$own_device")" -eq 0

# An idle far station must not hold the power up, and a busy one must be heard. Long visits, since
# the original's 60 ms show nothing.
heard() {
  echo "# an idle far station, counted by $1"
  local file=/run/testbed/$1.yaml
  config "$file" "traffic: {source: $1}" \
    "descend: {$steady, step_dwell_ms: 300, watch_dwell_ms: 500, probe: {every: 3, dwell_ms: 1000}}"
  daemon_start "$file"
  eventually 10 "counted by $1" counted_by "$1"
  eventually 60 "the power comes down for the near one" power_at_most 5
  check "the far one decided nothing" sh -c \
    "! grep '\"type\":\"decision\"' $journal | grep -q '\"evidence\":{\"station\":\"$far\"'"
  ping -q -i 0.01 -s 1000 "$(station_address 3)" >/dev/null 2>&1 &
  local busy=$!
  eventually 90 "once it is busy, the far one takes the power up" journal_has \
    "\"reason\":\"visit_failed\".*\"station\":\"$far\""
  stop_process "$busy"
  daemon_stop TERM
  check "the power found is back" power_is 20
}
stop_hostapd
sed -i '/^wds_sta/d' "$testbed_state/hostapd.conf"
start_hostapd
traffic_stop
for number in 1 3; do wait_for 60 "station $number" station_associated "$number"; done
station_count=1 traffic_start
heard bpf
check "no filter is left" has_filters 0
heard nl80211
check "and none was ever there" sh -c "! grep -q '\"origin\":\"bpf\"' $journal"

finish
