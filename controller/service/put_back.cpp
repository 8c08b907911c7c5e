#include "controller/service/put_back.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;

using Entry = FoundPowers::value_type;

// A driver that drains its queue, an interface that is just being set up: free again soon. A kernel
// that answers nothing takes two seconds to be known as that: once is enough, for others wait.
// `set` must outlive the answer.
Awaitable<PowerResult> patiently(Ports ports, const std::function<Awaitable<PowerResult>()>& set) {
  const Instant began = ports.time.now();
  for (Duration wait = 50ms;; wait *= 2) {
    const PowerResult result = co_await set();
    const bool is_over = wait > 800ms || ports.time.now() - began > 1600ms;
    if (result.answer != PowerAnswer::busy || is_over) co_return result;
    const auto alarm = ports.time.make_alarm();
    co_await alarm->wait_until(ports.time.now() + wait);
  }
}

// Why stations still have their own limits, which they have only because we gave them one.
Awaitable<std::optional<std::string>> lift_station_limits(Knob knob, Ports ports) {
  const auto reading = co_await ports.stations.read(knob.interface);
  if (!reading && reading.error().gone) co_return std::nullopt;
  if (!reading) co_return reading.error().message;
  std::optional<std::string> trouble;
  const std::function<Awaitable<PowerResult>()> lift = [&] {
    return ports.knob.set_automatic(knob);
  };
  for (const StationSample& sample : reading->report.stations) {
    knob.station = sample.station;
    const PowerResult result = co_await patiently(ports, lift);
    const bool left_meanwhile = result.answer == PowerAnswer::gone;
    if (result.answer != PowerAnswer::accepted && !left_meanwhile) {
      trouble = to_string(sample.station) + ": " + std::strerror(result.error);
    }
  }
  co_return trouble;
}

// The radio's interfaces share one power. One of them with a level of its own keeps them all there.
FoundPower of_the_radio(const FoundPowers& all, FoundPower found) {
  for (const auto& [name, other] : all) {
    if (other.path != KnobKind::wiphy || other.wiphy != found.wiphy) continue;
    const bool is_level = other.setting == PowerSetting::fixed;
    const bool is_lower = found.setting != PowerSetting::fixed || other.power < found.power;
    if (is_level && is_lower) found = other;
  }
  return found;
}

// The list has the last word: some drivers say so of a radio that is there.
Awaitable<bool> is_gone(Knob knob, Ports ports) {
  const auto all = co_await ports.interfaces.list_all();
  co_return all&& std::ranges::none_of(*all, [&](const WirelessInterface& one) {
    return knob.kind == KnobKind::wiphy ? one.wiphy == knob.wiphy : one.index == knob.interface;
  });
}

// Why not, or nothing; `said`: what is in force then.
Awaitable<std::optional<std::string>> give(const Knob& knob, const FoundPower& found,
                                           std::optional<Dbm> channel_maximum, Ports ports,
                                           std::string& said) {
  // mac80211 takes whole dBm only.
  const Dbm level = std::min(found.power, channel_maximum.value_or(found.power)).whole();
  const std::function<Awaitable<PowerResult>()> set_automatic = [&] {
    return ports.knob.set_automatic(knob);
  };
  const std::function<Awaitable<PowerResult>()> set_level = [&] {
    return ports.knob.set(knob, level);
  };
  PowerResult result{};
  bool needs_level = found.setting == PowerSetting::fixed;
  if (!needs_level) {
    result = co_await patiently(ports, set_automatic);
    // On another channel it may be more; on this one it would be more than anybody has asked for.
    const bool is_comparable = found.setting == PowerSetting::automatic && result.read_back &&
                               channel_maximum == found.channel_maximum;
    const bool is_more = is_comparable && *result.read_back - found.power >= db(1);
    const bool is_unsupported = result.answer == PowerAnswer::unsupported;
    needs_level = is_more || (is_unsupported && found.setting == PowerSetting::automatic);
    said = "automatic again";
    if (is_comparable) said += fmt::format(", {:g} dBm", result.read_back->value());
  }
  if (needs_level) {
    result = co_await patiently(ports, set_level);
    said = fmt::format("{:g} dBm again", level.value());
    const bool is_other = result.read_back && (*result.read_back - level >= db(1) ||
                                               level - *result.read_back >= db(1));
    if (is_other) said += fmt::format(", and reads as {:g} dBm", result.read_back->value());
  }
  if (result.answer == PowerAnswer::accepted) co_return std::nullopt;
  if (result.answer == PowerAnswer::gone && co_await is_gone(knob, ports)) {
    said = "is gone, and its power with it";
    co_return std::nullopt;
  }
  co_return fmt::format("{:g} dBm could not be put back: {}", found.power.value(),
                        std::strerror(result.error));
}

