#!/bin/bash
# hostapd, the regulatory domain, the channel and the operator move the power or its limits while the
# daemon runs: it never goes above the lowest limit in force, and what is put back is right.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

testbed_up "$vm_tests/two-near.yaml" || exit 1
set_power 20 || exit 1
traffic_start || exit 1

# The loudest law: whatever it is kept from shows.
loud=/run/testbed/loud.yaml
config "$loud" 'policy: fixed'
# The quietest: what it puts back shows.
quiet=/run/testbed/quiet.yaml
config "$quiet" 'policy: fixed' 'fixed: {level: min}'

# asked_above DBM SINCE: since that line of the journal we have asked for more than so many dBm.
asked_above() {
  tail -n "+$(($2 + 1))" "$journal" | grep -o '"asked_dbm":[0-9]*' | cut -d: -f2 |
    awk -v most="$1" '$1 > most { found = 1 } END { exit !found }'
}
never_asked_above() { ! asked_above "$@"; }
journal_lines() { wc -l <"$journal"; }
channel_maximum_is() {
  iw phy "$phy" channels | grep -A 3 "^	\* $1 MHz" | grep -q "Maximum TX power: $2.0 dBm"
}
nobody_set_a_power() { ! grep -qE 'somebody else|\(pid [0-9]+\) set' "$daemon_log"; }
phy=$(cat "/sys/class/net/$ap_interface/phy80211/name")
stations_are_there() {
  wait_for 90 "station 1" station_associated 1 && wait_for 90 "station 2" station_associated 2
}

# Channel 149 (5745 MHz): 30 dBm in the United States, 13 dBm in Germany. Channel 36: 20 dBm or more in
# both.
echo "# another country allows less"
switch_channel 149
stations_are_there
daemon_start "$loud"
check "the power is the one found" power_is 20
regulatory_domain DE
check "this country allows 13 dBm" channel_maximum_is 5745 13
eventually 20 "the power is not above that" power_is 13
before=$(journal_lines)
never 8 "above it" power_at_least 14
check "nor is more asked for" never_asked_above 13 "$before"
check "that is nobody's limit" nobody_set_a_power
regulatory_domain US
eventually 20 "back home the power is the one found again" power_is 20
never 6 "above it" power_at_least 21
regulatory_domain DE
eventually 20 "there again it is 13 dBm" power_is 13
regulatory_domain US
eventually 20 "and here again 20 dBm" power_is 20
daemon_stop TERM
check "it is put back" power_is 20

echo "# a country that allows less, at the end"
daemon_start "$quiet"
eventually 20 "the power is down" power_is 1
regulatory_domain DE
sleep 1
daemon_stop TERM
check "what is put back is what this country allows" power_is 13
check "nothing is left to put back" test ! -e /run/pianissimo/found.json
set_power 10
daemon_start "$quiet"
eventually 20 "the power is down" power_is 1
regulatory_domain US
sleep 1
daemon_stop TERM
check "a country that allows more makes nothing louder" power_is 10
set_power 20

echo "# the same, for whom is killed"
daemon_start "$quiet"
eventually 20 "the power is down" power_is 1
regulatory_domain DE
daemon_stop KILL
check "restore succeeds" "$PIANISSIMO_BIN" restore
check "what it puts back is what this country allows" power_is 13
regulatory_domain US
set_power 20

echo "# automatic power in another country"
iw dev "$ap_interface" set txpower auto
daemon_start "$quiet"
eventually 20 "the power is down" power_is 1
regulatory_domain DE
sleep 1
daemon_stop TERM
check "it is automatic again there" grep -q "automatic again" "$daemon_log"
check "and within what is allowed" power_is 13
regulatory_domain US
iw dev "$ap_interface" set txpower auto
check "and here it is this country's maximum" power_is 30
set_power 20

echo "# a channel with a lower limit, and back"
regulatory_domain DE
switch_channel 36
stations_are_there
set_power 20
daemon_start "$loud"
check "channel 36 allows 20 dBm" power_is 20
before=$(journal_lines)
switch_channel 149
eventually 20 "channel 149 does not" power_is 13
after=$(grep -n '"frequency_mhz":5745' "$journal" | tail -n 1 | cut -d: -f1)
check "nor is more asked for" never_asked_above 13 "${after:-$before}"
switch_channel 36
eventually 20 "back there it is the power found" power_is 20
daemon_stop TERM
check "it is put back" power_is 20
daemon_start "$quiet"
eventually 20 "the power is down" power_is 1
switch_channel 149
daemon_stop TERM
check "what is put back on channel 149 is what it allows" power_is 13
switch_channel 36
regulatory_domain US
stations_are_there
set_power 20

