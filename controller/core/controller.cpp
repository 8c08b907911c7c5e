#include "controller/core/controller.hpp"

#include <algorithm>
#include <iterator>

namespace pianissimo {

Outcome Controller::on(const Event& event) {
  Outcome out;
  std::visit([&](const auto& e) { on(e, out); }, event);
  for (const auto& [knob, domain] : domains_) {
    const auto wake = domain.wake();
    if (wake && (!out.wake || *wake < *out.wake)) out.wake = wake;
  }
  for (const auto& [index, wishes] : wishes_) {
    const auto end = wishes.hold ? wishes.hold->until : std::nullopt;
    if (end && (!out.wake || *end < *out.wake)) out.wake = end;
  }
  return out;
}

void Controller::on(const InterfaceUp& event, Outcome& out) {
  Interface& interface = interfaces_[event.interface];
  const bool is_known = interface.up.interface == event.interface;
  // A new interface of a known radio need not have come up at the level in force.
  const bool moved = !is_known || interface.up.power != event.power;
  // The power found falls when somebody else has set a lower one.
  const bool is_limited = is_known && event.found < interface.up.found;
  const Because why = is_limited ? Because{Reason::limited, {.level = event.found}}
                                 : Because{Reason::box_changed, {}};
  const bool is_other_channel =
      is_known && (interface.up.frequency != event.frequency || interface.up.width != event.width);
  interface.up = event;
  if (is_other_channel) {
    for (auto& [knob, domain] : domains_) {
      if (belongs(interface, knob)) domain.note_other_channel();
    }
  }
  if (event.path == KnobKind::station) {
    for (const auto& [station, model] : interface.stations) {
      describe(event.at, domain_of(knob_of(interface, station), event.power), {}, out, why);
    }
    return;
  }
  describe(event.at, domain_of(knob_of(interface), event.power),
           moved ? std::optional{event.power} : std::nullopt, out, why);
}

void Controller::on(const InterfaceGone& event, Outcome& out) {
  wishes_.erase(event.interface);
  const auto found = interfaces_.find(event.interface);
  if (found == interfaces_.end()) return;
  const Interface gone = std::move(found->second);
  interfaces_.erase(found);
  std::erase_if(domains_, [&](const auto& entry) {
    return belongs(gone, entry.first) && std::ranges::none_of(interfaces_, [&](const auto& other) {
             return belongs(other.second, entry.first);
           });
  });
  // A radio that keeps other interfaces: its box may be wider now, its stations are fewer.
  const auto rest = domains_.find(knob_of(gone));
  if (rest == domains_.end()) return;
  describe(event.at, rest->second, {}, out);
  for (const auto& [station, model] : gone.stations) {
    if (rest->second.on_station_left(event.at, station, out)) want_reading(rest->first, out);
  }
}

void Controller::on(const StationJoined& event, Outcome& out) {
  const auto found = interfaces_.find(event.interface);
  if (found != interfaces_.end()) join(event.at, found->second, event.station, out);
}

void Controller::on(const StationLeft& event, Outcome& out) {
  const auto found = interfaces_.find(event.interface);
  if (found != interfaces_.end()) leave(event.at, found->second, event.station, out);
}

void Controller::on(const StationReport& event, Outcome& out) {
  const auto found = interfaces_.find(event.interface);
  if (found == interfaces_.end()) return;
  Interface& interface = found->second;
  for (const StationSample& sample : event.stations) {
    const bool is_new = !interface.stations.contains(sample.station);
    const bool anew = model_of(interface, sample.station).on(sample);
    if (is_new || anew) join(event.at, interface, sample.station, out);
  }
  if (event.complete) {
    std::vector<MacAddress> present;
    std::ranges::transform(event.stations, std::back_inserter(present), &StationSample::station);
    std::ranges::sort(present);
    std::vector<MacAddress> left;
    for (const auto& [station, model] : interface.stations) {
      if (!std::ranges::binary_search(present, station)) left.push_back(station);
    }
    for (const MacAddress& station : left) leave(event.at, interface, station, out);
  }
  interface.unread_report = event.at;
  show_reading(interface, out);
}

void Controller::on(const TrafficSourceSet& event, Outcome&) {
  const auto found = interfaces_.find(event.interface);
  if (found == interfaces_.end()) return;
  found->second.traffic = event;
  for (auto& [station, model] : found->second.stations) model.count_by(event.origin);
}

void Controller::on(const TrafficReport& event, Outcome&) {
  const auto found = interfaces_.find(event.interface);
  if (found == interfaces_.end()) return;
  for (const TrafficSample& sample : event.stations) {
    const auto model = found->second.stations.find(sample.station);
    // Who is a station, the kernel says; a counter is no proof.
    if (model != found->second.stations.end()) model->second.on(sample);
  }
}

void Controller::on(const PowerResult& event, Outcome& out) {
  const auto found = domains_.find(event.knob);
  if (found == domains_.end()) return;
  // What we set is no news to us when the interface is described again.
  for (auto& [index, interface] : interfaces_) {
    if (event.answer == PowerAnswer::accepted && belongs(interface, event.knob) &&
        event.knob.kind != KnobKind::station) {
      interface.up.power = event.read_back.value_or(event.asked);
    }
  }
  if (found->second.on_result(event, out)) want_reading(event.knob, out);
}

void Controller::on(const HoldSet& event, Outcome& out) {
  wishes_[event.interface].hold = event.holds ? std::optional{event} : std::nullopt;
  describe_all(event.at, event.interface, {Reason::box_changed, {}}, out);
}

void Controller::on(const CeilingSet& event, Outcome& out) {
  wishes_[event.interface].ceiling = event.ceiling;
  describe_all(event.at, event.interface, {Reason::operator_ceiling, {.level = event.ceiling}},
               out);
}

void Controller::on(const ExternalCeilingSet& event, Outcome& out) {
  wishes_[event.interface].external_ceiling = event.ceiling;
  describe_all(event.at, event.interface, {Reason::external_ceiling, {.level = event.ceiling}},
               out);
}

void Controller::on(const LeaveSet& event, Outcome& out) {
  wishes_[event.interface].leave = {event.is_open, event.proposals_hold, event.approved};
  describe_all(event.at, event.interface, {Reason::box_changed, {}}, out);
}

void Controller::on(const Wake& event, Outcome& out) {
  for (auto& [index, wishes] : wishes_) {
    if (!wishes.hold || !wishes.hold->until || event.at < *wishes.hold->until) continue;
    wishes.hold.reset();
    describe_all(event.at, index, {Reason::box_changed, {}}, out);
  }
  for (auto& [knob, domain] : domains_) {
    const auto wake = domain.wake();
    if (wake && *wake <= event.at && domain.on_wake(event.at, out)) want_reading(knob, out);
  }
}

std::vector<Revert> Controller::reverts_of(InterfaceIndex index) const {
  std::vector<Revert> all;
  const auto interface = interfaces_.find(index);
  if (interface == interfaces_.end()) return all;
  for (const auto& [knob, domain] : domains_) {
    const auto revert = domain.revert();
    if (revert && belongs(interface->second, knob)) all.push_back(*revert);
  }
  return all;
}

Knob Controller::knob_of(const Interface& interface, const MacAddress& station) const {
  const InterfaceUp& up = interface.up;
  switch (up.path) {
    case KnobKind::wiphy:
      return {.kind = up.path, .wiphy = up.wiphy};
    case KnobKind::interface:
      return {.kind = up.path, .wiphy = up.wiphy, .interface = up.interface};
    case KnobKind::station:
      break;
  }
  return {.kind = up.path, .wiphy = up.wiphy, .interface = up.interface, .station = station};
}

bool Controller::belongs(const Interface& interface, const Knob& knob) const {
  return interface.up.path == knob.kind && interface.up.wiphy == knob.wiphy &&
         (knob.kind == KnobKind::wiphy || interface.up.interface == knob.interface);
}

Terms Controller::terms_of(const Knob& knob) const {
  std::optional<Dbm> ceiling = box_params_.ceiling;
  std::optional<Hold> hold;
  std::optional<Leave> leave;
  for (const auto& [index, interface] : interfaces_) {
    if (!belongs(interface, knob)) continue;
    const Dbm limit = std::min(interface.up.channel_maximum, interface.up.found);
    ceiling = std::min(ceiling.value_or(limit), limit);
    const auto known = wishes_.find(index);
    const Wishes wishes = known == wishes_.end() ? Wishes{} : known->second;
    // Below the configuration's floor is outside its box.
    for (const auto& wished : {wishes.ceiling, wishes.external_ceiling}) {
      if (wished) ceiling = std::min(*ceiling, std::max(*wished, box_params_.floor));
    }
    if (leave) {
      combine(*leave, wishes.leave);
    } else {
      leave = wishes.leave;
    }
    // Of two interfaces of a radio, the first.
    if (wishes.hold && !hold) hold = Hold{wishes.hold->level};
  }
  return {Box{box_params_.floor, ceiling.value_or(box_params_.floor)}, hold,
          leave.value_or(Leave{})};
}

// Of the interfaces of a radio, the one that lets least decides.
void Controller::combine(Leave& all, const Leave& one) {
  all.is_open = all.is_open && one.is_open;
  if (!one.proposals_hold) return;
  if (!all.proposals_hold) {
    all.approved = one.approved;
  } else if (all.approved) {
    all.approved = one.approved ? std::max(all.approved, one.approved) : std::nullopt;
  }
  all.proposals_hold =
      std::min(all.proposals_hold.value_or(*one.proposals_hold), *one.proposals_hold);
}

std::vector<Decision> Controller::proposals() const {
  std::vector<Decision> all;
  for (const auto& [knob, domain] : domains_) {
    if (!domain.proposal()) continue;
    all.push_back({domain.proposal()->since, knob, domain.desired(), domain.desired(),
                   Reason::proposed, domain.proposal()->evidence});
  }
  return all;
}

PowerDomain& Controller::domain_of(const Knob& knob, Dbm in_force) {
  const auto found = domains_.find(knob);
  if (found != domains_.end()) return found->second;
  return domains_.try_emplace(knob, knob, make_policy_(), in_force, verdict_).first->second;
}

void Controller::describe(Instant at, PowerDomain& domain, std::optional<Dbm> moved_to,
                          Outcome& out, const Because& why) {
  if (domain.describe(at, terms_of(domain.knob()), moved_to, why, out)) {
    want_reading(domain.knob(), out);
  }
}

void Controller::describe_all(Instant at, InterfaceIndex interface, const Because& why,
                              Outcome& out) {
  const auto found = interfaces_.find(interface);
  if (found == interfaces_.end()) return;
  for (auto& [knob, domain] : domains_) {
    if (belongs(found->second, knob)) describe(at, domain, {}, out, why);
  }
}

StationModel& Controller::model_of(Interface& interface, const MacAddress& station) {
  const auto [entry, is_new] = interface.stations.try_emplace(station);
  if (is_new) entry->second.count_by(interface.traffic.origin);
  return entry->second;
}

void Controller::join(Instant at, Interface& interface, const MacAddress& station, Outcome& out) {
  model_of(interface, station);
  const Knob knob = knob_of(interface, station);
  for (auto& [other, domain] : domains_) {
    if (other == knob) {
      domain.note_joined(at, station);
    } else {
      domain.note_elsewhere(at, station);
    }
  }
  const bool is_new = !domains_.contains(knob);
  PowerDomain& domain = domain_of(knob, interface.up.power);
  if (is_new) {
    describe(at, domain, {}, out);
  } else if (domain.on_station_joined(at, out)) {
    want_reading(knob, out);
  }
}

void Controller::leave(Instant at, Interface& interface, const MacAddress& station, Outcome& out) {
  if (interface.stations.erase(station) == 0) return;
  const auto found = domains_.find(knob_of(interface, station));
  if (found == domains_.end()) return;
  if (found->first.kind == KnobKind::station) {
    domains_.erase(found);
  } else if (found->second.on_station_left(at, station, out)) {
    want_reading(found->first, out);
  }
}

void Controller::show_reading(const Interface& reported, Outcome& out) {
  const auto view_of = [](const auto& entry) {
    const StationModel& model = entry.second;
    return StationView{entry.first, model.expected_throughput(), model.totals(),
                       model.last() ? &*model.last() : nullptr};
  };
  if (reported.up.path == KnobKind::station) {
    for (const auto& entry : reported.stations) {
      const auto domain = domains_.find(knob_of(reported, entry.first));
      const StationView view = view_of(entry);
      if (domain != domains_.end() &&
          domain->second.on_reading(*reported.unread_report, {&view, 1}, out)) {
        want_reading(domain->first, out);
      }
    }
    return;
  }
  const auto domain = domains_.find(knob_of(reported));
  if (domain == domains_.end()) return;
  // Interfaces of one radio are dumped one after the other; the domain is shown them together.
  Instant at = *reported.unread_report;
  std::vector<StationView> views;
  for (const auto& [index, interface] : interfaces_) {
    if (!belongs(interface, domain->first)) continue;
    if (!interface.unread_report) return;
    at = std::min(at, *interface.unread_report);
    std::ranges::transform(interface.stations, std::back_inserter(views), view_of);
  }
  for (auto& [index, interface] : interfaces_) {
    if (belongs(interface, domain->first)) interface.unread_report.reset();
  }
  if (domain->second.on_reading(at, views, out)) want_reading(domain->first, out);
}

void Controller::want_reading(const Knob& knob, Outcome& out) const {
  for (const auto& [index, interface] : interfaces_) {
    if (belongs(interface, knob) && std::ranges::find(out.read_now, index) == out.read_now.end()) {
      out.read_now.push_back(index);
    }
  }
}

}  // namespace pianissimo
