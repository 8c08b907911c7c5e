#include "controller/core/domain.hpp"

#include <algorithm>

namespace pianissimo {

std::optional<Instant> PowerDomain::wake() const {
  const auto retry = plan_.retry_at();
  if (!policy_wake_) return retry;
  if (!retry) return policy_wake_;
  return std::min(*policy_wake_, *retry);
}

bool PowerDomain::describe(Instant at, const Terms& terms, std::optional<Dbm> in_force,
                           const Because& why, Outcome& out) {
  if (in_force) plan_.moved_to(*in_force);
  if (terms_ == terms) return pump(at, out);
  const bool is_new = !terms_;
  const bool is_same_box = terms_ && terms_->box == terms.box;
  const bool is_same_hold = terms_ && terms_->hold == terms.hold;
  terms_ = terms;
  // What the kernel clamps is known until the box changes.
  if (!is_same_box) box_ = terms.box;
  if (!terms.hold) {
    held_.reset();
  } else if (!held_ || !is_same_hold) {
    held_ = terms.hold->level.value_or(plan_.in_force());
    if (watch_) watch_->forget();
  }
  if (is_new) return restart(at, {Reason::start, {}}, out);
  return restart(at, is_same_box ? Because{Reason::resumed, {}} : why, out);
}

bool PowerDomain::on_station_joined(Instant at, Outcome& out) {
  if (held_) return pump(at, out);
  return restart(at, {Reason::station_joined, {}}, out);
}

bool PowerDomain::on_station_left(Instant at, const MacAddress& station, Outcome& out) {
  if (watch_) watch_->on_station_left(at, station);
  const Advice advice = policy_->on_station_left(at, station);
  // It forgets the station. What it advises waits until it drives again, and then it begins anew.
  if (held_) return pump(at, out);
  return follow(at, advice, out);
}

bool PowerDomain::on_reading(Instant at, std::span<const StationView> stations, Outcome& out) {
  if (held_) return pump(at, out);
  if (const auto read_again = judge(at, stations, out)) return *read_again;
  return follow(at, policy_->on_reading(at, stations), out);
}

// A verdict may move the floor: then the policy begins anew. nullopt: it goes on.
std::optional<bool> PowerDomain::judge(Instant at, std::span<const StationView> stations,
                                       Outcome& out) {
  if (!watch_) return std::nullopt;
  const auto level = plan_.settled() ? std::optional{plan_.in_force()} : std::nullopt;
  const auto finding = watch_->on_reading(at, stations, level, box_);
  if (!finding) return std::nullopt;
  decide(at, plan_.desired(), plan_.desired(), finding->because, out);
  if (!finding->moves_floor) return std::nullopt;
  return restart(at, {Reason::box_changed, {}}, out);
}

// An operator's hold is stronger than a revert.
Box PowerDomain::allowed() const {
  const auto floor = watch_ && !held_ ? watch_->floor() : std::nullopt;
  return floor ? Box{std::max(box_.floor(), *floor), box_.ceiling()} : box_;
}

void PowerDomain::note_joined(Instant at, const MacAddress& station) {
  if (watch_) watch_->on_station_joined(at, station);
}

void PowerDomain::note_elsewhere(Instant at, const MacAddress& station) {
  if (watch_) watch_->on_seen_elsewhere(at, station);
}

void PowerDomain::note_other_channel() {
  if (watch_) watch_->forget();
}

bool PowerDomain::on_result(const PowerResult& result, Outcome& out) {
  // Up to 1 dB too much is rounding: mt76 works in steps of 0.5 dB and rounds its read-back up.
  const Dbm in_force = result.read_back.value_or(result.asked);
  const bool too_high = in_force - result.asked > db(1);
  const bool too_low = result.asked - in_force >= db(1);

  PowerResult answer = result;
  if (answer.answer == PowerAnswer::accepted && too_high && !box_.contains(in_force)) {
    answer.answer = PowerAnswer::unsupported;  // accepted and ignored: as good as refused
  }
  plan_.on(answer);
  if (answer.answer != PowerAnswer::accepted) {
    // Said once in a row: the repetitions are in the journal as results.
    if (plan_.refusals() == 1) {
      decide(result.at, plan_.desired(), plan_.in_force(),
             {Reason::knob_refused, {.error = result.error}}, out);
    }
    // What was refused may not be what is wanted by now.
    return pump(result.at, out);
  }
  if (too_high || too_low) {
    // The kernel or the hardware knows a limit that we were not told of: what lies beyond it cannot
    // be had, until the channel changes.
    plan_.moved_to(in_force.whole());
    // The box may have shrunk below the answer while the command was under way: never wider again.
    box_ = too_low ? Box{box_.floor(), std::min(in_force, box_.ceiling())}
                   : Box{in_force, box_.ceiling()};
    decide(result.at, result.asked, in_force.whole(), {Reason::knob_clamped, {}}, out);
    return restart(result.at, {Reason::box_changed, {}}, out);
  }
  return pump(result.at, out);
}

bool PowerDomain::on_wake(Instant at, Outcome& out) {
  if (!policy_wake_ || at < *policy_wake_) return pump(at, out);
  policy_wake_.reset();
  return follow(at, policy_->on_wake(at), out);
}

bool PowerDomain::restart(Instant at, const Because& why, Outcome& out) {
  policy_wake_.reset();
  dwell_pending_ = false;
  // The policy is begun in any case: it must know the box when it is told of stations.
  Advice advice = policy_->start(at, allowed(), why.reason);
  if (held_) return stay(at, out);
  if (advice.because && why.evidence.level) advice.because->evidence.level = why.evidence.level;
  return follow(at, advice, out);
}

bool PowerDomain::stay(Instant at, Outcome& out) {
  Because because{Reason::held, {}};
  if (!box_.contains(*held_)) because.evidence.level = held_;
  return follow(at, {.level = *held_, .because = because}, out);
}

bool PowerDomain::follow(Instant at, const Advice& advice, Outcome& out) {
  const Dbm level = allowed().clamp(advice.level);
  if (advice.because) decide(at, plan_.desired(), level, *advice.because, out);
  plan_.want(level);
  if (advice.wake) policy_wake_ = advice.wake;
  if (advice.dwell) dwell_pending_ = true;
  const bool read_again = pump(at, out);
  return advice.read_now || read_again;
}

bool PowerDomain::pump(Instant at, Outcome& out) {
  if (const auto level = plan_.next(at)) out.commands.push_back({knob_, *level});
  if (!dwell_pending_ || !plan_.settled()) return false;
  dwell_pending_ = false;
  return follow(at, policy_->on_applied(at), out);
}

void PowerDomain::decide(Instant at, Dbm from, Dbm to, const Because& because, Outcome& out) const {
  out.decisions.push_back({at, knob_, from, to, because.reason, because.evidence});
}

}  // namespace pianissimo
