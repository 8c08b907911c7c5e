#!/bin/bash
# The daemon on a real mac80211 with Minstrel-HT: what it must do, and what it must survive.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

testbed_up "$vm_tests/two-near.yaml" || exit 1
set_power 20 || exit 1
traffic_start || exit 1

short_visits=/run/testbed/short-visits.yaml
config "$short_visits" "descend: {$steady}"
# The kernel's estimate needs half a second to show a change: the published 60 ms show nothing.
slow_visits=/run/testbed/slow-visits.yaml
config "$slow_visits" \
  "descend: {$steady, step_dwell_ms: 300, watch_dwell_ms: 500, probe: {every: 3, dwell_ms: 1000}}"

echo "# converges, and puts the power back on SIGTERM"
check "probe names the driver" sh -c "$PIANISSIMO_BIN probe --json | grep -q mac80211_hwsim"
nobodys=$(mktemp -d)
chown 65534:65534 "$nobodys"
setpriv --reuid 65534 --regid 65534 --clear-groups "$PIANISSIMO_BIN" run -c "$short_visits" \
  --state-dir "$nobodys" >/dev/null 2>&1
check "without the privilege it ends with status 77" test $? -eq 77
daemon_start "$short_visits"
eventually 40 "a near station's power comes down by 10 dB" power_at_most 10
check "the power found is on disk" grep -q '"power_mbm":2000' /run/pianissimo/found.json
nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
"${nobody[@]}" "$PIANISSIMO_BIN" status >/run/testbed/status.log 2>&1
check "another user may not read the status" test $? -eq 77
check "but learns that the daemon runs" grep -q "pianissimo runs (pid $daemon_pid)" /run/testbed/status.log
elsewhere=/run/testbed/elsewhere
refused=/run/testbed/refused.log
"$PIANISSIMO_BIN" run -c "$short_visits" --state-dir "$elsewhere" >"$refused" 2>&1
check "one with another state directory ends with status 69" test $? -eq 69
check "and says who has the radio" grep -q "another pianissimo drives this radio (pid $daemon_pid" "$refused"
cp -r /run/pianissimo "$elsewhere.copy"
"$PIANISSIMO_BIN" restore --state-dir "$elsewhere.copy" >"$refused" 2>&1
check "restore with another's note ends with status 69" test $? -eq 69
check "and keeps it" test -e "$elsewhere.copy/found.json"
check "a second instance is refused" sh -c "! $PIANISSIMO_BIN run -c $short_visits"
check "restore beside a running daemon is refused" sh -c "! $PIANISSIMO_BIN restore"
daemon_stop TERM
check "SIGTERM ends it with status 0" test "$daemon_status" -eq 0
check "the power found is back" power_is 20
check "nothing is left to put back" test ! -e /run/pianissimo/found.json

echo "# SIGKILL"
daemon_start "$short_visits"
eventually 40 "the power is down again" power_at_most 10
daemon_stop KILL
check "the lowered power stays after SIGKILL" power_at_most 10
"${nobody[@]}" "$PIANISSIMO_BIN" status >/run/testbed/status.log 2>&1
check "another user learns that it is dead" test $? -eq 69
check "restore succeeds" "$PIANISSIMO_BIN" restore
check "the power found is back" power_is 20
daemon_start "$short_visits"
eventually 40 "the power is down" power_at_most 10
daemon_stop KILL
daemon_start "$short_visits"
check "a new start after SIGKILL finds 20 dBm" journal_has '"found_dbm":20,'
daemon_stop INT
check "and puts it back" power_is 20

echo "# a daemon that hangs, or dies without a word"
daemon_start "$short_visits"
eventually 40 "the power is down" power_at_most 10
kill -STOP "$daemon_pid"
set_path_loss all 98
eventually 15 "the watchdog puts the power back" power_is 20
never 60 "below it" power_at_most 19
set_path_loss all 56
kill -CONT "$daemon_pid"
eventually 60 "it goes on" power_at_most 10
for signal in USR1 USR2 ALRM PIPE; do kill -s "$signal" "$daemon_pid"; done
sleep 1
check "signals without a meaning are ignored" daemon_runs
for signal in QUIT ABRT; do
  daemon_stop "$signal"
  check "SIG$signal ends it with status 0" test "$daemon_status" -eq 0
  check "the power found is back" power_is 20
  daemon_start "$short_visits"
  eventually 40 "the power is down" power_at_most 10
