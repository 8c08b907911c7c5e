#include "experiments/evaluate/figures.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

#include "experiments/evaluate/harm.hpp"
#include "experiments/evaluate/plan.hpp"
#include "experiments/evaluate/truth.hpp"
#include "experiments/sim/figures.hpp"

namespace pianissimo::evaluate {
namespace {

constexpr std::array<FigureName, figure_count> names{{
    {Figure::retained, "retained", "retained, mean, %", 1, 100},
    {Figure::retained_worst, "retained_worst", "retained, worst, %", 1, 100},
    {Figure::capacity_retained, "capacity_retained", "capacity, mean, %", 1, 100, false},
    {Figure::capacity_retained_worst, "capacity_retained_worst", "capacity, worst, %", 1, 100},
    {Figure::saved_db, "saved_db", "saved, dB", 1, 1},
    {Figure::oracle_saved_db, "oracle_saved_db", "oracle's, dB", 1, 1},
    {Figure::oracle_gap_db, "oracle_gap_db", "oracle gap, dB", 1, 1},
    {Figure::unspent_db, "unspent_db", "unspent, dB", 1, 1},
    {Figure::harm, "harm", "harm, %", 1, 100},
    {Figure::harm_90, "harm_90", "below 90 %, %", 1, 100},
    {Figure::harm_longest_s, "harm_longest_s", "longest, s", 1, 1},
    {Figure::harm_longest_after_step_s, "harm_longest_after_step_s", "longest after a step, s", 1,
     1},
    {Figure::recovery_s, "recovery_s", "recovery, s", 1, 1},
    {Figure::settle_s, "settle_s", "settle, s", 1, 1},
    {Figure::settled, "settled", "settled, %", 0, 100},
    {Figure::visits, "visits", "visits, %", 1, 100},
    {Figure::changes_per_minute, "changes_per_minute", "changes per min", 1, 1},
    {Figure::changes_settled_per_minute, "changes_settled_per_minute", "once settled", 1, 1},
    {Figure::neighbour_sum, "neighbour_sum", "sum of all, %", 1, 100},
    {Figure::neighbour_jain, "neighbour_jain", "Jain's index", 3, 1},
}};

/// A second with less offered says nothing: one full frame, as LoadParams has it.
constexpr double active_bytes = 1500;
constexpr double recovered_share = 0.9;
constexpr double settled_within_db = 1;
/// Whoever only passes by on the way down has not settled.
constexpr int settled_seconds = 3;
/// From here on the changes of a run that never settles count as those of one that has.
constexpr Duration settled_by = std::chrono::seconds{20};
/// In less time a rate per minute says nothing.
constexpr Duration enough_to_count = std::chrono::seconds{5};

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

struct Second {
  double offered = 0;
  double bytes = 0;
  double airtime_us = 0;
  double capacity() const { return bytes / airtime_us; }
};

std::vector<Second> seconds_of(const sim::RunResult& run, std::size_t station) {
  std::vector<Second> out;
  int i = 0;
  for (const sim::StationTruth& truth : measured(run, station)) {
    if (i++ % per_second == 0) out.emplace_back();
    out.back().offered += static_cast<double>(truth.offered_bytes);
    out.back().bytes += static_cast<double>(truth.delivered_bytes);
    out.back().airtime_us += truth.airtime_us;
  }
  return out;
}

struct Sums {
  double sum = 0;
  double worst = 0;
  int count = 0;
  void add(double value) {
    worst = count == 0 ? value : std::min(worst, value);
    sum += value;
    ++count;
  }
  std::optional<double> mean() const {
    return count == 0 ? std::nullopt : std::optional{sum / count};
  }
  std::optional<double> least() const { return count == 0 ? std::nullopt : std::optional{worst}; }
};

void judge_throughput(const sim::RunResult& run, const sim::RunResult& ceiling, Figures& out) {
  Sums retained;
  Sums capacity;
  for (std::size_t station = 0; station < run.stations.size(); ++station) {
    const auto ours = seconds_of(run, station);
    const auto theirs = seconds_of(ceiling, station);
    double our_sum = 0;
    double their_sum = 0;
    for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
      const bool has_both = theirs[i].bytes >= active_bytes && ours[i].airtime_us > 0 &&
                            ours[i].offered >= active_bytes;
      if (!has_both) continue;
      our_sum += ours[i].capacity();
      their_sum += theirs[i].capacity();
    }
    if (their_sum <= 0) continue;
    capacity.add(our_sum / their_sum);
    // Whom a neighbour starves at full power may get many times as much, and would be all of the
    // mean.
    const double kept = sim::station_figures(run, ceiling, station).retained;
    retained.add(run.access_points.size() > 1 ? std::min(kept, 1.0) : kept);
  }
  out[Figure::retained] = retained.mean();
  out[Figure::retained_worst] = retained.least();
  out[Figure::capacity_retained] = capacity.mean();
  out[Figure::capacity_retained_worst] = capacity.least();
}

void judge_harm(const sim::RunResult& run, double keep, Figures& out) {
  const auto harm = harm_of(run, keep);
  if (!harm) return;
  out[Figure::harm] = harm->below_keep;
  out[Figure::harm_90] = harm->below_90;
  out[Figure::harm_longest_s] = harm->longest_s;
  out[Figure::harm_longest_after_step_s] = harm->longest_after_step_s;
}

bool keeps_up(const sim::StationTruth& truth) {
  return truth.capacity_mbps >= recovered_share * truth.capacity_at_ceiling_mbps;
}

// From the step until a whole second keeps up; until the end of the run if none does.
double recovery_after(std::span<const sim::StationTruth> truth, std::size_t step) {
  int good = 0;
  for (std::size_t i = step; i < truth.size() && truth[i].access_point >= 0; ++i) {
    good = keeps_up(truth[i]) ? good + 1 : 0;
    if (good == per_second)
      return seconds((static_cast<int>(i - step) + 1 - good) * sim::truth_interval);
  }
  return seconds(static_cast<int>(truth.size() - step) * sim::truth_interval);
}

void judge_recovery(const sim::RunResult& run, Figures& out) {
  Sums recovery;
  for (std::size_t station = 0; station < run.stations.size(); ++station) {
    const auto truth = measured(run, station);
    for (const Step& step : steps_of(truth)) recovery.add(recovery_after(truth, step.full));
  }
  out[Figure::recovery_s] = recovery.mean();
}

// Whether the mean power of a second is that of the oracle's level; without traffic it is as
// before.
std::vector<bool> seconds_at_oracle(const sim::RunResult& run, std::size_t ap, double keep) {
  const auto needs = needs_of_access_point(run, ap, keep_index(keep));
  const auto levels = levels_of_access_point(run, ap);
  std::vector<bool> out;
  for (std::size_t from = 0; from + per_second <= needs.size(); from += per_second) {
    double distance = 0;
    int count = 0;
    for (std::size_t i = from; i < from + per_second; ++i) {
      if (!needs[i] || !levels[i]) continue;
      distance += (*levels[i] - *needs[i]).value();
      ++count;
    }
    const bool as_before = !out.empty() && out.back();
    out.push_back(count == 0 ? as_before : std::abs(distance) <= settled_within_db * count);
  }
  return out;
}

// Each step is a change; of all knobs, from `from` on.
std::ptrdiff_t changes_since(const sim::AccessPointRun& ap, Instant from) {
  return std::ranges::count_if(ap.power, [&](const auto& step) { return step.at >= from; });
}

void judge_settling(const sim::RunResult& run, double keep, Figures& out) {
  Sums settle;
  Sums settled;
  Sums changes;
  for (std::size_t ap = 0; ap < run.access_points.size(); ++ap) {
    const auto good = seconds_at_oracle(run, ap, keep);
    const auto first = std::search_n(good.begin(), good.end(), settled_seconds, true);
    const bool is_settled = first != good.end();
    settled.add(is_settled ? 1 : 0);
    settle.add(is_settled ? static_cast<double>(first - good.begin() + 1)
                          : seconds(run.end - run.start));
    const Instant from =
        run.start + (is_settled ? std::chrono::seconds{first - good.begin() + 1} : settled_by);
    if (run.end - from < enough_to_count) continue;
    changes.add(60 * static_cast<double>(changes_since(run.access_points[ap], from)) /
                seconds(run.end - from));
  }
  out[Figure::changes_settled_per_minute] = changes.mean();
  out[Figure::settle_s] = settle.mean();
  out[Figure::settled] = settled.mean();
}

void judge_neighbours(const sim::RunResult& run, const sim::RunResult& ceiling, Figures& out) {
  if (run.access_points.size() < 2) return;
  std::vector<double> ours;
  double their_sum = 0;
  for (std::size_t station = 0; station < run.stations.size(); ++station) {
    ours.push_back(sim::station_figures(run, ceiling, station).delivered_mbps);
    their_sum += sim::station_figures(ceiling, ceiling, station).delivered_mbps;
  }
  if (their_sum > 0) {
    out[Figure::neighbour_sum] = std::accumulate(ours.begin(), ours.end(), 0.0) / their_sum;
  }
  out[Figure::neighbour_jain] = jain(ours);
}

// Adds up the time between `visit` and `visit_over`, knob by knob.
class VisitClock {
 public:
  void on(const Decision& decision) {
    if (decision.reason == Reason::visit) {
      open_[decision.knob] = decision.at;
      return;
    }
    const auto found = open_.find(decision.knob);
    if (found == open_.end()) return;
    total_ += decision.at - found->second;
    open_.erase(found);
  }
  Duration total() const { return total_; }

