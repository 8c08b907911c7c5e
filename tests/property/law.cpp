#include "tests/property/law.hpp"

#include <algorithm>

namespace pianissimo::test {
namespace {

// Why a level may change at any time: what happened did not come from the policy.
bool is_outside_cause(const Event& event, const Decision& decision) {
  switch (decision.reason) {
    case Reason::station_joined:
    case Reason::box_changed:
    case Reason::limited:
    case Reason::single_level:
    case Reason::fixed:
    case Reason::knob_clamped:
    case Reason::held:
    case Reason::resumed:
    case Reason::operator_ceiling:
    case Reason::external_ceiling:
      return true;
    case Reason::window_closed:
    case Reason::window_open:
    case Reason::approval_needed:
    case Reason::approved:
      return decision.from != decision.to;
    case Reason::start:
      // A domain begins with its interface, or with its station, which a report may show first.
      return !std::holds_alternative<StationReport>(event) ||
             decision.knob.kind == KnobKind::station;
    default:
      return false;
  }
}

}  // namespace

std::vector<std::string> Law::broken_by(const Event& event, const Outcome& outcome) {
  broken_.clear();
  learn(event);
  for (const Decision& decision : outcome.decisions) check(event, decision);
  for (const SetPower& command : outcome.commands) check(command);
  const auto* const wake = std::get_if<Wake>(&event);
  if (wake && outcome.wake && *outcome.wake <= wake->at) say("woken, it wants to be woken again");
  return broken_;
}

void Law::learn(const Event& event) {
  std::map<Knob, std::optional<Box>> before;
  for (const auto& [knob, level] : clamped_to_) before[knob] = box_of(knob);

  if (const auto* const up = std::get_if<InterfaceUp>(&event)) {
    interfaces_[up->interface] = *up;
  } else if (const auto* const gone = std::get_if<InterfaceGone>(&event)) {
    interfaces_.erase(gone->interface);
    holds_.erase(gone->interface);
    ceilings_.erase(gone->interface);
    external_ceilings_.erase(gone->interface);
    leaves_.erase(gone->interface);
  } else if (const auto* const hold = std::get_if<HoldSet>(&event)) {
    holds_.erase(hold->interface);
    if (hold->holds) holds_.emplace(hold->interface, *hold);
  } else if (const auto* const ceiling = std::get_if<CeilingSet>(&event)) {
    ceilings_.erase(ceiling->interface);
    if (ceiling->ceiling) ceilings_.emplace(ceiling->interface, *ceiling->ceiling);
  } else if (const auto* const external = std::get_if<ExternalCeilingSet>(&event)) {
    external_ceilings_.erase(external->interface);
    if (external->ceiling) external_ceilings_.emplace(external->interface, *external->ceiling);
  } else if (const auto* const leave = std::get_if<LeaveSet>(&event)) {
    leaves_.insert_or_assign(leave->interface, *leave);
  } else if (const auto* const wake = std::get_if<Wake>(&event)) {
    std::erase_if(holds_, [&](const auto& held) {
      return held.second.until && *held.second.until <= wake->at;
    });
  }
  for (const auto& [knob, box] : before) {
    if (box != box_of(knob)) clamped_to_.erase(knob);
  }
  const auto* const result = std::get_if<PowerResult>(&event);
  if (!result) return;
  under_way_.erase(result->knob);
  if (result->answer == PowerAnswer::accepted && result->read_back &&
      result->asked - *result->read_back >= db(1) && box_of(result->knob)) {
    const auto [known, is_new] = clamped_to_.try_emplace(result->knob, result->read_back->whole());
    if (!is_new) known->second = std::min(known->second, result->read_back->whole());
  }
}

bool Law::belongs(const InterfaceUp& up, const Knob& knob) const {
  return up.path == knob.kind && up.wiphy == knob.wiphy &&
         (knob.kind == KnobKind::wiphy || up.interface == knob.interface);
}

std::optional<Box> Law::box_of(const Knob& knob) const {
  std::optional<Dbm> ceiling;
  for (const auto& [index, up] : interfaces_) {
    if (!belongs(up, knob)) continue;
    const Dbm limit = std::min({up.channel_maximum, up.found, box_.ceiling.value_or(up.found)});
    ceiling = std::min(ceiling.value_or(limit), limit);
    for (const auto* const limits : {&ceilings_, &external_ceilings_}) {
      const auto wished = limits->find(index);
      if (wished != limits->end())
        ceiling = std::min(*ceiling, std::max(wished->second, box_.floor));
    }
  }
  if (!ceiling) return std::nullopt;
  return Box{box_.floor, *ceiling};
}

bool Law::is_held(const Knob& knob) const {
  return std::ranges::any_of(holds_, [&](const auto& held) {
    const auto up = interfaces_.find(held.first);
    return up != interfaces_.end() && belongs(up->second, knob);
  });
}

// The lowest level that a knob may go down to by itself; nullopt: the box alone says it.
std::optional<Dbm> Law::lowest_let(const Knob& knob) const {
  std::optional<Dbm> lowest;
  for (const auto& [index, leave] : leaves_) {
    const auto up = interfaces_.find(index);
    if (up == interfaces_.end() || !belongs(up->second, knob)) continue;
    const bool is_upward_only = !leave.is_open || (leave.proposals_hold && !leave.approved);
    if (is_upward_only) return dbm(1000);
    if (leave.proposals_hold) lowest = std::max(lowest.value_or(*leave.approved), *leave.approved);
  }
  return lowest;
}

void Law::check(const SetPower& command) {
  const auto box = box_of(command.knob);
  if (!box) return say("a command for what is gone");
  if (command.level.mbm() % 100 != 0) say("a fraction of a dBm");
  if (command.level > box->ceiling()) say("above channel, power found or operator's ceiling");
  const auto clamp = clamped_to_.find(command.knob);
  const bool is_clamped = clamp != clamped_to_.end();
  // A clamp is stronger than the floor: what the hardware cannot do need not be asked for.
  const Dbm floor = is_clamped ? std::min(box->floor(), clamp->second) : box->floor();
  if (command.level < floor) say("below the floor");
  // A station's domain ends with the station, of which nothing is known here.
  if (is_clamped && command.knob.kind != KnobKind::station && command.level > clamp->second) {
    say("above what the kernel clamps to");
  }
  if (!under_way_.insert(command.knob).second) say("two commands under way for one knob");
  const auto decided = decided_.find(command.knob);
  if (explains_all_ && (decided == decided_.end() || decided->second != command.level)) {
    say("a command that no decision explains");
  }
}

// Numbers that no arithmetic of finite ones can leave.
void Law::check(const Evidence& evidence) {
  for (const auto& throughput : {evidence.observed, evidence.reference}) {
    if (throughput && (throughput->bps() < 0 || throughput->mbps() > 5'000)) {
      say("a throughput that cannot be");
    }
  }
  for (const auto& permille : {evidence.acknowledged_permille, evidence.reference_permille}) {
    if (permille && (*permille < 0 || *permille > 1000)) say("a share outside 0..1000");
  }
  if (evidence.wait && *evidence.wait < std::chrono::milliseconds{0}) say("a wait below zero");
}

void Law::check(const Event& event, const Decision& decision) {
  check(decision.evidence);
  using enum Reason;
  const bool is_of_the_kernel = decision.reason == knob_refused || decision.reason == knob_clamped;
  if (is_held(decision.knob) && decision.reason != held && !is_of_the_kernel) {
    say("a held power that is decided on: " + std::string{to_string(decision.reason)});
  }
  const auto box = box_of(decision.knob);
  const auto lowest = lowest_let(decision.knob);
  if (box && lowest && !is_of_the_kernel && decision.reason != held &&
      decision.reason != visit_over && decision.to < decision.from) {
    const auto clamp = clamped_to_.find(decision.knob);
    const Dbm highest =
        clamp == clamped_to_.end() ? box->ceiling() : std::min(box->ceiling(), clamp->second);
    if (decision.to < std::min(*lowest, highest)) {
      say("a power that goes down though nobody lets it: " +
          std::string{to_string(decision.reason)});
    }
  }
  if (decision.reason != Reason::knob_refused) decided_[decision.knob] = decision.to;
  if (decision.reason == Reason::knob_refused) return;  // says what is in force, and moves nothing
  if (decision.to.mbm() % 100 != 0) say("a decision for a fraction of a dBm");
  // What is only said is no change.
  const bool is_only_said = decision.reason == proposed || decision.reason == proposal_over ||
                            decision.reason == window_open || decision.reason == window_closed ||
                            decision.reason == approved || decision.reason == approval_needed;
  if (is_only_said && decision.from == decision.to) return;
  Changes& changes = changes_[decision.knob];
  if (is_outside_cause(event, decision)) {
    changes = {decision.at, decision.reason};
    return;
  }
  // A visit's end and what it shows come together: back, and from there at once to where it leads.
  const bool ends_visit = changes.reason == Reason::visit_over;
  if (decision.from != decision.to) {
    if (dwell_ > Duration{0} && changes.last && !ends_visit &&
        decision.at - *changes.last < dwell_) {
      say("a level kept for less than its dwell: " + std::string{to_string(decision.reason)});
    }
    changes.last = decision.at;
  }
  changes.reason = decision.reason;
}

}  // namespace pianissimo::test
