#include "controller/policy/descend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pianissimo {
namespace {

// What a station showed in a dwell.
struct Figure {
  Throughput throughput;
  std::optional<int> utilisation_percent;
};
using Figures = std::map<MacAddress, Figure>;

class Descend final : public Policy {
 public:
  explicit Descend(const DescendParams& params) : params_{params} {}

  Advice start(Instant at, const Box& box, Reason reason) override;
  Advice on_applied(Instant at) override;
  Advice on_wake(Instant at) override;
  Advice on_reading(Instant at, std::span<const StationView> stations) override;
  Advice on_station_left(Instant at, const MacAddress& station) override;
  Advice on_floor(Instant at, const Box& box) override;

 private:
  // What the dwell that runs now is for.
  enum class Phase : std::uint8_t {
    still,      // one level: nothing to do
    reference,  // first level of a descent: its throughput is what the next one is compared with
    step,       // one level lower than the last
    hold,       // the descent is over
    watch,      // the level in use, before a visit
    visit,      // the ceiling
    parked,     // idle at the ceiling or the floor, until a station is active
  };
  // What the stations showed in a dwell.
  struct Measurement {
    enum class Kind : std::uint8_t { usable, idle, no_estimate } kind = Kind::idle;
    Figures figures;  // of the active stations, when usable
    std::optional<MacAddress> without_estimate;
  };

  Measurement measure(Instant at, std::span<const StationView> stations) const;
  Advice judge(const Measurement& measurement);
  Advice judge_step(const Figures& figures);
  Advice judge_visit(const Figures& figures);
  Advice after_iteration(std::optional<Because> because);
  Advice next_dwell(std::optional<Because> because);
  Advice restart(Dbm level, Because because);
  Advice nothing_measured(const Measurement& measurement);
  Advice dwell(Phase phase, Dbm level, std::optional<Because> because);
  Duration length(Phase phase) const;
  Dbm in_force() const { return phase_ == Phase::visit && !visit_ended_ ? box_.ceiling() : level_; }

