#include "experiments/evaluate/plan.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

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

// All of the text, as a number in this range.
std::optional<double> number_in(std::string_view text, double least, double most) {
  const char* const end = text.data() + text.size();
  double out = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  if (error != std::errc{} || stop != end || !(out >= least && out <= most)) return std::nullopt;
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

std::optional<Lateness> parse_lateness(std::string_view text) {
  const std::size_t plus = text.find('+');
  const auto seconds = number_in(text.substr(0, plus), 0.1, 60);
  const auto margin =
      plus == text.npos ? std::optional{0.0} : number_in(text.substr(plus + 1), 0, 20);
  if (!seconds || !margin) return std::nullopt;
  return Lateness{.by = std::lround(*seconds / 0.1) * sim::truth_interval,
                  .margin = Db::from_mb(static_cast<std::int32_t>(std::lround(*margin * 100)))};
}

std::shared_ptr<const policies::OraclePlan> late_plan(const policies::OraclePlan& plan,
                                                      const Lateness& late) {
  constexpr Dbm unknown = dbm(100);  // the ceiling, whatever it is
  auto out = std::make_shared<policies::OraclePlan>();
  out->interval = plan.interval;
  const auto lag = static_cast<std::size_t>(late.by / plan.interval);
  for (const auto& [station, needs] : plan.needs) {
    auto& known = out->needs[station];
    known.assign(lag, unknown);
    std::optional<Dbm> last;
    for (const auto& need : needs) {
      if (need) last = *need + late.margin;
      known.push_back(last);
    }
  }
  return out;
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
