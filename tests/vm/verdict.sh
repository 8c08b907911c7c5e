#!/bin/bash
# A law takes far more power from a far station than it should: the daemon says with numbers that this
# hurt, takes it back, and it stays taken back, although the law wants it again and again.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# At 20 dBm its signal to noise is some 30 dB, at 6 dBm only 16 dB: less than half of the throughput.
testbed_up "$testbed_source/scenarios/far.yaml" || exit 1
set_path_loss all 84
set_power 20 || exit 1
traffic_start || exit 1

# A hundredth of the throughput is enough for this law: it goes down to the floor whatever is lost. Each
# level stands for so long that there is something to compare with.
greedy=/run/testbed/greedy.yaml
metrics=/run/testbed/pianissimo.prom
config "$greedy" \
  "descend: {$steady, step_dwell_ms: 1500, probe: {every: 1000000, keep: 0.01}}" \
  'box: {floor_dbm: 6}' 'verdict: {lasting_s: 10, revert_for_s: 60}' \
  "metrics: {textfile: $metrics}"

# says PATTERN COMMAND...: the daemon answers so.
says() { "$PIANISSIMO_BIN" "${@:2}" | grep -qE -- "$1"; }
show() { sed 's/^/# /'; }
# metric_is NAME LABEL VALUE
metric_is() { grep -qE "^pianissimo_$1\{.*$2.*\} $3\$" "$metrics"; }
hurt() { grep -m 1 '"reason":"change_hurt"' "$journal"; }
# hurt_field NAME: a whole number of that decision.
hurt_field() { hurt | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
lost_a_tenth() { [ $((10 * $(hurt_field observed_bps))) -lt $((9 * $(hurt_field reference_bps))) ]; }
journal_lines() { wc -l <"$journal"; }
# asked_below DBM SINCE: since that line of the journal less than so many dBm was asked for.
asked_below() {
  tail -n "+$(($2 + 1))" "$journal" | grep -o '"asked_dbm":[0-9]*' | cut -d: -f2 |
    awk -v least="$1" '$1 < least { found = 1 } END { exit !found }'
}
not_asked_below() { ! asked_below "$@"; }
below() { [ "$(current_power)" -lt "$1" ]; }

echo "# the law takes too much"
daemon_start "$greedy"
eventually 60 "the power is at the floor" power_is 6
eventually 60 "a station has less than before, and that is doubted" journal_has '"reason":"change_doubted"'
eventually 10 "the power before is tried" power_at_least 19

echo "# it hurt"
eventually 60 "the verdict is that it hurt" journal_has '"reason":"change_hurt"'
said_at=$(journal_lines)
hurt | show
level=$(hurt_field level_dbm)
eventually 10 "the power is the one before" power_at_least "$level"
check "which is the one that the law began at" test "$level" -ge 19
check "the journal has what the station was delivered, before and after" lost_a_tenth
check "the log warns of it" grep -q 'warn.*hurt station .*: it had [0-9.]* of [0-9.]* Mbit/s' "$daemon_log"
check "explain says it with the same numbers" \
  says 'hurt station .*: it had [0-9.]+ of [0-9.]+ Mbit/s, [0-9.]+ % acknowledged' explain "$ap_interface"
check "the status counts it" says '0 helped, 0 neutral, 1 hurt' status
check "and says what is taken back" says "a change hurt: nothing goes below $level dBm" status
eventually 10 "the metrics count it" metric_is verdicts_total 'verdict="hurt"' 1
check "and say that it is taken back" metric_is radio_reverts_in_force 'radio=' 1
"$PIANISSIMO_BIN" status | show
"$PIANISSIMO_BIN" explain "$ap_interface" --last 5 | show
grep -E '^pianissimo_(verdicts_total|radio_reverts_in_force)' "$metrics" | show

echo "# it stays taken back"
never 30 "below that power" below "$level"
check "nor was less asked for" not_asked_below "$level" "$said_at"
eventually 60 "after the minute lower powers are allowed again" journal_has '"reason":"revert_over"'
eventually 60 "and the law takes them" power_at_most 10
daemon_stop TERM
check "the power found is back" power_is 20

finish