  DescendParams params_;
  Box box_{Dbm{}, Dbm{}};
  Phase phase_ = Phase::still;
  Dbm level_;               // the level in use; during a visit the one to return to
  bool descending_ = true;  // false: holding
  int iteration_ = 0;
  Figures previous_;                  // at the previous level of the descent
  Figures watched_;                   // at the level in use, before the visit
  std::optional<Instant> dwell_end_;  // absent while the level is not in force yet
  bool visit_ended_ = false;          // back at the level in use, its reading not yet in
  bool measuring_ = true;             // false: it was said that nothing can be measured
  // The totals of one reading.
  struct Reading {
    Instant at;
    std::map<MacAddress, StationTotals> totals;
  };
  Reading last_reading_;
  Reading dwell_began_;  // the last reading before the dwell
};

// The station that lost most: the smallest observed/reference among those that have both.
std::optional<Evidence> worst(const Figures& observed, const Figures& reference, double keep) {
  std::optional<Evidence> found;
  double smallest = std::numeric_limits<double>::infinity();
  for (const auto& [station, now] : observed) {
    const auto before = reference.find(station);
    if (before == reference.end()) continue;
    const double ratio = static_cast<double>(now.throughput.bps()) /
                         static_cast<double>(before->second.throughput.bps());
    if (ratio >= smallest) continue;
    smallest = ratio;
    found = Evidence{.station = station,
                     .observed = now.throughput,
                     .reference = before->second.throughput,
                     .keep = keep,
                     .utilisation_percent = now.utilisation_percent};
  }
  return found;
}

std::optional<int> percent(const std::optional<Load>& load) {
  if (!load || !load->utilisation) return std::nullopt;
  return static_cast<int>(std::lround(std::min(100 * *load->utilisation, 1e6)));
}

bool fell(const std::optional<Evidence>& evidence) {
  return evidence && *evidence->observed < *evidence->keep * *evidence->reference;
}

Advice Descend::start(Instant, const Box& box, Reason reason) {
  box_ = box;
  level_ = box.ceiling();
  previous_.clear();
  watched_.clear();
  dwell_end_.reset();
  iteration_ = 0;
  descending_ = true;
  visit_ended_ = false;
  measuring_ = true;
  if (box.levels() == 1) {
    phase_ = Phase::still;
    return {.level = level_, .because = Because{Reason::single_level, {}}};
  }
  return dwell(Phase::reference, level_, Because{reason, {}});
}

Advice Descend::on_applied(Instant at) {
  dwell_end_ = at + length(phase_);
  dwell_began_ = last_reading_;
  return {.level = in_force(), .wake = dwell_end_};
}

Advice Descend::on_wake(Instant at) {
  if (!dwell_end_ || at < *dwell_end_) return {.level = in_force(), .wake = dwell_end_};
  if (phase_ != Phase::visit) return {.level = level_, .read_now = true};
  // Back first and read then: what the kernel says does not change within the millisecond, and a
  // visit lasts no longer than it must.
  visit_ended_ = true;
  return {.level = level_, .read_now = true, .because = Because{Reason::visit_over, {}}};
}

Advice Descend::on_reading(Instant at, std::span<const StationView> stations) {
  last_reading_ = {at, {}};
  for (const StationView& view : stations) last_reading_.totals.emplace(view.station, view.totals);
  const bool dwell_over = dwell_end_ && at >= *dwell_end_;
  if (!dwell_over || (phase_ == Phase::visit && !visit_ended_)) return {.level = in_force()};
  dwell_end_.reset();
  return judge(measure(at, stations));
}

Advice Descend::on_station_left(Instant, const MacAddress& station) {
  previous_.erase(station);
  watched_.erase(station);
  last_reading_.totals.erase(station);
  dwell_began_.totals.erase(station);
  return {.level = in_force()};
}

// Where it held for want of a lower level, it goes on from there.
Advice Descend::on_floor(Instant, const Box& box) {
  if (level_ == box_.floor() && box.floor() < level_ && phase_ != Phase::parked) {
    descending_ = true;
  }
  box_ = box;
  level_ = box_.clamp(level_);
  return {.level = in_force()};
}

Descend::Measurement Descend::measure(Instant at, std::span<const StationView> stations) const {
  Measurement result;
  for (const StationView& view : stations) {
    const auto before = dwell_began_.totals.find(view.station);
    const auto load =
        load_between(before == dwell_began_.totals.end() ? StationTotals{} : before->second,
                     view.totals, at - dwell_began_.at, view.expected_throughput, params_.load);
    // Without a byte counter nobody can say that a station is idle: it counts as active.
    if (load && load->kind == LoadClass::idle) continue;
    if (!view.expected_throughput) {
      return {Measurement::Kind::no_estimate, {}, view.station};
    }
    result.kind = Measurement::Kind::usable;
    result.figures.emplace(view.station, Figure{*view.expected_throughput, percent(load)});
  }
  return result;
}

Advice Descend::judge(const Measurement& measurement) {
  const bool usable = measurement.kind == Measurement::Kind::usable;
  if (phase_ == Phase::visit) return judge_visit(measurement.figures);
  if (!usable) return nothing_measured(measurement);
  measuring_ = true;
  switch (phase_) {
    case Phase::still:
      break;
    case Phase::reference:
      previous_ = measurement.figures;
      return after_iteration({});
    case Phase::step:
      return judge_step(measurement.figures);
    case Phase::hold:
      return after_iteration({});
    case Phase::watch:
      watched_ = measurement.figures;
      return dwell(Phase::visit, box_.ceiling(), Because{Reason::visit, {}});
    case Phase::visit:
      break;
    case Phase::parked:
      return restart(box_.ceiling(), Because{Reason::start, {}});
  }
  return {.level = level_};
}

Advice Descend::judge_step(const Figures& figures) {
  const auto evidence = worst(figures, previous_, params_.keep);
  if (fell(evidence)) {
    level_ = box_.clamp(level_ + db(1));
    descending_ = false;
    return after_iteration(Because{Reason::throughput_fell, *evidence});
  }
  // A station that was idle now keeps the figure of the last level at which it was not.
  for (const auto& [station, figure] : figures) previous_.insert_or_assign(station, figure);
  if (level_ == box_.floor()) {
    descending_ = false;
    return after_iteration(Because{Reason::floor_reached, evidence.value_or(Evidence{})});
  }
  return after_iteration(evidence ? std::optional{Because{Reason::step_down, *evidence}}
                                  : std::nullopt);
}

Advice Descend::judge_visit(const Figures& figures) {
  visit_ended_ = false;
  const auto evidence = worst(watched_, figures, params_.probe_keep);
  if (!evidence) return next_dwell(Because{Reason::visit_inconclusive, {}});
  if (!fell(evidence)) return next_dwell(Because{Reason::visit_passed, *evidence});
  // Second-highest level; with two levels that is the lowest, so the highest.
  return restart(box_.levels() > 2 ? box_.ceiling() - db(1) : box_.ceiling(),
                 Because{Reason::visit_failed, *evidence});
}

// A new descent, measured from this level on.
Advice Descend::restart(Dbm level, Because because) {
  level_ = level;
  iteration_ = 0;
  descending_ = true;
  previous_.clear();
  return dwell(Phase::reference, level_, because);
}

// An iteration has been measured. Every probe_every-th is followed by a visit, which begins with
// watching the level in use; at the ceiling there is nothing to compare.
Advice Descend::after_iteration(std::optional<Because> because) {
  ++iteration_;
  const bool at_ceiling = level_ == box_.ceiling();
  if (iteration_ % params_.probe_every == 0 && !at_ceiling) {
    // The step itself waits until the visit is over; what it found is said now.
    if (because && because->reason == Reason::step_down) because.reset();
    return dwell(Phase::watch, level_, because);
  }
  return next_dwell(because);
}

Advice Descend::next_dwell(std::optional<Because> because) {
  if (level_ == box_.floor()) descending_ = false;
  if (!descending_) return dwell(Phase::hold, level_, because);
  level_ = box_.clamp(level_ - db(1));
  if (!because) because = Because{Reason::step_down, {}};
  return dwell(Phase::step, level_, because);
}

Advice Descend::nothing_measured(const Measurement& measurement) {
  const bool idle = measurement.kind == Measurement::Kind::idle;
  if (idle && params_.idle != WhenIdle::hold && phase_ != Phase::parked) {
    level_ = params_.idle == WhenIdle::ceiling ? box_.ceiling() : box_.floor();
    phase_ = Phase::parked;
  }
  // The same dwell again, until something moves; said once.
  std::optional<Because> because;
  if (measuring_) {
    because = idle ? Because{Reason::idle, {}}
                   : Because{Reason::no_estimate, {.station = measurement.without_estimate}};
  }
  measuring_ = false;
  return dwell(phase_, level_, because);
}

Advice Descend::dwell(Phase phase, Dbm level, std::optional<Because> because) {
  phase_ = phase;
  return {.level = level, .dwell = true, .because = because};
}

Duration Descend::length(Phase phase) const {
  switch (phase) {
    case Phase::reference:
    case Phase::step:
      return params_.step_dwell;
    case Phase::visit:
      return params_.probe_dwell;
    case Phase::still:
    case Phase::hold:
    case Phase::watch:
    case Phase::parked:
      break;
  }
  return params_.watch_dwell;
}

}  // namespace

std::unique_ptr<Policy> make_descend(const DescendParams& params) {
  return std::make_unique<Descend>(params);
}

}  // namespace pianissimo