done
for signal in SEGV KILL; do
  kill -s "$signal" "$daemon_pid"
  eventually 15 "after SIG$signal the watchdog puts the power back" power_is 20
  eventually 5 "and its note is gone" test ! -e /run/pianissimo/found.json
  [ "$signal" = KILL ] || daemon_start "$short_visits"
  [ "$signal" = KILL ] || eventually 40 "the power is down" power_at_most 10
done

echo "# restore trusts nothing"
note=/run/pianissimo/found.json
daemon_start "$short_visits"
eventually 40 "the power is down" power_at_most 10
daemon_stop KILL
cp "$note" /run/testbed/note.json
sed 's/"power_mbm":2000/"power_mbm":999900/' /run/testbed/note.json >"$note"
check "an impossible power is refused" sh -c "$PIANISSIMO_BIN restore; [ \$? -eq 65 ]"
check "and so is a start" sh -c "$PIANISSIMO_BIN run -c $short_visits; [ \$? -eq 65 ]"
check "the power stays" power_at_most 10
sed 's/"power_mbm":2000/"power_mbm":3500/' /run/testbed/note.json >"$note"
check "one above the channel's maximum is cut" \
  sh -c "$PIANISSIMO_BIN restore | grep -q ': 2[0-9] dBm again'"
set_power 20
rm -f "$note" && mkfifo "$note"
check "a pipe is not waited for" sh -c "timeout 10 $PIANISSIMO_BIN restore; [ \$? -eq 65 ]"
rm -f "$note"

echo "# a dry run"
daemon_start "$short_visits" --dry-run
eventually 40 "it decides to go down" journal_has '"reason":"step_down"'
check "but the power stays" power_is 20
check "and nothing is saved" test ! -e /run/pianissimo/found.json
daemon_stop TERM

echo "# somebody else lowers the power"
# set_power is what an operator does. The law is at the floor, or anywhere below the limit.
daemon_start "$short_visits"
eventually 40 "the power is at the floor" power_is 1
set_power 5
eventually 20 "it is said" grep -q "set 5 dBm: nothing goes above" "$daemon_log"
check "the journal has it" journal_has '"reason":"limited"'
never 12 "above it" power_at_least 6
kill -HUP "$daemon_pid"
never 12 "above it after a reload" power_at_least 6
daemon_stop TERM
check "SIGTERM leaves it" power_is 5
set_power 20
daemon_start "$short_visits"
eventually 40 "the power is at the floor" power_is 1
set_power 7
daemon_stop TERM
check "one that was set just before SIGTERM stays" power_is 7
set_power 20
daemon_start "$short_visits"
eventually 40 "the power is at the floor" power_is 1
iw dev "$ap_interface" set txpower limit 600
eventually 20 "a limit is a limit" grep -q "set 6 dBm: nothing goes above" "$daemon_log"
phy=$(cat "/sys/class/net/$ap_interface/phy80211/name")
iw phy "$phy" set txpower fixed 500
eventually 20 "for the whole radio, too" grep -q "set 5 dBm: nothing goes above" "$daemon_log"
never 8 "above it" power_at_least 6
daemon_stop TERM
check "and stays" power_is 5
iw phy "$phy" set txpower auto
set_power 20

echo "# automatic power is given back as such"
iw dev "$ap_interface" set txpower auto
found=$(current_power)
daemon_start "$short_visits"
eventually 40 "the power is down" power_at_most 10
daemon_stop TERM
check "the power found is back" power_is "$found"
check "as automatic" grep -q "automatic again, $found dBm" "$daemon_log"
daemon_start "$short_visits"
eventually 40 "the power is down" power_at_most 10
daemon_stop KILL
check "restore gives it back" "$PIANISSIMO_BIN" restore
check "as it was" power_is "$found"

echo "# a power that is not plausible"
set_power 3
daemon_start "$short_visits" --dry-run || true
check "probe says that it is not driven" sh -c "$PIANISSIMO_BIN probe | grep -q 'not to be driven'"
check "so does the log" grep -q "not driven: its driver reports 3 dBm" "$daemon_log"
daemon_stop TERM
"$PIANISSIMO_BIN" run -c "$short_visits" >>"$daemon_log" 2>&1 &
daemon_pid=$!
eventually 20 "so does status" sh -c "$PIANISSIMO_BIN status | grep -q 'not driven: .*box.ceiling_dbm'"
never 8 "written" power_at_least 4
daemon_stop TERM
check "it stays as it was" power_is 3
by_hand=/run/testbed/by-hand.yaml
config "$by_hand" "descend: {$steady}" 'box: {ceiling_dbm: 12}'
daemon_start "$by_hand"
check "below a ceiling by hand it is driven" journal_has '"found_dbm":12'
daemon_stop TERM
check "and given back as automatic" power_is "$found"
set_power 20

