#include "experiments/policies/blues.hpp"

#include <algorithm>

#include "experiments/policies/transmissions.hpp"

namespace pianissimo::policies {
namespace {

// What a station's success is taken to be before anything was sent.
constexpr double reference_at_first = 0.90;
constexpr double sample_at_first = 0.80;

class Blues final : public Policy {
 public:
  explicit Blues(const BluesParams& params) : params_{params} {}

  Advice start(Instant at, const Box& box, Reason reason) override;
  Advice on_applied(Instant at) override;
  Advice on_wake(Instant at) override;
  Advice on_reading(Instant at, std::span<const StationView> stations) override;
  Advice on_station_left(Instant at, const MacAddress& station) override;

 private:
  enum class Turn : std::uint8_t { data, reference, sample };
  struct Success {
    Transmissions reference_sent;  // since the last judgement
    Transmissions sample_sent;
    double reference = reference_at_first;
    double sample = sample_at_first;
  };

  void reset();
  Dbm data_level() const { return box_.clamp(sample_level_ + params_.span); }
  Dbm level() const;
  Duration length() const;
  void count(const std::map<MacAddress, Transmissions>& sent);
  Because judge();
  Because begin_anew(const MacAddress& station);
  void keep_in_order();
  Advice take_turn(Turn turn, const Because& because);

  BluesParams params_;
  Box box_{Dbm{}, Dbm{}};
  Turn turn_ = Turn::data;
  Dbm reference_level_;
  Dbm sample_level_;
  std::optional<Instant> turn_end_;
  TransmissionMeter meter_;
  std::map<MacAddress, Success> stations_;
};

Advice Blues::start(Instant, const Box& box, Reason reason) {
  box_ = box;
  stations_.clear();
  meter_.clear();
  reset();
  turn_end_.reset();
  if (box.levels() == 1)
    return {.level = box.ceiling(), .because = Because{Reason::single_level, {}}};
  return take_turn(Turn::data, Because{reason, {}});
}

void Blues::reset() {
  reference_level_ = box_.ceiling();
  sample_level_ = box_.clamp(box_.ceiling() - params_.span);
}

Dbm Blues::level() const {
  switch (turn_) {
    case Turn::data:
      break;
    case Turn::reference:
      return reference_level_;
    case Turn::sample:
      return sample_level_;
  }
  return data_level();
}

Duration Blues::length() const {
  return turn_ == Turn::data ? params_.data_dwell : params_.probe_dwell;
}

Advice Blues::take_turn(Turn turn, const Because& because) {
  turn_ = turn;
  turn_end_.reset();
  return {.level = level(), .dwell = true, .because = because};
}

Advice Blues::on_applied(Instant at) {
  turn_end_ = at + length();
  return {.level = level(), .wake = turn_end_};
}

Advice Blues::on_wake(Instant at) {
  if (!turn_end_ || at < *turn_end_) return {.level = level(), .wake = turn_end_};
  return {.level = level(), .read_now = true};
}

Advice Blues::on_reading(Instant at, std::span<const StationView> stations) {
  const auto sent = meter_.on_reading(stations);
  // Until the level of this turn is in force, what was sent was sent at the last turn's.
  if (box_.levels() == 1 || !turn_end_) return {.level = level()};
  count(sent);
  if (at < *turn_end_) return {.level = level()};
  switch (turn_) {
    case Turn::data:
      return take_turn(Turn::reference, Because{Reason::visit, {}});
    case Turn::reference:
      return take_turn(Turn::sample, Because{Reason::visit_over, {}});
    case Turn::sample:
      break;
  }
  return take_turn(Turn::data, judge());
}

Advice Blues::on_station_left(Instant, const MacAddress& station) {
  stations_.erase(station);
  meter_.forget(station);
  return {.level = level()};
}

void Blues::count(const std::map<MacAddress, Transmissions>& sent) {
  for (const auto& [station, transmissions] : sent) {
    Success& success = stations_[station];
    // A frame counts by its power, whatever it was sent for.
    if (level() == reference_level_) success.reference_sent += transmissions;
    if (level() == sample_level_) success.sample_sent += transmissions;
  }
}

// Stations of whom there is nothing new take no part. Of the others the neediest decides: lower if
// nobody minds, higher if anybody does.
Because Blues::judge() {
  bool anybody = false;
  bool lower = true;
  bool raise = false;
  bool all_well = true;
  bool anybody_ill = false;
  std::optional<MacAddress> who;
  for (auto& [station, success] : stations_) {
    if (success.reference_sent.attempts <= params_.enough ||
        success.sample_sent.attempts <= params_.enough) {
      continue;
    }
    anybody = true;
    const double weight = params_.weight_of_new;
    success.reference += weight * (success.reference_sent.success() - success.reference);
    success.sample += weight * (success.sample_sent.success() - success.sample);
    success.reference_sent = success.sample_sent = {};
    if (success.reference < params_.emergency) return begin_anew(station);
    if (success.sample + params_.lower_within < success.reference) lower = false;
    if (success.sample + params_.raise_beyond < success.reference) {
      raise = true;
      who = station;
    }
    const double well = 1 - params_.lower_within;
    if (success.reference <= well && success.sample <= well) all_well = false;
    if (success.reference < 1 - params_.raise_beyond) anybody_ill = true;
  }
  if (!anybody) return {Reason::visit_inconclusive, {}};

  const Dbm before = data_level();
  if (lower) {
    sample_level_ = sample_level_ - params_.decrement;
  } else if (raise) {
    sample_level_ = sample_level_ + params_.increment;
  }
  if (all_well && reference_level_ >= sample_level_ + params_.span + 2 * params_.decrement) {
    reference_level_ = reference_level_ - params_.decrement;
  } else if (anybody_ill) {
    reference_level_ = reference_level_ + params_.increment;
  }
  keep_in_order();
  // Also where the reference leaves no room above.
  if (raise) return {Reason::throughput_fell, {.station = who}};
  return {data_level() < before ? Reason::step_down : Reason::visit_passed, {}};
}

Because Blues::begin_anew(const MacAddress& station) {
  reset();
  for (auto& [mac, success] : stations_) success = {};
  return {Reason::throughput_fell, {.station = station}};
}

// The reference never below the data power, the sample `span` below both.
void Blues::keep_in_order() {
  const Dbm lowest_reference = box_.clamp(box_.floor() + params_.span);
  reference_level_ = std::clamp(reference_level_, lowest_reference, box_.ceiling());
  sample_level_ = box_.clamp(std::min(sample_level_, reference_level_ - params_.span));
}

}  // namespace

std::unique_ptr<Policy> make_blues(const BluesParams& params) {
  return std::make_unique<Blues>(params);
}

}  // namespace pianissimo::policies
