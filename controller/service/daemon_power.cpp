// The daemon's writes: never above what somebody else has set, and put back at the end.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "config/printable.hpp"
#include "controller/service/daemon.hpp"

namespace pianissimo::service {

PowerSight Daemon::sight_of(const ApInterface& interface, KnobKind path) const {
  PowerSight sight{.name = interface.name,
                   .interface = interface.index,
                   .wiphy = interface.wiphy,
                   .path = path,
                   .power = interface.power,
                   .channel_maximum = *interface.channel_maximum};
  if (const auto told = told_.find(interface.wiphy); told != told_.end()) sight.told = told->second;
  const auto known = driven_.find(interface.index);
  if (known == driven_.end()) return sight;
  // A dry run's power is in force nowhere.
  if (!config_.dry_run) sight.last_read = known->second.power;
  return sight;
}

// What a reading means for the power found, which is on disk before the next write: false if it is
// not, or if nothing is known, and so nothing may be written.
bool Daemon::notice(const PowerSight& sight) {
  PowerWatch::Finding finding = power_.look(sight, config_.box.ceiling);
  const FoundPowers& before = power_.found();
  const auto limit = before.find(sight.name);
  using enum PowerWatch::Verdict;
  if (finding.verdict == lowered) {
    const std::string text = fmt::format(
        "{}: {}: nothing goes above that from here on, and that is what is put back ({:g} dBm "
        "before)",
        sight.name, who_set(sight),
        limit == before.end() ? sight.power->value() : limit->second.power.value());
    say(spdlog::level::warn, text);
    status_->others_set(sight.name, who_set(sight), ports_.time.now());
    tally_.others_set(sight.name, true);
  } else if (finding.verdict == raised) {
    say_once(fmt::format("{}: {}; that lifts no limit, the highest power stays {:g} dBm",
                         sight.name, who_set(sight), finding.found.at(sight.name).power.value()));
    status_->others_set(sight.name, who_set(sight), ports_.time.now());
    tally_.others_set(sight.name, false);
  } else if (finding.verdict == found && !finding.why.empty()) {
    say_once(fmt::format("{}: {}; box.ceiling_dbm stands in for the power found", sight.name,
                         finding.why));
  } else if (finding.verdict == unreadable) {
    say_once(fmt::format("{}: {}: not taken for a power", sight.name, finding.why));
  } else if (finding.verdict == implausible) {
    leave_alone(sight.name, fmt::format("{}. {}", finding.why, ways_out));
    return false;
  }
  if (finding.found != saved_ && !config_.dry_run) {
    if (const auto error = state_.save(finding.found)) {
      say_once(fmt::format("{}: not driven: {}", sight.name, error->message));
      // Somebody's limit holds, written down or not.
      if (finding.verdict == lowered) power_.adopt(sight, std::move(finding));
      return false;
    }
    saved_ = finding.found;
  }
  power_.adopt(sight, std::move(finding));
  return true;
}

void Daemon::see_present(const std::vector<ApInterface>& list) {
  std::set<InterfaceIndex> present;
  for (const ApInterface& interface : list) present.insert(interface.index);
  power_.see_present(present);
}

// Somebody may have set a power since the last look: what is put back is what stands outside of us.
Awaitable<void> Daemon::look_once_more() {
  const auto list = co_await ports_.interfaces.list();
  if (!list) {
    say_once(fmt::format("what others have set last: interfaces: {}", list.error().message));
    co_return;
  }
  see_present(*list);
  for (const ApInterface& interface : *list) {
    if (!interface.channel_maximum) continue;
    const auto known = power_.found().find(interface.name);
    if (known == power_.found().end()) continue;
    const PowerSight sight = sight_of(interface, known->second.path);
    if (power_.knows(sight)) notice(sight);
  }
}

bool Daemon::is_on(const Knob& knob, const InterfaceUp& up) const {
  return knob.kind == KnobKind::wiphy ? up.wiphy == knob.wiphy : up.interface == knob.interface;
}

// Who changes a power need not be told, so it is read before it is written. True if it is what we
// left, or if it cannot be read.
Awaitable<bool> Daemon::is_as_we_left_it(const Knob& knob) {
  std::vector<InterfaceUp> interfaces;
  for (const auto& [index, up] : driven_) {
    if (is_on(knob, up)) interfaces.push_back(up);
  }
  for (const InterfaceUp& up : interfaces) {
    if (!driving_) break;  // nothing is written any more
    const auto power = co_await ports_.interfaces.power_of(up.interface);
    if (!power) {
      tally_.failed(Operation::read_power, power.error());
      // Of who is gone, the next look says so.
      const PortError& error = power.error();
      if (!error.gone) say_once(fmt::format("{}: its power: {}", up.name, error.message));
    }
    if (!power || !*power) continue;
    const auto kernel_maximum = kernel_maximum_.find(up.interface);
    const PowerSight sight{.name = up.name,
                           .interface = up.interface,
                           .wiphy = up.wiphy,
                           .path = up.path,
                           .power = *power,
                           .channel_maximum = kernel_maximum == kernel_maximum_.end()
                                                  ? up.channel_maximum
                                                  : kernel_maximum->second,
                           .last_read = up.power};
    const auto verdict = power_.look(sight, config_.box.ceiling).verdict;
    if (verdict != PowerWatch::Verdict::ours) co_return false;
  }
  co_return true;
}

Awaitable<void> Daemon::read_powers_back() {
  // All interfaces of a radio's knob are read together.
  std::set<Knob> knobs;
  for (const auto& [index, up] : driven_) {
    const bool is_radio = up.path == KnobKind::wiphy;
    knobs.insert({.kind = up.path,
                  .wiphy = up.wiphy,
                  .interface = is_radio ? InterfaceIndex{} : up.interface});
  }
  for (const Knob& knob : knobs) {
    // A dry run's power is in force nowhere. What is read while we write proves nothing.
    if (!driving_ || config_.dry_run || look_is_wanted_ || writes_pending_ > 0) co_return;
    const std::uint64_t writes = writes_;
    if (!co_await is_as_we_left_it(knob) && writes == writes_) want_look();
  }
}

// What others set is looked at as soon as it is told, lest we write in between.
Awaitable<void> Daemon::watch_setters() {
  while (!stopping_ && ports_.power_sets) {
    auto set = co_await ports_.power_sets->next();
    if (stopping_ || !set) co_return;
    const auto is_there = [&](const auto& driven) { return driven.second.wiphy == set->wiphy; };
    if (std::ranges::none_of(driven_, is_there)) continue;
    // Any process may take any name.
    set->by.name = printable(set->by.name);
    told_.insert_or_assign(set->wiphy, *set);
    want_look();
  }
}

void Daemon::listen_to_setters() {
  std::optional<std::string> why = "built without BPF";
  if (ports_.power_sets && config_.trace_power) {
    why = ports_.power_sets->listen();
  } else if (ports_.power_sets) {
    ports_.power_sets->ignore();
    why = "trace_power is false";
  }
  if (!why) return;
  log_.info("what others set is found by reading it back, within a second, and not by whom: {}",
            *why);
}

// What was told since stays for the next look.
void Daemon::forget_told(const std::map<WiphyIndex, PowerSet>& judged) {
  std::erase_if(told_, [&](const auto& told) {
    const auto known = judged.find(told.first);
    return known != judged.end() && known->second == told.second;
  });
}

// The lowest limit in force; nullopt: no interface of this knob is driven.
std::optional<Dbm> Daemon::limit_of(const Knob& knob) const {
  std::optional<Dbm> limit;
  for (const auto& [index, up] : driven_) {
    if (!is_on(knob, up)) continue;
    const auto found = power_.found().find(up.name);
    const Dbm of_this = found == power_.found().end()
                            ? up.channel_maximum
                            : std::min(up.channel_maximum, found->second.power);
    limit = std::min(limit.value_or(of_this), of_this);
    const auto& wished = wishes_.of(up.name).ceiling;
    if (wished) limit = std::min(*limit, std::max(wished->level, config_.box.floor));
    const auto external = ceiling_file_.at(up.name);
    if (external) limit = std::min(*limit, std::max(*external, config_.box.floor));
  }
  return limit;
}

Awaitable<PowerResult> Daemon::set(const SetPower& command) {
  const Knob& knob = command.knob;
  PowerResult result{
      .at = ports_.time.now(), .knob = knob, .asked = command.level, .read_back = command.level};
  if (config_.dry_run) co_return result;
  const auto life = life_;
  // The look tells the core, which then wants another level.
  const bool is_known = !look_is_wanted_ && co_await is_as_we_left_it(knob);
  if (!is_known && driving_ && life == life_) co_await refresh();
  if (!driving_ || life != life_) co_return result;  // the answer goes nowhere any more
  const auto limit = limit_of(knob);
  if (limit && command.level > *limit) {
    result.answer = PowerAnswer::busy;
    result.error = EBUSY;
    result.read_back.reset();
    co_return result;
  }
  ++writes_;
  ++writes_pending_;
  power_.trying(knob, command.level);
  result = co_await ports_.knob.set(knob, command.level);
  --writes_pending_;
  count(result);
  if (result.answer == PowerAnswer::accepted) power_.wrote(knob, command.level);
  // A driver whose reports are not believed is not believed here either.
  for (const auto& [index, up] : driven_) {
    const auto found = power_.found().find(up.name);
    const bool is_believed =
        found == power_.found().end() || found->second.setting != PowerSetting::unknown;
    if (is_on(knob, up) && !is_believed) result.read_back.reset();
  }
  co_return result;
}

Awaitable<bool> Daemon::put_all_back() {
  bool all = true;
  if (!config_.dry_run) {
    const FoundPowers found = power_.to_put_back();
    for (const PutBack& outcome : co_await put_back(found, ports_)) {
      say(outcome.done ? spdlog::level::info : spdlog::level::err, outcome.message);
      all = all && outcome.done;
    }
    // What could not be put back stays remembered: here, and on disk for `pianissimo restore`.
    if (!all) {
      power_.owe(power_.found());
      co_return false;
    }
    if (const auto error = state_.remove()) log_.error("{}", error->message);
    saved_.clear();
  }
  power_.all_put_back();
  co_return true;
}

}  // namespace pianissimo::service