// The interface that the note is about. Its name may have changed, and another may have that name
// now: an index is never given twice. A note of an old version has none.
const WirelessInterface* find(const std::vector<WirelessInterface>& all, const Entry& entry) {
  const InterfaceIndex index = entry.second.interface;
  const auto it = std::ranges::find_if(all, [&](const WirelessInterface& one) {
    return index != InterfaceIndex{} ? one.index == index : one.name == entry.first;
  });
  return it == all.end() ? nullptr : &*it;
}

Awaitable<PutBack> put_back_one(const Entry& entry, const FoundPowers& all_found,
                                const std::vector<WirelessInterface>& all,
                                const std::vector<ApInterface>& running, Ports ports) {
  const auto& [name, found] = entry;
  const WirelessInterface* const interface = find(all, entry);
  const bool is_radio = found.path == KnobKind::wiphy;
  PutBack outcome{.interface = name, .done = true, .message = name + ": "};
  if (interface && interface->name != name) outcome.message += "is now " + interface->name + ": ";
  if (!interface && !is_radio) {
    outcome.message += "is gone, and its power with it";
    co_return outcome;
  }
  if (!interface) {
    // A radio keeps its power though the interface is gone.
    outcome.message += fmt::format("is gone; its radio phy{}: ", value(found.wiphy));
  }
  Knob knob{.kind = found.path, .wiphy = found.wiphy};
  if (!is_radio) knob.interface = interface->index;
  std::optional<Dbm> channel_maximum;
  for (const ApInterface& one : running) {
    const bool is_it = interface ? one.index == interface->index : one.wiphy == found.wiphy;
    if (is_it) channel_maximum = one.channel_maximum;
  }
  std::optional<std::string> trouble;
  std::string said;
  if (found.path == KnobKind::station) {
    trouble = co_await lift_station_limits(knob, ports);
    if (trouble) trouble = "the stations' limits could not be lifted: " + *trouble;
    said = "the stations' limits are lifted";
  } else {
    const FoundPower wanted = is_radio ? of_the_radio(all_found, found) : found;
    trouble = co_await give(knob, wanted, channel_maximum, ports, said);
  }
  outcome.done = !trouble;
  outcome.message += trouble.value_or(said);
  co_return outcome;
}

}  // namespace

Awaitable<std::vector<PutBack>> put_back(const FoundPowers& found, Ports ports) {
  std::vector<PutBack> outcomes;
  if (found.empty()) co_return outcomes;
  const auto all = co_await ports.interfaces.list_all();
  // A reading of stations has those on the VLAN devices that the last list knew, too.
  const auto list = co_await ports.interfaces.list();
  const std::vector<ApInterface> running = list ? *list : std::vector<ApInterface>{};
  for (const Entry& entry : found) {
    if (!all) {
      outcomes.push_back({entry.first, false, entry.first + ": " + all.error().message});
      continue;
    }
    PutBack outcome = co_await put_back_one(entry, found, *all, running, ports);
    if (!list) outcome.message += " (its channel is not known: " + list.error().message + ')';
    outcomes.push_back(std::move(outcome));
  }
  co_return outcomes;
}

}  // namespace pianissimo::service