 private:
  std::map<Knob, Instant> open_;
  Duration total_{};
};

bool was_at(const sim::StationRun& station, std::size_t access_point) {
  return std::ranges::count(station.truth, static_cast<int>(access_point),
                            &sim::StationTruth::access_point) > 0;
}

}  // namespace

std::span<const FigureName> figure_names() { return names; }

std::size_t keep_index(double keep) {
  const auto* const found = std::ranges::find(sim::oracle_keeps, keep);
  if (found == sim::oracle_keeps.end()) throw std::out_of_range{"the truth has no such keep"};
  return static_cast<std::size_t>(found - sim::oracle_keeps.begin());
}

JudgedRun run_judged(const sim::Scenario& scenario, sim::RunOptions options) {
  std::map<int, VisitClock> clocks;
  options.record = [&clocks](int ap, const journal::Record& record) {
    if (const auto* const decision = std::get_if<Decision>(&record.what)) clocks[ap].on(*decision);
  };
  JudgedRun out;
  out.result = sim::run(scenario, options);
  for (const auto& [ap, clock] : clocks) out.visits += clock.total();
  return out;
}

double saved_db(const sim::RunResult& run) {
  double sum = 0;
  int knobs = 0;
  for (std::size_t index = 0; index < run.access_points.size(); ++index) {
    const sim::AccessPointRun& ap = run.access_points[index];
    // Each knob's own steps; those of a station begin at the power that all had at first.
    std::map<std::optional<MacAddress>, std::vector<sim::PowerStep>> courses;
    for (const sim::PowerStep& step : ap.power) courses[step.station].push_back(step);
    if (courses.size() > 1) {
      for (const sim::StationRun& station : run.stations) {
        if (was_at(station, index)) courses.try_emplace(station.mac);
      }
      const sim::PowerStep first = courses[std::nullopt].front();
      courses.erase(std::nullopt);
      for (auto& [station, course] : courses) course.insert(course.begin(), first);
    }
    for (const auto& [station, course] : courses) {
      double saved = 0;
      for (std::size_t i = 0; i < course.size(); ++i) {
        const Instant from = std::max(course[i].at, run.start);
        const Instant to = i + 1 < course.size() ? std::min(course[i + 1].at, run.end) : run.end;
        if (to > from) saved += seconds(to - from) * (ap.box.ceiling() - course[i].level).value();
      }
      sum += saved / seconds(run.end - run.start);
      ++knobs;
    }
  }
  return knobs == 0 ? 0 : sum / knobs;
}

std::optional<double> jain(std::span<const double> shares) {
  double sum = 0;
  double squares = 0;
  for (const double share : shares) {
    sum += share;
    squares += share * share;
  }
  if (squares <= 0) return std::nullopt;
  return sum * sum / (static_cast<double>(shares.size()) * squares);
}

Figures judge(const JudgedRun& run, const sim::RunResult& ceiling, double keep) {
  const sim::RunResult& result = run.result;
  Figures out;
  judge_throughput(result, ceiling, out);
  judge_harm(result, keep, out);
  out[Figure::saved_db] = saved_db(result);
  judge_recovery(result, out);
  judge_settling(result, keep, out);
  const double aps = static_cast<double>(result.access_points.size());
  const double duration_s = seconds(result.end - result.start);
  out[Figure::visits] = seconds(run.visits) / duration_s / aps;
  double changes = 0;
  for (const sim::AccessPointRun& ap : result.access_points) changes += ap.changes;
  out[Figure::changes_per_minute] = 60 * changes / duration_s / aps;
  judge_neighbours(result, ceiling, out);
  return out;
}

}  // namespace pianissimo::evaluate
