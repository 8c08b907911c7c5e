// Why a level was chosen. Each reason is declared once, as one row of the list below: the core and
// the policies use the name, the journal writes it as its word, and the log, `pianissimo status`
// and the report say the sentence and draw the kind of mark.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pianissimo {

/// What a decision does, for whoever draws or counts it.
enum class Mark : std::uint8_t {
  other,           ///< the power stays, or nobody can say in which direction it goes
  begin,           ///< the domain begins anew: what was going on is over
  down,            ///< less power: nobody needs what is given
  up,              ///< more power, before anybody has lost anything that counts
  loss,            ///< more power, because a station has too little
  trouble,         ///< the power knob does not do what it is asked
  visit_begin,     ///< to a higher level, to compare
  visit_end,       ///< back from there
  visit_passed,    ///< the comparison: the lower level is as good
  visit_failed,    ///< the comparison: the higher level is better
  visit_undecided  ///< the comparison: nothing could be compared
};

// One row for each reason: its name, which is also the journal's word (rows are never renamed: old
// journals have their words), its kind of mark, and its sentence.
//
// In the sentence "{word}" is a number of the decision or of its evidence (the words are in
// sentence.cpp), and each of them stands in a part in square brackets, which is left out if the
// decision does not have all of its numbers. "[a|b]" says b instead. So the sentence is also whole
// without any number: that is what the reason means in general.
// clang-format off
#define PIANISSIMO_REASONS(ROW)                                                                    \
  ROW(start, begin, "The control begins[ at {to}].")                                               \
  ROW(station_joined, begin,                                                                       \
      "[Station {station}|A station] joined and its needs are not known: begin anew[ at {to}].")   \
  ROW(box_changed, begin, "The powers that are allowed changed: begin anew[ at {to}].")            \
  ROW(limited, begin,                                                                              \
      "Somebody else set the power[ to {level}]: nothing goes above that from here on. Begin "     \
      "anew[ at {to}].")                                                                           \
  ROW(single_level, begin, "Only one power is allowed[, {to}]: there is nothing to decide.")       \
  ROW(step_down, down,                                                                             \
      "Nobody lost throughput[ (station {station} has {compared})][ at a load of {load}]: a step " \
      "down[ to {to}].")                                                                           \
  ROW(throughput_fell, loss,                                                                       \
      "[Station {station}|A station] lost throughput[: it has {compared}][, it should keep "       \
      "{keep}][, at a load of {load}]. Back up[ to {to}], and hold.")                              \
  ROW(floor_reached, other,                                                                        \
      "The lowest power that is allowed is reached and nobody lost throughput: hold[ {to}].")      \
  ROW(visit, visit_begin,                                                                          \
      "A visit to a higher power begins[, {to}], to see what it gives[ to station {station}].")    \
  ROW(visit_over, visit_end, "The visit is over: back[ to {to}].")                                 \
  ROW(visit_passed, visit_passed,                                                                  \
      "The visit showed no loss[ (station {station} has {compared})]: go on.")                     \
  ROW(visit_failed, visit_failed,                                                                  \
      "The visit showed a loss[ (station {station} has {compared})]: begin anew[ at {to}].")       \
  ROW(visit_inconclusive, visit_undecided,                                                         \
      "The visit showed nothing: nothing moved, or nothing could be read.")                        \
  ROW(idle, other, "No station is active, so nothing can be measured: hold[ {to}].")               \
  ROW(no_estimate, other,                                                                          \
      "Nothing can be judged: [station {station}|an active station] has no estimate of its "       \
      "throughput.")                                                                               \
  ROW(fixed, begin, "The operator chose this power[, {to}].")                                      \
  ROW(knob_refused, trouble,                                                                       \
      "The kernel refused [{from}|the power that was asked for][ (errno {error})]: what was in "   \
      "force stays[, {to}].")                                                                      \
  ROW(knob_clamped, trouble,                                                                       \
      "The kernel set [{to} instead of {from}|another power than was asked for]: what lies "       \
      "beyond is out of reach.")                                                                   \
  ROW(settled, other,                                                                              \
      "There is no more to gain[: station {station} has {compared}][ with {acknowledged} of its "  \
      "transmissions acknowledged]. Hold[ {to}][, and try again in {wait}].")                      \
  ROW(descend_fast, down,                                                                          \
      "[Station {station}|Every station] is served at its fastest rate with next to no losses"     \
      "[ ({acknowledged} acknowledged)]: a large step down[ to {to}].")                            \
  ROW(step_failed, up,                                                                             \
      "[{level}|The power just tried] gave [station {station}|a station] too little"               \
      "[ ({compared})][, it should keep {keep}]: back up[ to {to}][, tried again in {wait}].")     \
  ROW(step_inconclusive, up,                                                                       \
      "Nobody can tell whether [{level}|the power just tried] is enough for [station "             \
      "{station}|a station][ ({compared})]: back up[ to {to}][, tried again in {wait}].")          \
  ROW(losses, loss,                                                                                \
      "[Station {station}|A station] acknowledges [only {acknowledged} of the transmissions|far "  \
      "fewer transmissions than before][ (it was {acknowledged_before})]: up at once[ to {to}].")  \
  ROW(signal_fell, up,                                                                             \
      "The signal of [station {station}|a station] fell[ by {signal_change}]: up[ to {to}] "       \
      "before anything is lost.")                                                                  \
  ROW(retries_misleading, up,                                                                      \
      "What the driver counts as retries of [station {station}|a station] does not agree with its "\
      "bit rate: up[ to {to}], to measure it in another way.")                                     \
  ROW(remembered, other,                                                                           \
      "[Station {station} is|A station is] at a place that is known[ (power plus signal: "         \
      "{place})]: "                                                                                \
      "[{level} was enough there|what was learnt there says what it needs][, so {to}].")           \
  ROW(newcomer, up,                                                                                \
      "[Station {station}|A station] appeared and nothing is known of it: up[ to {to}] until it "  \
      "is measured.")                                                                              \
  ROW(power_makes_no_difference, other,                                                            \
      "[Station {station}|A station] loses the same at every power[ ({acknowledged} acknowledged " \
      "at the lower, {acknowledged_before} at the higher)]: its losses do not hold the power up.") \
  ROW(knob_dead, trouble,                                                                          \
      "Nothing changes at the stations whatever the power[, tried down to {level}]: the power "    \
      "knob has no effect. Back to the power found[, {to}][, tried again in {wait}].")             \
  ROW(knob_retest, other,                                                                          \
      "The power knob had no effect before: it is tried once more[ with {to}].")                   \
  ROW(rate_limited, other,                                                                         \
      "The power has changed too often in the last minute: [{level} waits|the next change waits]"  \
      "[ for {wait}].")                                                                            \
  ROW(held, other,                                                                                 \
      "The operator holds the power[ at {to}][, as {level} is not allowed]: whatever happens to "  \
      "the stations, it stays.")                                                                   \
  ROW(resumed, begin, "The operator lets the control go on: begin anew[ at {to}].")                \
  ROW(operator_ceiling, begin,                                                                     \
      "The operator changed the highest power that is allowed[, now {level}]: begin anew"          \
      "[ at {to}].")                                                                               \
  ROW(change_helped, other,                                                                        \
      "A lasting change of the power[ from {level}][, now {to},] helped[: station {station} has "  \
      "{compared}][, {acknowledged} acknowledged after {acknowledged_before}].")                   \
  ROW(change_neutral, other,                                                                       \
      "A lasting change of the power[ from {level}][, now {to},] made no difference that counts"   \
      "[: station {station} has {compared}][, {acknowledged} acknowledged after "                  \
      "{acknowledged_before}].")                                                                   \
  ROW(change_doubted, up,                                                                          \
      "Since a lasting change of the power [station {station}|a station] has less[: {compared}]. " \
      "Nothing goes below [{level}|the power before][ for {wait}], to see whether that is why.")   \
  ROW(change_cleared, other,                                                                       \
      "The power is not why [station {station}|a station] had less[: {compared} at {level}]. "     \
      "Lower powers are allowed again.")                                                           \
  ROW(change_undecided, other,                                                                     \
      "Nobody can tell whether the power is why a station had less. [Powers below {level}|Lower "   \
      "powers] are allowed again.")                                                                \
  ROW(change_hurt, loss,                                                                           \
      "A lasting change of the power hurt [station {station}|a station][: it had {compared}]"      \
      "[, {acknowledged} acknowledged instead of {acknowledged_before}]. Nothing goes below "      \
      "[{level}|the power before][ for {wait}].")                                                  \
  ROW(revert_over, other, "Powers below [{level}|the one of the last revert] are allowed again.")  \
  ROW(external_ceiling, begin,                                                                     \
      "An external controller's file changed the highest power that is allowed[, now {level}]: "   \
      "begin anew[ at {to}].")                                                                     \
  ROW(window_closed, other,                                                                        \
      "The change window is closed: until it opens, the power goes up where a station needs it, "  \
      "and never down[ from {to}].")                                                               \
  ROW(window_open, other, "The change window is open: the power may go down again[ from {to}].")   \
  ROW(approval_needed, begin,                                                                      \
      "The power goes down only as far as an operator approves: begin anew[ at {to}].")            \
  ROW(proposed, other,                                                                             \
      "[Station {station} needs most, and|Every station] would do with [{level}|less power]"       \
      "[, {less}][ ({acknowledged} of its transmissions are acknowledged, at its fastest rate)]. " \
      "Nothing goes down before an operator approves it[, within {wait}].")                        \
  ROW(proposal_over, other,                                                                        \
      "What was proposed[, {level},] holds no longer: its time is over, or stations need more.")   \
  ROW(approved, other,                                                                             \
      "The operator lets the power go down[ to {level}], as long as every station keeps its "      \
      "throughput.")