echo "# hostapd reads its configuration anew"
daemon_start "$quiet"
eventually 20 "the power is down" power_is 1
access_point_control reload
wait_for 30 "the access point" access_point_enabled
stations_are_there
eventually 30 "the power is down again" power_is 1
never 8 "above the one found" power_at_least 21
access_point_control disable
eventually 20 "when it is switched off the daemon notices" journal_has '"type":"interface_gone"'
access_point_control enable
wait_for 30 "the access point" access_point_enabled
eventually 30 "and when it is on again the power is down" power_is 1
check "that is nobody's limit" nobody_set_a_power
daemon_stop TERM
check "the power found is back" power_is 20
daemon_start "$quiet"
eventually 20 "the power is down" power_is 1
stop_hostapd
daemon_stop TERM
check "SIGTERM ends it without an access point, too" test "$daemon_status" -eq 0
start_hostapd
check "and the power found is back" power_is 20
stations_are_there

echo "# the operator sets automatic, limited and fixed powers"
daemon_start "$quiet"
eventually 20 "the power is down" power_is 1
iw dev "$ap_interface" set txpower auto
eventually 20 "automatic lifts no limit" power_is 1
daemon_stop TERM
check "the power found is back" power_is 20
set_power 15
: >"$daemon_log"
daemon_start "$loud"
iw dev "$ap_interface" set txpower auto
eventually 20 "nor does it where we are at the limit" grep -q "highest power stays 15 dBm" "$daemon_log"
eventually 20 "and the power is that again" power_is 15
iw dev "$ap_interface" set txpower fixed 1800
eventually 20 "a higher power lifts none" power_is 15
iw dev "$ap_interface" set txpower limit 1200
eventually 20 "a lower one is a limit" grep -q "iw (pid [0-9]*) set 12 dBm: nothing goes above" "$daemon_log"
iw dev "$ap_interface" set txpower auto
eventually 20 "which automatic does not lift, either" power_is 12
before=$(journal_lines)
never 8 "above it" power_at_least 13
check "nor is more asked for" never_asked_above 12 "$before"
regulatory_domain DE
never 8 "above it in another country" power_at_least 13
daemon_stop TERM
check "it is what is put back" power_is 12
regulatory_domain US

echo "# who sets a power is named"
set_power 20
: >"$daemon_log"
daemon_start "$quiet"
check "the kernel tells who sets a power" sh -c "! grep -q 'not by whom' $daemon_log"
eventually 20 "the power is down" power_is 1
iw dev "$ap_interface" set txpower fixed 1500
eventually 10 "the log names iw" grep -q ": iw (pid [0-9]*) set 15 dBm: nothing goes above" "$daemon_log"
eventually 10 "and so does the journal" journal_has '"set_by":{"name":"iw","pid":[0-9]*}'
eventually 10 "and so does the status" \
  sh -c "$PIANISSIMO_BIN status | grep -q 's ago iw (pid [0-9]*) set 15 dBm'"
eventually 20 "the power is down" power_is 1
# Debian's hostapd sets no power itself: this is iw under its name.
mkdir /run/testbed/bin
cp "$(command -v iw)" /run/testbed/bin/hostapd
/run/testbed/bin/hostapd dev "$ap_interface" set txpower fixed 700
eventually 10 "the log names hostapd" grep -q ": hostapd (pid [0-9]*) set 7 dBm: nothing goes" "$daemon_log"
eventually 20 "the power is down" power_is 1
/run/testbed/bin/hostapd phy "$phy" set txpower auto
eventually 10 "and who sets automatic power" grep -q ": hostapd (pid [0-9]*) set automatic power" "$daemon_log"
eventually 20 "the power is down" power_is 1
check "150 mBm are refused" sh -c "! iw dev $ap_interface set txpower fixed 150"
sleep 1
check "and are nobody's limit" sh -c "! grep -q 'set 1.*dBm: nothing goes above that.*(7 dBm' $daemon_log"
iw dev "$ap_interface" set txpower fixed 100
eventually 10 "a level that is ours, too, is a limit" grep -q ": iw (pid [0-9]*) set 1 dBm: nothing goes" "$daemon_log"
check "what we set is not told" sh -c "! grep -q 'pianissimo (pid' $daemon_log"
daemon_stop TERM
check "the last limit is what is put back" power_is 1

echo "# the same without CAP_PERFMON"
set_power 20
: >"$daemon_log"
cat >/run/testbed/without-perfmon <<SH
#!/bin/sh
exec setpriv --bounding-set -perfmon,-sys_admin $PIANISSIMO_BIN "\$@"
SH
chmod +x /run/testbed/without-perfmon
PIANISSIMO_BIN=/run/testbed/without-perfmon daemon_start "$quiet"
check "it is said why nobody is named" grep -q "not by whom: .*needs CAP_BPF and CAP_PERFMON" "$daemon_log"
eventually 20 "the power is down" power_is 1
iw dev "$ap_interface" set txpower fixed 1500
eventually 4 "a lower power is found within a second" grep -q "somebody else set 15 dBm" "$daemon_log"
daemon_stop TERM
check "it is what is put back" power_is 15

finish
