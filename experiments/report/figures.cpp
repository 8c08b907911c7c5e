#include "experiments/report/figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/report/ceiling.hpp"

namespace pianissimo::report {
namespace {

using namespace std::chrono_literals;

// The medium samples the power, it does not hear of changes: beside one, it may be early or late.
constexpr Duration around_a_change = 50ms;
constexpr double same_level_db = 0.5;

// A mean in which each value counts for as long as it held.
class TimeWeighted {
 public:
  void add(double value, Duration held) {
    const double weight = seconds(held);
    sum_ += weight * value;
    weight_ += weight;
  }
  Figure mean() const {
    if (weight_ <= 0) return std::nullopt;
    return sum_ / weight_;
  }

 private:
  double sum_ = 0;
  double weight_ = 0;
};

Figure ratio(Figure a, Figure b) {
  if (!a || !b || *b <= 0) return std::nullopt;
  return *a / *b;
}

Figure mean_of(const std::vector<StationFigures>& stations, Figure StationFigures::*figure) {
  double sum = 0;
  int count = 0;
  for (const StationFigures& station : stations) {
    if (!(station.*figure)) continue;
    sum += *(station.*figure);
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

struct PowerMeans {
  Figure power_dbm;
  Figure saved_db;
};

template <class HeldIn>
PowerMeans power_means(const std::vector<TruthRow>& rows, const Ceiling& ceiling, HeldIn held_in) {
  TimeWeighted power;
  TimeWeighted saved;
  for (const TruthRow& row : rows) {
    const Duration held = held_in(row.span);
    power.add(row.power_dbm, held);
    if (const Figure top = ceiling.at(row.span.end)) saved.add(*top - row.power_dbm, held);
  }
  return {power.mean(), saved.mean()};
}

// Either the knob does less than the kernel says, or somebody else turns it.
Figure unexplained_share(const std::vector<TruthRow>& rows, const Run& run,
                         const MacAddress& station) {
  if (!run.journal) return std::nullopt;
  const auto knob = run.journal->knob_of(station);
  if (!knob) return std::nullopt;
  const LevelSteps& steps = run.journal->power.at(*knob);
  int samples = 0;
  int unexplained = 0;
  for (const TruthRow& row : rows) {
    const auto before = level_at(steps, row.span.end - around_a_change);
    const auto after = level_at(steps, row.span.end + around_a_change);
    const auto now = level_at(steps, row.span.end);
    if (!before || before != after || before != now) continue;
    ++samples;
    if (std::abs(row.power_dbm - now->value()) > same_level_db) ++unexplained;
  }
  if (samples == 0) return std::nullopt;
  return static_cast<double>(unexplained) / samples;
}

Figure pooled_capacity(const std::vector<Bin>& bins) {
  Bin all;
  for (const Bin& bin : bins) {
    all.delivered_bytes += bin.delivered_bytes;
    all.airtime_us += bin.airtime_us;
  }
  return all.capacity_mbps();
}

std::vector<PhaseFigures> judge_phases(const std::vector<TruthRow>& rows, const Run& run,
                                       const Ceiling& ceiling, const StationFigures& station) {
  std::vector<PhaseFigures> judged;
  for (Phase& phase : phases_of(rows, run.info.measured)) {
    std::vector<bool> wanted(station.judged_bins.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double middle = (static_cast<double>(i) + 0.5) * bin_seconds;
      wanted[i] = phase.contains(run.info.measured.start + instant_from(middle).time_since_epoch());
    }
    const PowerMeans power =
        power_means(rows, ceiling, [&](const Span& span) { return phase.overlap_with(span); });
    const double length = phase.seconds();
    judged.push_back({std::move(phase), length, power.power_dbm, power.saved_db,
                      compare(station.judged_bins, station.baseline_bins, wanted)});
  }
  return judged;
}

// The capacities that a simulator tells, each row as long as the airtime that it used.
std::vector<Bin> bins_of_truth(std::vector<TruthRow> rows, const Span& part,
                               std::optional<double> TruthRow::*capacity) {
  for (TruthRow& row : rows) {
    if (!(row.*capacity)) return {};
    row.delivered_bytes = *(row.*capacity) * row.airtime_us / 8;
  }
  return bins_of(rows, part);
}

Figure received_mbps(const Run& run, const MacAddress& station) {
  if (!run.traffic) return std::nullopt;
  const auto found = run.traffic->find(station);
  if (found == run.traffic->end()) return std::nullopt;
  return 8e-6 * found->second;
}

Comparison compare_all(const std::vector<Bin>& bins, const std::vector<Bin>& baseline) {
  return compare(bins, baseline, std::vector<bool>(bins.size(), true));
}

StationFigures judge_station(const MacAddress& mac, const std::vector<TruthRow>& rows,
                             const Run& run, const Run* baseline) {
  StationFigures out;
  out.station = mac;
  const Ceiling ceiling{run, baseline, mac};
  const Span& part = run.info.measured;
  const PowerMeans power =
      power_means(rows, ceiling, [&](const Span& span) { return overlap(span, part); });
  out.mean_power_dbm = power.power_dbm;
  out.saved_db = power.saved_db;
  out.unexplained_share = unexplained_share(rows, run, mac);
  out.received_mbps = received_mbps(run, mac);
  out.bins = bins_of(rows, part);
  out.judged_bins = out.bins;
  if (baseline != nullptr) {
    const auto found = baseline->truth.stations.find(mac);
    if (found != baseline->truth.stations.end()) {
      out.baseline_bins = bins_of(found->second, baseline->info.measured);
      out.retained_pooled = ratio(pooled_capacity(out.bins), pooled_capacity(out.baseline_bins));
    }
    out.received_ratio = ratio(out.received_mbps, received_mbps(*baseline, mac));
  }
  if (rows.front().capacity_at_ceiling_mbps) {
    out.power_bins = bins_of_truth(rows, part, &TruthRow::capacity_mbps);
    out.ceiling_bins = bins_of_truth(rows, part, &TruthRow::capacity_at_ceiling_mbps);
    if (baseline == nullptr) {
      out.judged_bins = out.power_bins;
      out.baseline_bins = out.ceiling_bins;
    }
  }
  out.capacity = compare_all(out.judged_bins, out.baseline_bins);
  out.power = compare_all(out.power_bins, out.ceiling_bins);
  out.phases = judge_phases(rows, run, ceiling, out);
  return out;
}

// Of each station, side by side.
std::vector<Sides> sides_of(const std::vector<StationFigures>& stations,
                            std::vector<Bin> StationFigures::*ours,
                            std::vector<Bin> StationFigures::*theirs) {
  std::vector<Sides> out;
  for (const StationFigures& station : stations) {
    out.push_back({station.*ours, station.*theirs});
  }
  return out;
}

// What the stations kept on average, and the neediest.
struct Kept {
  Figure mean;
  Figure worst;
};
Kept kept_by(const std::vector<StationFigures>& stations, Comparison StationFigures::*what) {
  Kept out;
  double sum = 0;
  int compared = 0;
  for (const StationFigures& station : stations) {
    const Figure kept = (station.*what).retained;
    if (!kept) continue;
    sum += *kept;
    ++compared;
    out.worst = std::min(out.worst.value_or(*kept), *kept);
  }
  if (compared > 0) out.mean = sum / compared;
  return out;
}

void judge_harm(RunFigures& out) {
  const Kept kept = kept_by(out.stations, &StationFigures::capacity);
  out.retained = kept.mean;
  out.retained_worst = kept.worst;
  const Harm harm =
      harm_of(sides_of(out.stations, &StationFigures::judged_bins, &StationFigures::baseline_bins));
  out.below_share = harm.below_share;
  out.longest_below_s = harm.longest_below_s;
  const Kept by_power = kept_by(out.stations, &StationFigures::power);
  out.power_retained = by_power.mean;
  out.power_retained_worst = by_power.worst;
  const Harm of_power =
      harm_of(sides_of(out.stations, &StationFigures::power_bins, &StationFigures::ceiling_bins));
  out.power_below_share = of_power.below_share;
  out.power_longest_below_s = of_power.longest_below_s;
}

void judge_visits(RunFigures& out, const Run& run) {
  const Journal& journal = *run.journal;
  out.visits = static_cast<double>(journal.visits.size());
  if (journal.header) {
    const auto policy = config_word(*journal.header, "policy");
    if (policy) out.visit_nominal_ms = config_number(*journal.header, *policy + ".probe.dwell_ms");
  }
  std::vector<double> errors;
  double spent = 0;
  int unmeasured = 0;
  for (const Visit& visit : journal.visits) {
    const auto length = visit.interrupted ? std::nullopt : visit.length();
    if (!length) {
      ++unmeasured;
      continue;
    }
    spent += seconds(*length);
    if (out.visit_nominal_ms) {
      errors.push_back(std::abs(1e3 * seconds(*length) - *out.visit_nominal_ms));
    }
  }
  out.visits_unmeasured = unmeasured;
  out.visit_error_ms_p50 = percentile(errors, 0.5);
  out.visit_error_ms_p99 = percentile(errors, 0.99);
  out.visit_share = spent / run.seconds();
}

// Steps of the ceiling that a knob has; null when its interface is not known.
const LevelSteps* ceilings_of(const Journal& journal, const Knob& knob) {
  for (const auto& [index, up] : journal.interfaces) {
    const bool ours =
        knob.kind == KnobKind::wiphy ? knob.wiphy == up.wiphy : knob.interface == index;
    if (ours) return &journal.ceilings.at(index);
  }
  return nullptr;
}

// From the first answer to the end of the part: before, nobody knows.
Figure saved_confirmed(const Run& run) {
  double sum = 0;
  int knobs = 0;
  for (const auto& [knob, steps] : run.journal->power) {
    const LevelSteps* const ceilings = ceilings_of(*run.journal, knob);
    if (ceilings == nullptr) continue;
    TimeWeighted saved;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Instant end = i + 1 < steps.size() ? steps[i + 1].at : run.info.measured.end;
      const Dbm ceiling = level_at(*ceilings, steps[i].at).value_or(ceilings->front().level);
      saved.add((ceiling - steps[i].level).value(), overlap({steps[i].at, end}, run.info.measured));
    }
    if (const Figure mean = saved.mean()) {
      sum += *mean;
      ++knobs;
    }
  }
  if (knobs == 0) return std::nullopt;
  return sum / knobs;
}

void judge_journal(RunFigures& out, const Run& run) {
  const Journal& journal = *run.journal;
  out.restarts = 0;
  for (const Decision& decision : journal.decisions) {
    ++out.decisions[std::string{to_string(decision.reason)}];
    if (mark_of(decision.reason) == Mark::visit_failed) ++*out.restarts;
  }
  int changes = 0;
  for (const auto& [knob, steps] : journal.power) {
    // The first step is where the knob stood.
    for (std::size_t i = 1; i < steps.size(); ++i) {
      if (run.info.measured.contains(steps[i].at)) ++changes;
    }
  }
  out.changes_per_minute = 60 * changes / run.seconds();
  for (const auto& [interface, steps] : journal.ceilings) {
    const double ceiling = steps.back().level.value();
    out.ceiling_dbm = std::min(out.ceiling_dbm.value_or(ceiling), ceiling);
  }
  out.saved_confirmed_db = saved_confirmed(run);
  judge_visits(out, run);
}

}  // namespace

std::vector<const StationFigures*> neediest_first(const RunFigures& figures) {
  std::vector<const StationFigures*> stations;
  for (const StationFigures& station : figures.stations) stations.push_back(&station);
  std::ranges::stable_sort(stations, {}, [](const StationFigures* station) {
    return station->capacity.retained.value_or(std::numeric_limits<double>::infinity());
  });
  return stations;
}

Figure percentile(std::vector<double> values, double share) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

RunFigures judge(const Run& run, const Run* baseline) {
  RunFigures out;
  out.seconds = run.seconds();
  for (const auto& [mac, rows] : run.truth.stations) {
    out.stations.push_back(judge_station(mac, rows, run, baseline));
  }
  out.saved_db = mean_of(out.stations, &StationFigures::saved_db);
  out.mean_power_dbm = mean_of(out.stations, &StationFigures::mean_power_dbm);
  out.retained_pooled = mean_of(out.stations, &StationFigures::retained_pooled);
  out.received_ratio = mean_of(out.stations, &StationFigures::received_ratio);
  for (const StationFigures& station : out.stations) {
    if (station.unexplained_share) {
      out.unexplained_share =
          std::max(out.unexplained_share.value_or(0), *station.unexplained_share);
    }
  }
  judge_harm(out);
  if (out.retained) {
    out.yardstick = baseline != nullptr ? Yardstick::baseline : Yardstick::own_truth;
  }
  if (run.journal) judge_journal(out, run);
  if (!out.ceiling_dbm && baseline != nullptr && !run.truth.empty()) {
    out.ceiling_dbm =
        Ceiling{run, baseline, run.truth.stations.begin()->first}.at(run.info.measured.start);
  }
  return out;
}

}  // namespace pianissimo::report
