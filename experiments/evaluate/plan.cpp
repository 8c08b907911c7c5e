#include "experiments/evaluate/plan.hpp"

#include <algorithm>

#include "experiments/evaluate/truth.hpp"

namespace pianissimo::evaluate {
namespace {

bool has_station_knob(const sim::AccessPointRun& ap) {
  return std::ranges::any_of(ap.power, [](const auto& step) { return step.station.has_value(); });
}

// `what` of the active stations, joined by their knob: the highest, or of a knob each, the mean.
template <class What>
std::vector<std::optional<Dbm>> joined(const sim::RunResult& run, std::size_t access_point,
                                       What what) {
  const bool is_mean = has_station_knob(run.access_points.at(access_point));
  std::vector<std::optional<Dbm>> out;
  std::vector<std::int32_t> counts;
  for (const sim::StationRun& station : run.stations) {
    const auto active = activity(station);
    const std::size_t first = measured_from(run, station);
    out.resize(station.truth.size() - first);
    counts.resize(out.size());
    for (std::size_t i = first; i < station.truth.size(); ++i) {
      const sim::StationTruth& truth = station.truth[i];
      if (!active[i] || truth.access_point != static_cast<int>(access_point)) continue;
      auto& level = out[i - first];
      const Dbm mine = what(truth);
      ++counts[i - first];
      if (!level) {
        level = mine;
      } else {
        level = is_mean ? Dbm::from_mbm(level->mbm() + mine.mbm()) : std::max(*level, mine);
      }
    }
  }
  for (std::size_t i = 0; is_mean && i < out.size(); ++i) {
    if (out[i]) out[i] = Dbm::from_mbm(out[i]->mbm() / counts[i]);
  }
  return out;
}

}  // namespace

std::shared_ptr<const policies::OraclePlan> oracle_plan(const sim::RunResult& run,
                                                        std::size_t keep) {
  auto plan = std::make_shared<policies::OraclePlan>();
  plan->interval = sim::truth_interval;
  for (const sim::StationRun& station : run.stations) {
    const auto active = activity(station);
    auto& needs = plan->needs[station.mac];
    needs.resize(station.truth.size());
    for (std::size_t i = 0; i < needs.size(); ++i) {
      if (active[i]) needs[i] = station.truth[i].lowest.at(keep);
    }
  }
  return plan;
}

std::vector<std::optional<Dbm>> needs_of_access_point(const sim::RunResult& run,
                                                      std::size_t access_point, std::size_t keep) {
  return joined(run, access_point,
                [keep](const sim::StationTruth& truth) { return truth.lowest.at(keep); });
}

std::vector<std::optional<Dbm>> levels_of_access_point(const sim::RunResult& run,
                                                       std::size_t access_point) {
  return joined(run, access_point, [](const sim::StationTruth& truth) { return truth.power; });
}

}  // namespace pianissimo::evaluate
