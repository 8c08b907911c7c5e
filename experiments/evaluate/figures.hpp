// What a simulated run was worth, beside the run of the same scenario and seed at full power.
// README.md defines each figure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "experiments/sim/run.hpp"

namespace pianissimo::evaluate {

enum class Figure : std::uint8_t {
  retained,
  retained_worst,
  capacity_retained,
  capacity_retained_worst,
  saved_db,
  oracle_saved_db,
  oracle_gap_db,
  unspent_db,
  harm,
  harm_90,
  harm_longest_s,
  harm_longest_after_step_s,
  recovery_s,
  settle_s,
  settled,
  visits,
  changes_per_minute,
  changes_settled_per_minute,
  neighbour_sum,
  neighbour_jain,
};
inline constexpr std::size_t figure_count = 20;

/// How a figure is called and shown.
struct FigureName {
  Figure figure;
  std::string_view key;   ///< in JSON
  std::string_view name;  ///< in tables, with its unit
  int decimals;
  double scale;          ///< from the figure to the table's unit
  bool is_shown = true;  ///< in tables; JSON has all
};
std::span<const FigureName> figure_names();

/// Absent: the scenario has no such thing (no step of path loss, one access point alone), or
/// nothing was sent.
struct Figures {
  std::array<std::optional<double>, figure_count> values;
  std::optional<double>& operator[](Figure figure) {
    return values[static_cast<std::size_t>(figure)];
  }
  const std::optional<double>& operator[](Figure figure) const {
    return values[static_cast<std::size_t>(figure)];
  }
  friend bool operator==(const Figures&, const Figures&) = default;
};

/// A run and the time it spent in visits, of all access points together.
struct JudgedRun {
  sim::RunResult result;
  Duration visits{};
};

/// Runs the scenario and watches for visits; `record` is not called.
JudgedRun run_judged(const sim::Scenario& scenario, sim::RunOptions options);

/// All but the oracle's own. Both runs are of one scenario and one seed; `keep` is one of
/// sim::oracle_keeps.
Figures judge(const JudgedRun& run, const sim::RunResult& ceiling, double keep);

/// Mean of the ceiling less the power on the air, dB, over the measured part: each knob counts as
/// much as every other.
double saved_db(const sim::RunResult& run);

/// Jain's index: 1 if all are equal, 1/n if one has everything; nullopt if nobody has anything.
std::optional<double> jain(std::span<const double> shares);

/// The place of `keep` in sim::oracle_keeps; throws std::out_of_range for any other.
std::size_t keep_index(double keep);

}  // namespace pianissimo::evaluate
