#include "experiments/train/rows.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <map>

namespace pianissimo::train {
namespace {

constexpr std::uint64_t full_frame = LoadParams{}.active_bytes;
constexpr std::int64_t full_aggregates = 8;

// One access point's stations, told what its daemon was told.
class Windows {
 public:
  template <class Tell>
  void on(const Event& event, Tell tell) {
    if (const auto* const report = std::get_if<StationReport>(&event)) {
      for (const StationSample& sample : report->stations) on(report->at, sample, tell);
    } else if (const auto* const left = std::get_if<StationLeft>(&event)) {
      stations_.erase(left->station);
    }
  }

 private:
  struct Seen {
    StationModel model;
    TrafficWindow window;
    std::optional<Instant> from;
    StationTotals at_from;
  };

  template <class Tell>
  void on(Instant at, const StationSample& sample, Tell tell) {
    Seen& seen = stations_[sample.station];
    seen.model.on(sample);
    const StationView view{sample.station, seen.model.expected_throughput(), seen.model.totals(),
                           &*seen.model.last()};
    if (const auto features = seen.window.on_reading(at, view)) {
      const auto load =
          load_between(seen.at_from, view.totals, at - *seen.from, view.expected_throughput, {});
      tell(sample.station, *seen.from, at, *features, load ? load->kind : LoadClass::light);
    }
    if (seen.window.from() != seen.from) {
      seen.from = seen.window.from();
      seen.at_from = view.totals;
    }
  }

  std::map<MacAddress, Seen> stations_;
};

// How many frames wait at the end of each interval of the truth.
std::vector<std::int64_t> waiting_of(const sim::StationRun& run,
                                     const sim::TrafficParams& traffic) {
  const auto bytes = static_cast<std::uint64_t>(frame_bytes(traffic));
  const std::int64_t limit = sim::Traffic{traffic, 0, {}}.queue_limit();
  std::vector<std::int64_t> out;
  std::int64_t waiting = 0;
  for (const sim::StationTruth& truth : run.truth) {
    waiting += static_cast<std::int64_t>(truth.offered_bytes / bytes);
    waiting -= static_cast<std::int64_t>(truth.frames);
    waiting = truth.access_point < 0 ? 0 : std::clamp<std::int64_t>(waiting, 0, limit);
    out.push_back(waiting);
  }
  return out;
}

class Truth {
 public:
  Truth(const sim::StationRun& run, const sim::StationPlan& plan, int aggregate)
      : run_{run}, traffic_{plan.traffic}, enough_{full_aggregates * aggregate} {
    waiting_ = waiting_of(run, plan.traffic);
  }

  LoadClass in(Instant from, Instant until) const {
    const auto at = [](const sim::StationTruth& truth) { return truth.at; };
    const auto begin = std::ranges::upper_bound(run_.truth, from, {}, at);
    const auto end = std::ranges::upper_bound(run_.truth, until, {}, at);
    std::ptrdiff_t full = 0;
    std::uint64_t bytes = 0;
    for (auto interval = begin; interval != end; ++interval) {
      const auto i = static_cast<std::size_t>(interval - run_.truth.begin());
      full += waiting_[i] >= enough_ ? 1 : 0;
      bytes += std::max(interval->offered_bytes, interval->delivered_bytes);
    }
    const bool always = traffic_.kind == sim::TrafficParams::Kind::saturated;
    if (always || (end > begin && 2 * full >= end - begin)) return LoadClass::saturated;
    return bytes < full_frame ? LoadClass::idle : LoadClass::light;
  }

 private:
  const sim::StationRun& run_;
  const sim::TrafficParams& traffic_;
  std::int64_t enough_;
  std::vector<std::int64_t> waiting_;
};

}  // namespace

std::vector<Row> rows_of(const sim::Scenario& scenario, std::uint64_t seed,
                         const PolicyFactory& law) {
  struct Found {
    Row row;
    Instant from;
  };
  std::vector<Found> found;
  std::map<int, Windows> windows;
  sim::RunOptions how{.seed = seed, .policy = law, .box = {}, .record = {}};
  how.record = [&](int ap, const journal::Record& record) {
    const auto* const event = std::get_if<Event>(&record.what);
    if (event == nullptr) return;
    windows[ap].on(*event, [&](const MacAddress& station, Instant from, Instant at,
                               const Features& features, LoadClass rule) {
      found.push_back({{.scenario = scenario.name,
                        .seed = seed,
                        .station = station,
                        .at = at,
                        .features = features,
                        .rule = rule},
                       from});
    });
  };
  const sim::RunResult result = sim::run(scenario, how);
  std::map<MacAddress, Truth> truths;
  for (std::size_t i = 0; i < result.stations.size(); ++i) {
    truths.try_emplace(result.stations[i].mac, result.stations[i], scenario.stations[i],
                       scenario.aggregate_mpdus);
  }
  std::vector<Row> rows;
  rows.reserve(found.size());
  for (Found& one : found) {
    one.row.truth = truths.at(one.row.station).in(one.from, one.row.at);
    rows.push_back(std::move(one.row));
  }
  return rows;
}

void write_rows(std::ostream& out, std::span<const Row> rows) {
  out << "scenario,seed,station,t_s";
  for (std::size_t i = 0; i < feature_count; ++i) {
    out << ',' << to_string(static_cast<Feature>(i));
  }
  out << ",truth,rule\n";
  for (const Row& row : rows) {
    fmt::print(out, "{},{},{},{:.3f}", row.scenario, row.seed, to_string(row.station),
               std::chrono::duration<double>(row.at.time_since_epoch()).count());
    for (const std::int32_t feature : row.features) fmt::print(out, ",{}", feature);
    out << ',' << to_string(row.truth) << ',' << to_string(row.rule) << '\n';
  }
}

}  // namespace pianissimo::train
