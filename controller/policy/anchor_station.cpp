#include "controller/policy/anchor_station.hpp"

#include <algorithm>
#include <cmath>

#include "controller/core/elementary.hpp"

namespace pianissimo::anchor {
namespace {

using namespace std::chrono_literals;

// A reference forgets: so many readings count.
constexpr double reference_readings = 200;

// CUSUM: what is taken off at each reading.
constexpr double allowance = 0.5;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

// What a new level must show: the operator's share and part of what it leaves, since the channel
// moves and whole decibels are coarse. More of it where a loss shows late.
double Station::goal() const {
  return params_->keep + std::min((is_sparse() ? 0.85 : 0.7) * (1 - params_->keep), 0.026);
}

// Below this a level that was good before is not any more.
double Station::line() const {
  return params_->keep +
         std::min((is_sparse() ? 0.75 : 0.55) * (1 - params_->keep), is_sparse() ? 0.0225 : 0.015);
}

// Where the rate depends on the signal, a decibel costs more than may be lost.
bool Station::every_db_counts() const { return worth_of_db > 1 - goal(); }

void Station::come_back(Instant at) {
  left_.reset();
  estimator_.restart();
  signal_ = {};
  run_ = {};
  since_ = associated_ = at;
  connected_.reset();
}

bool Station::is_active(Instant at) const { return ever_active_ && at - last_active_ <= 300ms; }

bool Station::has_say(Instant at) const {
  return ever_active_ && at - last_active_ <= Duration{params_->say};
}

bool Station::on_reading(Instant at, const StationView& view, const std::optional<Trial>& trial,
                         Dbm ceiling) {
  bool is_anew = false;
  if (seen_ == Instant{}) since_ = associated_ = at;
  sent_ *= exponential(-seconds(at - seen_) / 2);
  seen_ = at;
  if (view.last != nullptr && view.last->connected) {
    is_anew = connected_ && *view.last->connected < *connected_;
    if (is_anew) come_back(at);
    connected_ = view.last->connected;
    associated_ = std::min(associated_, at - *connected_);
  }
  const auto delivery = estimator_.on_reading(at, view);
  busy_ += 0.1 * ((delivery ? 1 : 0) - busy_);
  follow_signal(at, view, delivery && delivery->acknowledged > 0);
  if (!delivery) return is_anew;
  sent_ += static_cast<double>(delivery->transmissions);
  if (sent_ >= 3) {
    ever_active_ = true;
    last_active_ = at;
  }
  rate_ = view.last->tx_rate;
  is_blind_ =
      delivery->provenance == Provenance::estimated || delivery->provenance == Provenance::minstrel;
  const bool counts_losses = delivery->provenance == Provenance::delivery;
  if (counts_losses_.value_or(counts_losses) != counts_losses) measure_anew(at, trial);
  counts_losses_ = counts_losses;
  if (trial && delivery->from >= trial->since) record(*delivery, *trial, ceiling);
  return is_anew;
}

// Throughputs of the two kinds cannot be compared. Where losses do not show, the levels just above
// one that was too low may lose something, too.
void Station::measure_anew(Instant at, const std::optional<Trial>& trial) {
  is_to_be_measured_anew_ = true;
  run_ = {};
  reference_ = {};
  if (!trial || !is_blind_) return;
  for (int above = blind_margin; above >= 0; --above) places_.bad(at, trial->level + db(above));
}

void Station::follow_signal(Instant at, const StationView& view, bool acknowledged) {
  if (view.last == nullptr) return;
  const std::uint64_t frames = signal_.frames();
  signal_.on_reading(at, *view.last, acknowledged);
  if (signal_.frames() == frames) return;
  const double level = *signal_.level();
  if (!places_.has_signal()) places_.move_to(level);
  if (frames == 0) slow_signal_ = level;
  // A slow drift is of the two directions' difference; who walks is faster.
  slow_signal_ += (1 - exponential(-seconds(at - heard_) / 4)) * (level - slow_signal_);
  heard_ = at;
  if (params_->places && std::abs(places_.distance(level)) >= 5 && signal_.uncertainty() < 1.2) {
    places_.move_to(level);
  }
}

int Station::fell(Instant at) {
  if (!params_->feed_forward || !signal_.level() || signal_.uncertainty() > 1.2) return 0;
  const double by = slow_signal_ - *signal_.level();
  if (by < 3 || spare(at) >= 3) return 0;
  slow_signal_ = *signal_.level();
  return static_cast<int>(std::lround(1.5 * by));
}

// How far a reading of so many transmissions may be off by chance, relative.
double Station::chance(double transmissions, double deviation) const {
  const double share = reference_.acknowledged;
  const double drawn =
      std::sqrt(std::max(share * (1 - share), 0.01) / std::max(transmissions, 1.0)) / share;
  // Where losses come in spells, readings that follow each other are alike.
  const double alike = is_indifferent_ ? 2.5 : 1;
  return alike * std::max({deviation, 0.01, drawn});
}

// Relative, and as a standard deviation.
double Station::reference_error(double deviation) const {
  return std::min(0.2, deviation * std::sqrt(correlation / std::max(reference_.readings, 1.0)));
}

bool Station::is_climbing(Instant at, const Trial& trial) const {
  return trial.was_up && at - trial.since < Duration{params_->climb};
}

void Station::record(const Delivery& delivery, const Trial& trial, Dbm ceiling) {
  const double n = static_cast<double>(delivery.transmissions);
  const double now = delivery.throughput.mbps();
  const double share = delivery.acknowledged;
  // A driver that polls its firmware once a second tells in one reading what others tell in twenty.
  const double airtime = n * frame_bits / std::max(1e6, static_cast<double>(delivery.rate.bps()));
  const double times =
      std::max(1.0, std::min(airtime, seconds(delivery.at - delivery.from)) / 0.05);
  dense_ = times >= 8 ? dense_ + 1 : 0;
  // A reading is judged by what the ones before it did by chance.
  const double deviation = deviation_;
  const double share_deviation = share_deviation_;
  if (run_.readings > 2) {
    const double weight = 1 - power(is_busy() ? 0.97 : 0.85, times);
    const auto follow = [weight](double& followed, double off) {
      // One that is far off is no measure of what the others do.
      const double most = std::min(1.0, std::max(3 * followed, 0.1));
      off = std::clamp(off, -most, most);
      followed = std::sqrt(followed * followed + weight * (off * off - followed * followed));
    };
    follow(deviation_, now / std::max(run_.fast, 1e-3) - 1);
    follow(share_deviation_, (share - run_.fast_acknowledged) / reference_.acknowledged);
  }
  constexpr double fade = 0.95;
  recorded_ = delivery.at;
  const double faded = power(fade, times);
  run_.late_readings = faded * run_.late_readings + times;
  run_.late_top = faded * run_.late_top + (delivery.is_top_rate ? times : 0);
  run_.late_transmissions = faded * run_.late_transmissions + n;
  run_.late_acknowledged = faded * run_.late_acknowledged + n * share;
  const double long_fade = power(0.99, times);
  run_.long_readings = long_fade * run_.long_readings + times;
  run_.long_transmissions = long_fade * run_.long_transmissions + n;
  run_.long_acknowledged = long_fade * run_.long_acknowledged + n * share;
  const double weight = run_.readings == 0 ? 1 : 0.3;
  run_.fast += weight * (now - run_.fast);
  run_.fast_acknowledged += weight * (share - run_.fast_acknowledged);
  run_.readings += times;
  run_.transmissions += n;
  run_.acknowledged += n * share;
  run_.weighted += n * now;

  if (spare(delivery.at) < 3) clean_since_ = delivery.at;

  // The watchman: what is missing adds up. While the rate climbs back, losses alone count.
  const bool by_share = is_climbing(delivery.at, trial) || reference_.throughput <= 0;
  // What the ceiling gives is not known better than this.
  const double least_share = reference_.acknowledged * (1 - reference_error(share_deviation_));
  const double least = reference_.throughput * (1 - reference_error(deviation_));
  const double ratio = by_share ? share / least_share : now / least;
  const double missing = std::min((line() - ratio) / chance(n, deviation), 6.0);
  const double weighs = std::min(times, 4.0);
  run_.alarm = std::max(0.0, run_.alarm + weighs * (missing - allowance));
  const double lost = line() - share / least_share;
  const double most = n >= 300 ? 9 : 6;
  run_.loss_alarm =
      std::max(0.0, run_.loss_alarm +
                        weighs * (std::min(lost / chance(n, share_deviation), most) - allowance));
  const bool is_collapse =
      n >= 8 && share < reference_.acknowledged - std::max(0.35, 4 * chance(n, deviation));
  run_.collapsed = is_collapse ? run_.collapsed + 1 : 0;
  learn_reference(delivery, trial, trial.level == ceiling);
}

void Station::learn_reference(const Delivery& delivery, const Trial& trial, bool is_ceiling) {
  // What is seen just after a step up, or just after an association, is not yet what there is.
  const bool is_fit =
      (delivery.is_top_rate || !is_climbing(delivery.at, trial)) && delivery.at - associated_ >= 2s;
  if (!is_fit) return;
  const double now = delivery.throughput.mbps();
  if (is_ceiling) {
    // The channel has moved.
    const bool is_other =
        run_.readings >= 10 && std::abs(run_.fast - reference_.throughput) >
                                   std::max(0.1, 2 * deviation_) * reference_.throughput;
    if (is_other || delivery.at - reference_.at > 30s) {
      reference_.readings = std::min(reference_.readings, 4.0);
    }
    reference_.at = delivery.at;
    reference_.readings = std::min(reference_.readings + 1, reference_readings);
    // Weighted by transmissions: a reading with many of them is one with many repetitions.
    const double kept = 1 - 1 / reference_.readings;
    // A counter that jumps is no reading that outweighs all others.
    const double mean = reference_.transmissions / std::max(1.0, reference_.readings - 1);
    const double all = static_cast<double>(delivery.transmissions);
    const double n = reference_.readings > 10 ? std::min(all, 10 * mean) : all;
    reference_.transmissions = kept * reference_.transmissions + n;
    reference_.weighted = kept * reference_.weighted + n * now;
    reference_.delivered = kept * reference_.delivered + n * delivery.acknowledged;
    reference_.throughput = reference_.weighted / reference_.transmissions;
    reference_.acknowledged = std::max(reference_.delivered / reference_.transmissions, 0.01);
  } else if (run_.readings >= 8 &&
             run_.mean() * (1 - 3 * deviation_ * std::sqrt(correlation / run_.readings)) >
                 reference_.throughput) {
    // The ceiling gives no less than a lower level.
    reference_.throughput = run_.mean();
    reference_.acknowledged =
        std::max(reference_.acknowledged, run_.acknowledged / run_.transmissions);
    reference_.readings = std::min(reference_.readings, 20.0);
    reference_.weighted = reference_.throughput * reference_.transmissions;
    reference_.delivered = reference_.acknowledged * reference_.transmissions;
  }
}

int Station::spare(Instant at) const {
  if (run_.late_readings < 1 || !is_top()) return 0;
  if (at - recorded_ > 500ms) return 1;
  const double share = run_.late_acknowledged / run_.late_transmissions;
  const double lost =
      std::max(0.0, reference_.acknowledged - share) + 1 / (run_.late_transmissions + 1);
  // Who is clean by chance for a second is not clean.
  if (is_blind_ || deviation_ > 0.04 || run_.late_readings < 4) return 1;
  return lost < 0.003 ? 3 : lost < 0.01 ? 2 : 1;
}

// Of traffic that comes one in a while, only what is nearly without a loss tells anything.
bool Station::is_clean() const {
  return is_top() && run_.late_readings >= 4 &&
         run_.late_acknowledged >= 0.985 * run_.late_transmissions;
}

// A small loss, too small for single readings of a few transmissions, that lasts.
bool Station::is_leaking() const {
  if (run_.long_readings < 40) return false;
  const double share = run_.long_acknowledged / run_.long_transmissions;
  const double error = std::max(std::sqrt(0.012 / run_.long_transmissions),
                                share_deviation_ * std::sqrt(2 * correlation / 100));
  const double least = reference_.acknowledged * (1 - reference_error(share_deviation_));
  return share / least < line() - 1.5 * error;
}

std::optional<BitRate> Station::sustained_rate() const {
  if (!rate_ || run_.late_readings < 5 || !is_top()) return std::nullopt;
  if (run_.late_acknowledged < 0.8 * run_.late_transmissions) return std::nullopt;
  return rate_;
}

}  // namespace pianissimo::anchor
