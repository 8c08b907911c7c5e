#include "experiments/report/observations.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/report/figure_table.hpp"
#include "experiments/report/series.hpp"

namespace pianissimo::report {
namespace {

using namespace std::chrono_literals;

// A rate controller needs a moment to see what a level gives.
constexpr Duration settled = 100ms;
// A reading says nothing of the time before, if the station was away.
constexpr Duration longest = 1s;

int whole(double dbm) { return static_cast<int>(std::lround(dbm)); }

const LevelSteps* confirmed(const Run& run, const MacAddress& station) {
  if (!run.journal) return nullptr;
  const auto knob = run.journal->knob_of(station);
  return knob ? &run.journal->power.at(*knob) : nullptr;
}

bool stands_still(const LevelSteps& steps, const Span& span) {
  const auto next = std::ranges::upper_bound(steps, span.start, {}, &LevelStep::at);
  return next != steps.begin() && (next == steps.end() || next->at >= span.end);
}

struct Sample {
  double path_loss_db = 0;
  int power_dbm = 0;
  double mbps = 0;
};

std::vector<Sample> delivered_samples(const std::vector<TruthRow>& rows, const LevelSteps* steps) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const TruthRow& row = rows[i];
    const bool still = steps != nullptr ? stands_still(*steps, row.span)
                                        : i > 0 && rows[i - 1].power_dbm == row.power_dbm;
    if (!still || row.airtime_us <= 0) continue;
    samples.push_back({row.path_loss_db.value_or(0), whole(row.power_dbm),
                       8 * row.delivered_bytes / row.airtime_us});
  }
  return samples;
}

std::vector<Sample> expected_samples(const JournalStation& station, const LevelSteps& steps) {
  std::vector<Sample> samples;
  for (const StationReading& reading : station.readings) {
    if (!reading.expected) continue;
    if (!stands_still(steps, {reading.at - settled, reading.at})) continue;
    samples.push_back({0, whole(level_at(steps, reading.at)->value()), reading.expected->mbps()});
  }
  return samples;
}

std::vector<LevelSpread> spreads(const std::vector<Sample>& samples) {
  std::map<int, std::vector<double>> by_level;
  for (const Sample& sample : samples) by_level[sample.power_dbm].push_back(sample.mbps);
  std::vector<LevelSpread> levels;
  for (const auto& [power, values] : by_level) {
    levels.push_back({power, static_cast<int>(values.size()), *percentile(values, 0.25),
                      *percentile(values, 0.5), *percentile(values, 0.75)});
  }
  return levels;
}

struct LossRange {
  std::string name;
  double low = 0;
  double high = 0;
  bool holds(double db) const {
    // Steps are single values, slices end before the next one begins.
    return low == high ? std::abs(db - low) < 0.05 : low <= db && db < high;
  }
};

std::vector<LossRange> ranges_of(const std::vector<PhaseFigures>& phases) {
  std::vector<LossRange> ranges;
  for (const PhaseFigures& one : phases) {
    const Phase& phase = one.phase;
    const bool known = std::ranges::any_of(
        ranges, [&](const LossRange& range) { return std::abs(range.low - phase.low_db) < 0.05; });
    if (!known) ranges.push_back({path_loss_text(phase), phase.low_db, phase.high_db});
  }
  std::ranges::sort(ranges, {}, &LossRange::low);
  if (ranges.size() <= most_knees) return ranges;
  const std::size_t together = (ranges.size() + most_knees - 1) / most_knees;
  std::vector<LossRange> fewer;
  for (std::size_t i = 0; i < ranges.size(); i += together) {
    const LossRange& first = ranges[i];
    const LossRange& last = ranges[std::min(i + together, ranges.size()) - 1];
    // The highest of single values belongs to its range.
    const double high = last.low == last.high ? last.high + 0.05 : last.high;
    Phase both;
    both.low_db = first.low;
    both.high_db = last.high;
    fewer.push_back({path_loss_text(both), first.low, high});
  }
  return fewer;
}

Figure median(const std::vector<Sample>& samples) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(sample.mbps);
  return percentile(values, 0.5);
}

std::vector<Sample> within(const std::vector<Sample>& samples, const LossRange& range) {
  std::vector<Sample> chosen;
  for (const Sample& sample : samples) {
    if (range.holds(sample.path_loss_db)) chosen.push_back(sample);
  }
  return chosen;
}

}  // namespace

