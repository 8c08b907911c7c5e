// What a station says to the level in force, and what it learns when the answer was no.
#include <algorithm>
#include <cmath>

#include "controller/core/elementary.hpp"
#include "controller/policy/anchor_station.hpp"

namespace pianissimo::anchor {
namespace {

using namespace std::chrono_literals;

// CUSUM: where the alarm is.
constexpr double alarm_at = 8;
// Alarms that follow each other closely: each asks for a decibel more, so many at most.
constexpr int most_falls = 3;
// Of its throughput, a link that is limited by its signal has no more left 4 dB lower.
constexpr double limited_by_signal = 0.75;
// A level that was too low for so long is tried again after so many times as long.
constexpr int worth_waiting = 50;
// A deep step that showed that every decibel counts is repeated after so long, then after twice
// that.
constexpr Duration slope_first = 60s;
// Where losses end, a decibel takes away so many parts of them.
constexpr double losses_per_db = 6;

Throughput mbit(double mbps) {
  return Throughput::from_bps(static_cast<std::int64_t>(std::llround(mbps * 1e6)));
}

}  // namespace

Evidence Station::evidence() const {
  Evidence out{.station = mac_};
  if (run_.readings > 0) {
    out.observed = mbit(run_.mean());
    out.acknowledged_permille =
        static_cast<int>(std::lround(1000 * run_.acknowledged / run_.transmissions));
  }
  if (reference_.throughput > 0) {
    out.reference = mbit(reference_.throughput);
    out.reference_permille = static_cast<int>(std::lround(1000 * reference_.acknowledged));
  }
  out.keep = params_->keep;
  return out;
}

Vote Station::vote(Instant at, const Trial& trial, const Box& box) const {
  Vote vote{.evidence = evidence()};
  const bool is_ceiling = trial.level == box.ceiling();
  if (!is_ceiling) alarm(vote, at, trial, box);
  // Who has just associated is still finding its rate.
  if (vote.up > 0 || at - associated_ < 3s || run_.transmissions < 40) return vote;
  if (!is_ceiling && !is_busy() && reference_.readings < 3 && !is_clean()) {
    // No visit is sure to meet its next page.
    vote.up = box.levels();
    vote.reason = Reason::newcomer;
    return vote;
  }
  if (!has_seen_enough(at, trial, is_ceiling)) return vote;
  if (is_ceiling) {
    vote.is_good = is_busy() || is_clean();
  } else if (reference_.throughput > 0) {
    compare(vote, at, trial);
  }
  if (vote.up > 0) return vote;
  if (!is_ceiling && spare(at) == 0 &&
      (reference_.readings < 3 || at - reference_.at > Duration{params_->visit_every})) {
    vote.doubt = true;
    vote.is_good = false;
  }
  if (vote.is_good) step_down(vote, at, trial, is_ceiling);
  return vote;
}

// What cannot wait until the level has been judged: losses far beyond chance.
void Station::alarm(Vote& vote, Instant at, const Trial& trial, const Box& box) const {
  if (params_->emergency && run_.collapsed >= 1) {
    vote.up = run_.collapsed == 1 ? 4 : box.levels();
    vote.reason = Reason::losses;
    return;
  }
  const bool is_alarm = run_.alarm > alarm_at || run_.loss_alarm > alarm_at || is_leaking();
  if (!params_->watchman || !is_alarm) return;
  const double by_share = run_.fast_acknowledged / reference_.acknowledged;
  const double best = reference_.throughput;
  const double ratio =
      is_climbing(at, trial) || best <= 0 ? by_share : std::min(by_share, run_.fast / best);
  vote.up = std::clamp(static_cast<int>(std::ceil((goal() - ratio) / worth_of_db)), 1, 4) +
            std::min(falls_, most_falls);
  vote.margin = is_blind_ ? blind_margin : 0;
}

bool Station::has_seen_enough(Instant at, const Trial& trial, bool is_ceiling) const {
  // Pages come one in a while, and each may be the first after the channel moved.
  if (run_.readings < (is_busy() ? 2 : 8)) return false;
  if (is_climbing(at, trial) && spare(at) == 0) return false;
  // The kernel's estimate, where there is nothing else, takes a second to follow.
  const Duration dwell = (is_blind_ ? 3 : 1) * Duration{params_->step_dwell};
  return at - trial.since >= (is_ceiling ? 2 * dwell : dwell);
}

// The level beside what the ceiling gave.
void Station::compare(Vote& vote, Instant at, const Trial& trial) const {
  const int left = spare(at);
  const double goal = this->goal();
  const double ratio = run_.mean() / reference_.throughput;
  const double error = deviation_ * std::sqrt(2 * correlation / run_.readings);
  // What would be missed must have had the chance to show.
  const bool has_seen = trial.below >= 2 || run_.transmissions * (1 - goal) >= 4;
  const bool is_sure = is_busy() ? (left >= 2 && has_seen) || error <= 1 - goal : is_clean();
  // A link that is limited by its signal would have lost half of what it had. Who varies so much
  // that this could be chance has shown nothing.
  vote.is_indifferent = left == 0 && trial.below >= 4 && run_.readings >= 20 &&
                        ratio >= goal - 2 * error &&
                        ratio - (run_.readings < 60 ? 2 : 1) * error >= limited_by_signal;
  vote.is_good = (ratio >= goal && is_sure) || vote.is_indifferent;
  // Chance is waited out where it is worth it: a deep sounding that harms is clear before long.
  const double patience = left == 0 && trial.below < 4 ? 20 : 100;
  double errors = left == 0 ? 1.5 : 1;
  if (trial.below >= 4) errors = 2.5;
  const bool is_clear = at - trial.since > 500ms && ratio + errors * error < goal;
  if (trial.below > 0 && !vote.is_good && (is_clear || run_.readings > patience)) {
    vote.up = 1;
    vote.margin = is_blind_ ? blind_margin : 0;
    vote.reason = is_clear ? Reason::step_failed : Reason::step_inconclusive;
  }
}

// How far down the next step may go from a level that is good.
void Station::step_down(Vote& vote, Instant at, const Trial& trial, bool is_ceiling) const {
  const int left = spare(at);
  int largest = params_->coarse ? std::clamp(left, 1, is_busy() ? 3 : 2) : 1;
  // Down at once to just above what was enough not long ago.
  if (params_->coarse && left >= 2 && is_busy() && !is_moving()) {
    largest = std::max(largest, places_.known_room(at, trial.level));
  }
  if (left == 0 && at < since_ + 5s) {
    largest = 0;
  } else if (left == 0 && is_busy() && !is_moving() && at >= slope_until_ &&
             (!is_ceiling || at - trial.since >= 5s)) {
    // A sounding: what is limited by its signal shows it at once, what is not shows that, too.
    largest = 6;
  } else if (left == 0 && every_db_counts()) {
    largest = 0;
  }
  vote.step = std::min(largest, places_.room_below(at, trial.level, is_better(at)));
  // A sounding of a decibel or two shows nothing.
  if (left == 0 && every_db_counts() && vote.step < 4) vote.step = 0;
  vote.is_fast = vote.step > 1 && left > 1;
}

Duration Station::bad(Instant at, const Trial& trial, const Vote& vote) {
  const Dbm level = trial.level;
  const bool is_loss = vote.reason != Reason::step_inconclusive;
  places_.ask(level + db(vote.up + vote.margin));
  // What went wrong for so long is not worth it again before long.
  const Duration least =
      trial.below > 0 && is_loss ? worth_waiting * (at - trial.since) : Duration{};
  const bool is_sounding = trial.below >= 4 || every_db_counts();
  if (places_.spare() == 0 && is_sounding) {
    const Duration longest = std::max<Duration>(params_->retry_longest, slope_first);
    slope_wait_ = std::min(std::max<Duration>(2 * slope_wait_, slope_first), longest);
    slope_until_ = at + std::min(std::max(slope_wait_, least), longest);
  }
  is_indifferent_ = is_indifferent_ && trial.below > 0;
  falls_ = trial.below > 0 ? 0 : at - fell_ < 6s ? falls_ + 1 : 0;
  if (trial.below == 0) {
    // What has just changed is not asked at once whether it depends on the power: on a real rate
    // control a deep step costs a second or two.
    slope_until_ = std::max(slope_until_, at + slope_first / 2);
    fell_ = at;
  }
  for (int above = std::max(is_blind_ ? blind_margin : 0, bad_above(trial)); above > 0; --above) {
    places_.bad(at, level + db(above), least);
  }
  return places_.bad(at, level, least);
}

// Losses fall by a factor with each decibel, and so many levels above this one do not suffice,
// either.
int Station::bad_above(const Trial& trial) const {
  if (trial.below < 2 || places_.spare() == 0 || reference_.throughput <= 0) return 0;
  const double lost = 1 - run_.mean() / reference_.throughput;
  const double most = 1 - goal();
  if (lost <= most) return 0;
  const int above = static_cast<int>(logarithm(lost / most) / logarithm(losses_per_db));
  return std::clamp(above, 0, trial.below - 1);
}

}  // namespace pianissimo::anchor
