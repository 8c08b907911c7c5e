#include "controller/core/domain.hpp"

#include <algorithm>

namespace pianissimo {
namespace {

Dbm whole_and_no_lower(Dbm level) { return level == level.whole() ? level : level.whole() + db(1); }

}  // namespace

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
  const Leave before = terms_ ? terms_->leave : Leave{};
  terms_ = terms;
  // What the kernel clamps is known until the box changes.
  if (!is_same_box) box_ = terms.box;
  if (!terms.hold) {
    held_.reset();
  } else if (!held_ || !is_same_hold) {
    held_ = terms.hold->level.value_or(plan_.in_force());
    if (watch_) watch_->forget();
  }
  keep();
  if (is_new) return restart(at, {Reason::start, {}}, out);
  if (is_same_box && is_same_hold) return take_leave(at, before, out);
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
  const bool read_again = follow(at, policy_->on_reading(at, stations), out);
  propose(at, out);
  return read_again;
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
  proposals_.reset();
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
  told_ = allowed();
  Advice advice = policy_->start(at, told_, why.reason);
  if (held_) return stay(at, out);
  if (advice.because && why.evidence.level) advice.because->evidence.level = why.evidence.level;
  return follow(at, advice, out);
}

bool PowerDomain::stay(Instant at, Outcome& out) {
  Because because{Reason::held, {}};
  if (!box_.contains(*held_)) because.evidence.level = held_;
  return follow(at, {.level = *held_, .because = because}, out);
}

// What was learnt stays, and what is in force as well, unless an approval is taken back.
bool PowerDomain::take_leave(Instant at, const Leave& before, Outcome& out) {
  const Leave& now = terms_->leave;
  if (now.approved != before.approved || now.proposals_hold != before.proposals_hold) {
    proposals_.reset();
  }
  if (held_) return pump(at, out);
  if (now.proposals_hold && !now.approved && before.approved) {
    kept_ = box_.ceiling();  // also under a law that would begin lower
    return restart(at, {Reason::approval_needed, {}}, out);
  }
  Because because{Reason::approved, {.level = now.approved}};
  if (now.is_open != before.is_open) {
    because = {now.is_open ? Reason::window_open : Reason::window_closed, {}};
  } else if (now.proposals_hold && !now.approved) {
    because = {Reason::approval_needed, {}};
  }
  decide(at, plan_.desired(), limits().clamp(plan_.desired()), because, out);
  told_ = limits();
  return follow(at, policy_->on_floor(at, told_), out);
}

bool PowerDomain::follow(Instant at, const Advice& advice, Outcome& out) {
  const Dbm level = limits().clamp(advice.level);
  if (advice.because) {
    note_visit(*advice.because);
    decide(at, plan_.desired(), level, *advice.because, out);
  }
  plan_.want(level);
  if (advice.wake) policy_wake_ = advice.wake;
  if (advice.dwell) dwell_pending_ = true;
  keep();
  bool read_again = false;
  if (!held_ && told_ != limits()) {
    told_ = limits();
    read_again = follow(at, policy_->on_floor(at, told_), out);
  } else {
    read_again = pump(at, out);
  }
  return advice.read_now || read_again;
}

// The way back from a visit is no step down.
void PowerDomain::note_visit(const Because& because) {
  if (mark_of(because.reason) != Mark::visit_begin) {
    visited_from_.reset();
  } else if (!visited_from_) {
    visited_from_ = plan_.desired();
  }
}

void PowerDomain::keep() {
  if (held_ || !terms_->leave.is_upward_only()) return kept_.reset();
  const Dbm now = visited_from_.value_or(plan_.desired());
  kept_ = std::max(kept_.value_or(now), now);
}

// What the policy moves in now: the box above what it may not go below by itself.
Box PowerDomain::limits() const {
  if (held_ || !terms_) return box_;
  Dbm floor = std::max(allowed().floor(), kept_.value_or(box_.floor()));
  const Leave& leave = terms_->leave;
  if (leave.proposals_hold && leave.approved) floor = std::max(floor, *leave.approved);
  return Box{whole_and_no_lower(floor), box_.ceiling()};
}

void PowerDomain::propose(Instant at, Outcome& out) {
  const auto holds = terms_->leave.proposals_hold;
  if (!holds) return;
  auto proposal = policy_->proposal(at);
  // What hurt, or is doubted, is not proposed meanwhile.
  if (proposal) proposal->level = allowed().clamp(proposal->level);
  const auto because = proposals_.on_reading(at, limits().floor(), *holds, proposal);
  if (because) decide(at, plan_.desired(), plan_.desired(), *because, out);
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