StationKnees knees_of(const JudgedRun& judged, const MacAddress& station,
                      const JudgedRun* baseline) {
  const Run& run = judged.run;
  const LevelSteps* const steps = confirmed(run, station);
  const auto figures =
      std::ranges::find(judged.figures.stations, station, &StationFigures::station);
  StationKnees out;
  if (figures == judged.figures.stations.end()) {
    out.delivered = false;
    if (steps == nullptr) return out;
    auto levels = spreads(expected_samples(run.journal->stations.at(station), *steps));
    if (!levels.empty()) out.knees.push_back({"", std::move(levels), {}});
    return out;
  }
  const auto samples = delivered_samples(run.truth.stations.at(station), steps);
  std::vector<Sample> at_full_power;
  if (baseline != nullptr) {
    const auto rows = baseline->run.truth.stations.find(station);
    if (rows != baseline->run.truth.stations.end()) {
      at_full_power = delivered_samples(rows->second, nullptr);
    }
  }
  auto ranges = ranges_of(figures->phases);
  if (ranges.empty()) ranges.push_back({"", 0, 0});
  for (const LossRange& range : ranges) {
    auto levels = spreads(within(samples, range));
    if (levels.empty()) continue;
    out.knees.push_back({range.name, std::move(levels), median(within(at_full_power, range))});
  }
  return out;
}

RateName rate_name(const BitRate& rate) {
  if (!rate.mcs) return {0, static_cast<int>(rate.rate.bps() / 100'000)};
  const int mcs = *rate.mcs;
  if (rate.nss) return {*rate.nss, mcs};
  // HT counts the streams in the MCS.
  return {mcs / 8 + 1, mcs % 8};
}

std::string to_string(const RateName& name) {
  if (name.streams == 0) return "legacy " + number_text(name.mcs / 10.0, 0);
  return std::to_string(name.streams) + " x MCS " + std::to_string(name.mcs);
}

RateCounts rate_counts(const Run& run, const MacAddress& station) {
  RateCounts counts;
  const LevelSteps* const steps = confirmed(run, station);
  if (steps == nullptr) return counts;
  for (const StationReading& reading : run.journal->stations.at(station).readings) {
    const auto level = level_at(*steps, reading.at);
    if (reading.rate && level) ++counts[whole(level->value())][rate_name(*reading.rate)];
  }
  return counts;
}

std::vector<SharePoint> distribution(std::vector<Weighted> values) {
  std::ranges::sort(values, {}, &Weighted::value);
  double all = 0;
  for (const Weighted& one : values) all += one.weight;
  std::vector<SharePoint> points;
  double sum = 0;
  for (const Weighted& one : values) {
    sum += one.weight;
    if (one.weight <= 0) continue;
    if (!points.empty() && points.back().value == one.value) {
      points.back().share = sum / all;
    } else {
      points.push_back({one.value, sum / all});
    }
  }
  return points;
}

std::vector<Weighted> power_times(const Run& run) {
  std::vector<Weighted> times;
  for (const auto& [mac, rows] : run.truth.stations) {
    for (const TruthRow& row : rows) {
      times.push_back({row.power_dbm, seconds(overlap(row.span, run.info.measured))});
    }
  }
  if (!times.empty() || !run.journal) return times;
  // Stations share knobs: each knob's steps once, as often as it has stations.
  std::map<const LevelSteps*, int> stations;
  for (const MacAddress& mac : stations_of(run)) {
    if (const LevelSteps* const steps = confirmed(run, mac)) ++stations[steps];
  }
  for (const auto& [steps, count] : stations) {
    for (std::size_t i = 0; i < steps->size(); ++i) {
      const Instant end = i + 1 < steps->size() ? (*steps)[i + 1].at : run.info.measured.end;
      times.push_back({(*steps)[i].level.value(),
                       count * seconds(overlap({(*steps)[i].at, end}, run.info.measured))});
    }
  }
  return times;
}

std::vector<Weighted> capacity_seconds(const RunFigures& figures) {
  std::vector<Weighted> values;
  for (const StationFigures& station : figures.stations) {
    for (const Bin& bin : station.bins) {
      if (const auto capacity = bin.capacity_mbps()) values.push_back({*capacity, bin_seconds});
    }
  }
  return values;
}

std::vector<Weighted> expected_readings(const Run& run) {
  std::vector<Weighted> values;
  if (!run.journal) return values;
  for (const auto& [mac, station] : run.journal->stations) {
    for (const StationReading& reading : station.readings) {
      if (!reading.expected) continue;
      values.push_back({reading.expected->mbps(), seconds(std::min(reading.interval, longest))});
    }
  }
  return values;
}

}  // namespace pianissimo::report
