#!/bin/bash
# An operator asks the running daemon for things through the control socket: hold, resume, ceiling, why.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

testbed_up "$vm_tests/two-near.yaml" || exit 1
set_power 20 || exit 1
traffic_start || exit 1

# The quietest law goes down at once and the loudest up: what holds them shows.
quiet=/run/testbed/quiet.yaml
config "$quiet" 'policy: fixed' 'fixed: {level: min}'
loud=/run/testbed/loud.yaml
config "$loud" 'policy: fixed'
# The law of everyday use, whose power moves.
everyday=/run/testbed/everyday.yaml
config "$everyday" 'policy: anchor'

pianissimo() { "$PIANISSIMO_BIN" "$@"; }
socket=/run/pianissimo/control

echo "# the socket"
check "without a daemon 'hold' says so" sh -c "$PIANISSIMO_BIN hold; [ \$? -eq 69 ]"
daemon_start "$loud"
eventually 10 "it is there" test -S "$socket"
check "it is for its owner and group" sh -c "[ \$(stat -c %a $socket) = 660 ]"
check "nobody else may use it" \
  sh -c "setpriv --reuid 65534 --regid 65534 --clear-groups $PIANISSIMO_BIN hold; [ \$? -eq 77 ]"

echo "# a ceiling"
check "the power is the one found" power_is 20
check "a ceiling is taken" pianissimo ceiling 12
eventually 10 "the power is not above it" power_is 12
never 5 "above it" power_at_least 13
check "the status says whose it is" sh -c "$PIANISSIMO_BIN status | grep -q 'user 0 (pid [0-9]*) allows at most 12 dBm'"
check "so does the journal" journal_has '"type":"ceiling".*"ceiling_dbm":12'
check "one above the box is cut, and that is said" \
  sh -c "$PIANISSIMO_BIN ceiling 36 | grep -q '20 dBm stays the highest'"
eventually 10 "the power is the one found" power_is 20
never 3 "above it" power_at_least 21
check "37 dBm are no level" sh -c "! $PIANISSIMO_BIN ceiling 37"
check "it is lifted" pianissimo ceiling auto

echo "# a reload"
check "a ceiling is taken" pianissimo ceiling 9
eventually 10 "the power is not above it" power_is 9
check "the configuration is read anew" pianissimo reload
eventually 20 "the ceiling is still in force" power_is 9
never 3 "above it" power_at_least 10
echo 'policy: loudly' >>"$loud"
check "a bad configuration is refused" sh -c "$PIANISSIMO_BIN reload; [ \$? -eq 78 ]"
check "and what was in force stays" power_is 9
daemon_stop TERM
check "the power found is back" power_is 20
check "the socket is gone" test ! -e "$socket"

echo "# hold and resume"
daemon_start "$everyday"
check "the ceiling did not outlive the daemon" sh -c "! $PIANISSIMO_BIN status | grep -q 'allows at most'"
eventually 60 "the power goes down" power_at_most 15
check "it is held" pianissimo hold "$ap_interface"
held=$(current_power)
stays() { power_is "$held"; }
moves() { ! power_is "$held"; }
never 15 "another power" moves
check "the status says who holds it" sh -c "$PIANISSIMO_BIN status | grep -q 'user 0 (pid [0-9]*) holds the power'"
check "the journal has it" journal_has '"type":"hold".*"holds":true'
check "explain has it" sh -c "$PIANISSIMO_BIN explain $ap_interface | grep -q 'The operator holds the power'"
iw dev "$ap_interface" set txpower fixed $((100 * (held - 1)))
eventually 10 "a limit of somebody else's lowers it" power_is $((held - 1))
check "it is driven again" pianissimo resume "$ap_interface"
eventually 10 "it begins anew" journal_has '"reason":"resumed"'
check "for a while only" pianissimo hold --for 5s
eventually 15 "that ends by itself" sh -c "[ \$(grep -c '\"reason\":\"resumed\"' $journal) -ge 2 ]"
check "an interface that is not there is refused" sh -c "$PIANISSIMO_BIN hold wlan77; [ \$? -eq 69 ]"

daemon_stop TERM
set_power 20 || exit 1 # somebody else's limit above was the power found

echo "# recommend"
recommend=/run/testbed/recommend.yaml
config "$recommend" 'policy: fixed' 'fixed: {level: 8}' 'mode: recommend' 'ceiling_file: /run/testbed/ceiling'
daemon_start "$recommend"
never 30 "below the power found, before it is approved" power_at_most 19
check "nothing is proposed before a minute is over, or it is listed" pianissimo approve --list
eventually 90 "a level is proposed" sh -c "$PIANISSIMO_BIN approve --list | grep -q '8 dBm, 12 dB less'"
check "the power is still the one found" power_is 20
check "it is approved" pianissimo approve "$ap_interface"
eventually 10 "the power goes there" power_is 8
check "the journal has it" journal_has '"type":"leave".*"approved_dbm":8'
check "the approval is taken back" pianissimo approve --withdraw "$ap_interface"
eventually 10 "the power is the one found again" power_is 20

echo "# an external controller's file"
echo 12 >/run/testbed/ceiling
eventually 15 "its limit is in force" power_is 12
echo 0 >/run/testbed/ceiling
eventually 15 "0 is no limit, and that is said" sh -c "$PIANISSIMO_BIN status | grep -q 'ceiling:1: '"
check "the last good limit stays" power_is 12
rm /run/testbed/ceiling
eventually 15 "a removed file lifts its limit" power_is 20
daemon_stop TERM
daemon_start "$everyday"

echo "# the journal"
check "it is exported" pianissimo journal export --out /run/testbed/exported.jsonl
check "whole" sh -c "head -n 1 /run/testbed/exported.jsonl | grep -q '\"type\":\"header\"'"
check "over no file" sh -c "$PIANISSIMO_BIN journal export --out /run/testbed/exported.jsonl; [ \$? -eq 73 ]"

echo "# who watches"
timeout 12 "$PIANISSIMO_BIN" status --watch >/run/testbed/watched 2>&1
check "is told the status again and again" sh -c "[ \$(grep -c '^pianissimo ' /run/testbed/watched) -ge 2 ]"

echo "# a killed daemon's socket"
daemon_stop KILL
check "restore succeeds" pianissimo restore
check "it is still there" test -S "$socket"
check "'hold' says that nobody listens" sh -c "$PIANISSIMO_BIN hold; [ \$? -eq 69 ]"
daemon_start "$quiet"
check "the next daemon replaces it" pianissimo explain
daemon_stop TERM

finish
