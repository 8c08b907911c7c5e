#!/bin/bash
# A station and a mesh point drive their own power, if they are named: the access point and the mesh
# peer are their stations.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

testbed_up "$vm_tests/two-near.yaml" || exit 1

# The daemon and iw where station 1 is: the checks of lib.sh are about wlan1 there.
pianissimo=$PIANISSIMO_BIN
cat >/run/testbed/in-sta1 <<SH
#!/bin/sh
exec ip netns exec sta1 $pianissimo "\$@"
SH
chmod +x /run/testbed/in-sta1
PIANISSIMO_BIN=/run/testbed/in-sta1
whose_power=(ip netns exec sta1 iw dev wlan1)
current_power() {
  "${whose_power[@]}" info | awk '$1 == "txpower" { print int($2); found = 1 } END { exit !found }'
}

# send ADDRESS [COMMAND...]: frames that are acknowledged; the command runs ping where it is.
send() {
  "${@:2}" ping -q -i 0.005 -s 1200 "$1" >"$testbed_state/ping.log" 2>&1 &
  ping_pid=$!
}

echo "# a station"
ip netns exec sta1 iw dev wlan1 set txpower fixed 2000
eventually 5 "it sends with 20 dBm" power_is 20
check "probe says the mode" sh -c "$PIANISSIMO_BIN probe | grep -q 'mode  *station (driven only if'"
check "and what its access point's beacons say of power" \
  sh -c "$PIANISSIMO_BIN probe | grep -q 'power constraint  *.*(by the access point.s beacons)'"
send "$ap_address" ip netns exec sta1
everybody=/run/testbed/everybody.yaml
echo "policy: descend" >"$everybody"
"$PIANISSIMO_BIN" run -c "$everybody" >>"$daemon_log" 2>&1 &
daemon_pid=$!
eventually 10 "without a name it is left alone" grep -q "no interface to drive is up yet" "$daemon_log"
never 3 "with less power" power_at_most 19
daemon_stop TERM
named=/run/testbed/named.yaml
ap_interface=wlan1 config "$named" "descend: {$steady}"
daemon_start "$named"
eventually 40 "with its name its power comes down by 10 dB" power_at_most 10
check "its access point is its station" journal_has "\"station\":\"$(station_mac 0)\",\"expected_bps\""
check "the log says the mode" grep -q "wlan1: station mode, mac80211_hwsim" "$daemon_log"
eventually 8 "so does the status" sh -c "$PIANISSIMO_BIN status | grep -q '^wlan1: station mode'"
check "and who counts the bytes" \
  sh -c "$PIANISSIMO_BIN status | grep -q 'traffic counted by nl80211: in station mode'"
kick_station 1
eventually 20 "without its access point it is gone" journal_has '"type":"interface_gone"'
wait_for 60 "station 1" station_associated 1
eventually 40 "with it the power is down again" power_at_most 10
check "that is nobody's limit" sh -c "! grep -q 'somebody else' $daemon_log"
daemon_stop TERM
check "SIGTERM ends it with status 0" test "$daemon_status" -eq 0
check "the power found is back" power_is 20
daemon_start "$named"
eventually 40 "the power is down" power_at_most 10
stop_process "$ping_pid"
stop_hostapd
eventually 20 "the access point goes" grep -q "wlan1: gone" "$daemon_log"
daemon_stop TERM
check "what was found is put back without it, too" grep -q "wlan1: 20 dBm again" "$daemon_log"

echo "# a mesh point"
PIANISSIMO_BIN=$pianissimo
station_leaves 1
station_leaves 2
# mesh_up COMMAND...: makes a mesh point of an interface; the command runs where it is.
mesh_up() {
  local interface=$1
  "${@:2}" ip link set "$interface" down
  "${@:2}" iw dev "$interface" set type mp && "${@:2}" ip link set "$interface" up &&
    "${@:2}" iw dev "$interface" mesh join pianissimo freq 5180 HT20
}
mesh_up wlan0 || failed "a mesh point at the access point"
mesh_up wlan1 ip netns exec sta1 || failed "a mesh point at station 1"
whose_power=(iw dev wlan0)
peers() { iw dev wlan0 station dump | grep -q 'mesh plink:[[:space:]]*ESTAB'; }
eventually 60 "they peer" peers
ip address replace "$ap_address/16" dev wlan0
set_power 20
check "probe says the mode" sh -c "$PIANISSIMO_BIN probe | grep -q 'mode  *mesh (driven only if'"
ping_to_peer() { ping -q -c 1 -W 1 "$(station_address 1)"; }
eventually 30 "they talk" ping_to_peer
send "$(station_address 1)"
config "$named" "descend: {$steady}"
daemon_start "$named"
eventually 40 "its power comes down by 10 dB" power_at_most 10
check "its peer is its station" journal_has "\"station\":\"$(station_mac 1)\",\"expected_bps\""
eventually 8 "the status says the mode" sh -c "$PIANISSIMO_BIN status | grep -q '^wlan0: mesh mode'"
daemon_stop TERM
check "the power found is back" power_is 20
stop_process "$ping_pid"

finish