// clang-format on

/// Why a level was chosen. What each means is its sentence, above.
enum class Reason : std::uint8_t {
#define PIANISSIMO_REASON_NAME(name, mark, sentence) name,
  PIANISSIMO_REASONS(PIANISSIMO_REASON_NAME)
#undef PIANISSIMO_REASON_NAME
};

struct ReasonRow {
  Reason reason;
  std::string_view word;  ///< in the journal
  Mark mark;
  std::string_view sentence;  ///< with its brackets and braces
};

/// Every reason, in the order of the enumerators.
inline constexpr auto all_reasons = std::to_array<ReasonRow>({
#define PIANISSIMO_REASON_ROW(name, mark, sentence) {Reason::name, #name, Mark::mark, sentence},
    PIANISSIMO_REASONS(PIANISSIMO_REASON_ROW)
#undef PIANISSIMO_REASON_ROW
});

constexpr const ReasonRow& row_of(Reason reason) {
  return all_reasons[static_cast<std::size_t>(reason)];
}

/// The journal's word for a reason.
constexpr std::string_view to_string(Reason reason) { return row_of(reason).word; }

/// Reads what to_string() writes; nullopt for anything else.
constexpr std::optional<Reason> reason_from_string(std::string_view word) {
  const auto* const row = std::ranges::find(all_reasons, word, &ReasonRow::word);
  return row == all_reasons.end() ? std::nullopt : std::optional{row->reason};
}

constexpr Mark mark_of(Reason reason) { return row_of(reason).mark; }

}  // namespace pianissimo
