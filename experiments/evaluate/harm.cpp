#include "experiments/evaluate/harm.hpp"

#include <algorithm>
#include <vector>

#include "experiments/evaluate/truth.hpp"

namespace pianissimo::evaluate {
namespace {

constexpr double harmed_share = 0.90;
/// A spell that begins so soon after the beginning of a step is the step's.
constexpr std::size_t of_step = std::chrono::milliseconds{1500} / sim::truth_interval;

double seconds_of(std::size_t intervals) {
  return std::chrono::duration<double>(static_cast<std::int64_t>(intervals) * sim::truth_interval)
      .count();
}

// What the power left of the ceiling's capacity; who cannot be reached at all loses nothing by it.
double share_of(const sim::StationTruth& truth) {
  return truth.capacity_at_ceiling_mbps > 0 ? truth.capacity_mbps / truth.capacity_at_ceiling_mbps
                                            : 1;
}

// Of the neediest station with traffic in each interval; nullopt without one.
std::vector<std::optional<double>> least_shares(const sim::RunResult& run) {
  std::vector<std::optional<double>> out;
  for (const sim::StationRun& station : run.stations) {
    const auto active = activity(station);
    const std::size_t first = measured_from(run, station);
    out.resize(std::max(out.size(), station.truth.size() - first));
    for (std::size_t i = first; i < station.truth.size(); ++i) {
      const sim::StationTruth& truth = station.truth[i];
      // Traffic that is yet to come is known to nobody, and what is over cannot be harmed.
      if (!active[i] || (truth.offered_bytes == 0 && truth.airtime_us <= 0)) continue;
      auto& least = out[i - first];
      least = std::min(least.value_or(1), share_of(truth));
    }
  }
  return out;
}

// Which intervals come soon after the beginning of a step of any station.
std::vector<bool> after_steps(const sim::RunResult& run, std::size_t intervals) {
  std::vector<bool> out(intervals);
  for (std::size_t station = 0; station < run.stations.size(); ++station) {
    for (const Step& step : steps_of(measured(run, station))) {
      const std::size_t end = std::min(intervals, step.begin + of_step);
      for (std::size_t i = step.begin; i < end; ++i) out[i] = true;
    }
  }
  return out;
}

}  // namespace

std::optional<Harm> harm_of(const sim::RunResult& run, double keep) {
  const auto shares = least_shares(run);
  const auto after_step = after_steps(run, shares.size());
  std::size_t counted = 0;
  std::size_t below_keep = 0;
  std::size_t below_90 = 0;
  std::size_t spell = 0;
  bool is_of_step = false;
  std::size_t longest = 0;
  std::size_t longest_of_step = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!shares[i]) continue;
    ++counted;
    if (*shares[i] < keep) ++below_keep;
    if (*shares[i] >= harmed_share) {
      spell = 0;
      continue;
    }
    ++below_90;
    if (spell == 0) is_of_step = after_step[i];
    ++spell;
    auto& record = is_of_step ? longest_of_step : longest;
    record = std::max(record, spell);
  }
  if (counted == 0) return std::nullopt;
  const auto all = static_cast<double>(counted);
  Harm out{.below_keep = static_cast<double>(below_keep) / all,
           .below_90 = static_cast<double>(below_90) / all,
           .longest_s = seconds_of(longest)};
  if (std::ranges::count(after_step, true) > 0)
    out.longest_after_step_s = seconds_of(longest_of_step);
  return out;
}

}  // namespace pianissimo::evaluate
