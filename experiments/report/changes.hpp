// What lasting changes of power brought, as the daemon judged them, and what followed.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controller/core/verdict.hpp"
#include "experiments/report/run.hpp"

namespace pianissimo::report {

enum class Followed : std::uint8_t {
  kept,           ///< the law went on
  taken_back,     ///< the power stayed at the one before, or above, until `until`
  not_seen,       ///< it hurt, and no answer of the kernel shows that the power came back
  nothing_known,  ///< the trial did not come to its end
};

/// In summary.json.
constexpr std::string_view to_string(Followed followed) {
  constexpr std::array<std::string_view, 4> words{"kept", "taken_back", "not_seen",
                                                  "nothing_known"};
  return words.at(static_cast<std::size_t>(followed));
}

struct JudgedChange {
  Instant at;  ///< when it was said
  Knob knob;
  std::optional<Dbm> from;
  std::optional<Dbm> to;           ///< absent: the doubt lies before what is read
  std::optional<Verdict> verdict;  ///< absent: open, nobody could tell
  Evidence evidence;               ///< before: `reference`; after: `observed`
  Followed followed = Followed::kept;
  std::optional<Instant>
      until;  ///< of what was taken back; as planned where the journal ends first
};

/// helped, neutral, hurt and, behind them, open.
inline constexpr std::size_t change_words = verdict_words.size() + 1;
constexpr std::size_t word_index(const JudgedChange& change) {
  return change.verdict ? static_cast<std::size_t>(*change.verdict) : verdict_words.size();
}
constexpr std::string_view change_word(std::size_t index) {
  return index < verdict_words.size() ? verdict_words.at(index) : "open";
}

/// More rows than this are counted and not shown.
inline constexpr std::size_t most_changes = 100;

struct ChangeTable {
  std::array<int, change_words> counts{};
  std::vector<JudgedChange> shown;  ///< in order of time; what hurt comes before what did not
  std::size_t more = 0;             ///< left out

  bool empty() const { return shown.empty() && more == 0; }
};

/// Every change that the run's journal has a verdict or a doubt of.
ChangeTable changes_of(const Run& run, std::size_t most = most_changes);

/// "wlan0", "wlan0, wlan1" for a radio with two interfaces; "wiphy 0" where the journal names none.
std::string radio_name(const Journal& journal, const Knob& knob);

/// The table as a reader sees it, in the terminal and on the page.
struct ChangeColumn {
  std::string_view name;
  std::string (*text)(const JudgedChange& change, const Run& run);
};
std::span<const ChangeColumn> change_columns();

}  // namespace pianissimo::report