echo "# SIGHUP"
reloaded=/run/testbed/reloaded.yaml
config "$reloaded" "descend: {$steady}"
daemon_start "$reloaded"
eventually 40 "the power is at the floor" power_is 1
config "$reloaded" "descend: {$steady}" 'box: {flor_dbm: 12}'
kill -HUP "$daemon_pid"
eventually 10 "a bad file is refused" grep -q "configuration in force stays" "$daemon_log"
check "and it runs on" daemon_runs
config "$reloaded" "descend: {$steady}" 'box: {floor_dbm: 12}'
kill -HUP "$daemon_pid"
eventually 40 "a good one is obeyed" power_is 12
daemon_stop TERM

echo "# the channel gets worse"
daemon_start "$slow_visits"
eventually 60 "the power is down" power_at_most 8
set_path_loss all 98
eventually 90 "a visit shows the loss" journal_has '"reason":"visit_failed"'
eventually 60 "and the power climbs" power_at_least 12
set_path_loss all 56

echo "# the default law"
daemon_stop TERM
anchored=/run/testbed/anchored.yaml
config "$anchored" 'policy: anchor'
daemon_start "$anchored"
# How fast depends on how many of their frames a busy host lets the guest send.
eventually 300 "the power comes down" power_at_most 18
set_path_loss all 88
eventually 30 "and up again when the path gets worse" power_at_least 19
check "the journal says why" journal_has '"reason":"losses"\|"reason":"throughput_fell"\|"reason":"signal_fell"'
daemon_stop TERM
check "the power found is back" power_is 20
set_path_loss all 56
daemon_start "$slow_visits"

echo "# a station leaves during a visit"
eventually 90 "the power is down again" power_at_most 8
eventually 60 "a visit" power_is 20
station_leaves 2
eventually 30 "the visit ends" power_at_most 19
check "it runs on" daemon_runs
station_returns 2
daemon_stop TERM
check "the power found is back" power_is 20

echo "# hostapd restarts"
traffic_restart
daemon_start "$short_visits"
eventually 40 "the power is down" power_at_most 10
restart_hostapd
wait_for 60 "station 1" station_associated 1 && wait_for 60 "station 2" station_associated 2
traffic_restart
eventually 60 "it comes down again" power_at_most 10
check "it runs on" daemon_runs

echo "# the interface is deleted and comes back"
delete_ap_interface
eventually 20 "the daemon notices" journal_has '"type":"interface_gone"'
check "it runs on" daemon_runs
recreate_ap_interface
wait_for 90 "station 1" station_associated 1 && wait_for 90 "station 2" station_associated 2
traffic_restart
eventually 60 "it comes down again" power_at_most 10
daemon_stop TERM
# With a power of its own, as `wifi reload` gives it.
set_power 20
daemon_start "$short_visits"
eventually 40 "the power is down" power_at_most 10
delete_ap_interface
eventually 20 "the daemon notices" journal_has '"type":"interface_gone"'
iw phy "$access_point_phy" interface add "$ap_interface" type managed
iw dev "$ap_interface" set txpower fixed 1000
start_hostapd
wait_for 90 "station 1" station_associated 1 && wait_for 90 "station 2" station_associated 2
traffic_restart
eventually 20 "its power is the one found" journal_has '"found_dbm":10'
never 12 "above it" power_at_least 11
daemon_stop TERM
check "and what is put back" power_is 10
set_power 20
daemon_start "$short_visits"

echo "# a channel switch"
switch_channel 149
eventually 20 "the daemon notices" journal_has '"frequency_mhz":5745'
eventually 60 "it is down on the new channel" power_at_most 10
check "no power above the one found" sh -c "! grep -q '\"asked_dbm\":2[1-9]' $journal"
daemon_stop TERM
check "SIGTERM ends it with status 0" test "$daemon_status" -eq 0
check "the power found is back" power_is 20

finish
