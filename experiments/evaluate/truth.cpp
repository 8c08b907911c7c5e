#include "experiments/evaluate/truth.hpp"

#include <algorithm>

namespace pianissimo::evaluate {
namespace {

constexpr std::uint64_t active_bytes = 1500;
constexpr std::size_t around = std::chrono::milliseconds{500} / sim::truth_interval;
constexpr double step_db = 8;
/// Less is not yet the beginning of a step.
constexpr double begins_db = 1;

}  // namespace

std::size_t measured_from(const sim::RunResult& run, const sim::StationRun& station) {
  const auto first = std::ranges::find_if(
      station.truth, [&](const sim::StationTruth& entry) { return entry.at > run.start; });
  return static_cast<std::size_t>(first - station.truth.begin());
}

std::span<const sim::StationTruth> measured(const sim::RunResult& run, std::size_t station) {
  const sim::StationRun& of = run.stations.at(station);
  return std::span{of.truth}.subspan(measured_from(run, of));
}

std::vector<bool> activity(const sim::StationRun& station) {
  const auto& truth = station.truth;
  std::vector<std::uint64_t> until(truth.size() + 1);
  for (std::size_t i = 0; i < truth.size(); ++i) until[i + 1] = until[i] + truth[i].offered_bytes;
  std::vector<bool> out(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::size_t from = i < around ? 0 : i - around;
    const std::size_t to = std::min(truth.size(), i + around + 1);
    out[i] = truth[i].access_point >= 0 && until[to] - until[from] >= active_bytes;
  }
  return out;
}

std::vector<Step> steps_of(std::span<const sim::StationTruth> truth) {
  std::vector<Step> out;
  for (std::size_t i = per_second; i < truth.size(); ++i) {
    const auto& before = truth[i - per_second];
    const bool is_there = before.access_point >= 0 && before.access_point == truth[i].access_point;
    if (!is_there || truth[i].path_loss_db - before.path_loss_db < step_db) continue;
    std::size_t begin = i - per_second + 1;
    while (truth[begin].path_loss_db - before.path_loss_db < begins_db) ++begin;
    out.push_back({.begin = begin, .full = i});
    i += per_second;  // the same step is still within the second
  }
  return out;
}

}  // namespace pianissimo::evaluate
