#include "tests/property/world.hpp"

#include <algorithm>

#include "tests/unit/core/words.hpp"

namespace pianissimo::test {

using namespace std::chrono_literals;

World::World(std::uint32_t seed, KnobKind path) : random_{seed} {
  for (const InterfaceIndex index : {wlan0, wlan1}) {
    Interface interface;
    interface.up = access_point(index);
    interface.up.path = path;
    interface.up.found = Dbm::from_mbm(static_cast<std::int32_t>(50 * draw(0, 50)));
    interfaces_.push_back(interface);
  }
}

// Plain arithmetic: std::uniform_int_distribution is free to differ between libraries.
std::int64_t World::draw(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random_() % static_cast<std::uint32_t>(high - low + 1));
}

MacAddress World::any_station() { return station(static_cast<std::uint8_t>(draw(1, 5))); }

bool World::is_there(const Knob& knob) const {
  return std::ranges::any_of(interfaces_, [&](const Interface& interface) {
    return interface.is_up &&
           (knob.kind == KnobKind::wiphy || interface.up.interface == knob.interface) &&
           (knob.kind != KnobKind::station || interface.stations.contains(knob.station));
  });
}

Event World::next() {
  if (calm_) return next_calm();
  // What is asked of something that is gone is answered before it can be back.
  for (std::size_t i = 0; i < under_way_.size(); ++i) {
    if (!is_there(under_way_[i].knob)) return answer(i);
  }
  now_ += std::chrono::microseconds{one_in(50) ? draw(0, 3'000'000) : draw(0, 30'000)};
  Interface& interface = any_interface();
  // Of an interface that is not up as well: it counts from when it is.
  if (has_operators_ && one_in(12)) return wish(interface.up.interface);
  if (!interface.is_up) return come_up(interface);
  const std::int64_t lot = draw(0, 99);
  if (lot < 35 && !under_way_.empty()) {
    return answer(
        static_cast<std::size_t>(draw(0, static_cast<std::int64_t>(under_way_.size()) - 1)));
  }
  if (lot < 60 && wake_) return wake();
  if (lot < 90) return report(interface);
  if (lot < 92) return join(interface);
  if (lot < 94) return leave(interface);
  if (lot < 98) return change(interface);
  if (lot == 98) return go(interface);
  return Wake{now_};
}

void World::take(const Outcome& outcome) {
  under_way_.insert(under_way_.end(), outcome.commands.begin(), outcome.commands.end());
  if (!outcome.commands.empty()) last_asked_ = outcome.commands.back().level;
  wake_ = outcome.wake;
  if (calm_ && !outcome.read_now.empty()) next_report_ = now_;
}

Event World::come_up(Interface& interface) {
  interface.is_up = true;
  interface.up.channel_maximum = Dbm::from_mbm(static_cast<std::int32_t>(50 * draw(-4, 60)));
  interface.up.power = std::min(interface.up.found, interface.up.channel_maximum);
  interface.up.at = now_;
  return interface.up;
}

Event World::change(Interface& interface) {
  const std::int64_t what = draw(0, 2);
  if (what == 0)
    interface.up.channel_maximum = Dbm::from_mbm(static_cast<std::int32_t>(50 * draw(-4, 60)));
  if (what == 1) {
    // Somebody else sets a power, which may be the very one that we were refused.
    interface.up.power =
        one_in(2) ? last_asked_ : Dbm::from_mbm(static_cast<std::int32_t>(50 * draw(0, 60)));
  }
  interface.up.at = now_;
  return interface.up;
}

Event World::go(Interface& interface) {
  interface.is_up = false;
  interface.stations.clear();
  return InterfaceGone{now_, interface.up.interface};
}

Event World::join(Interface& interface) {
  const MacAddress who = any_station();
  Station& joined = interface.stations[who];
  joined = {};
  joined.counters = sample(who, static_cast<std::uint64_t>(draw(0, 5'000)), 0s);
  joined.in_next_report = !one_in(4);
  return StationJoined{now_, interface.up.interface, who};
}

Event World::leave(Interface& interface) {
  const MacAddress who = any_station();
  interface.stations.erase(who);
  return StationLeft{now_, interface.up.interface, who};
}

// Counters grow, wrap, restart and are not always given.
void World::live(Station& station) {
  StationSample& seen = station.counters;
  const bool resets = !calm_ && one_in(60);
  const auto grown = [&](auto value) -> decltype(value) {
    if (resets) return 0;
    return *value + static_cast<std::decay_t<decltype(*value)>>(draw(0, 40'000));
  };
  const bool is_idle = !calm_ && one_in(5);
  if (!is_idle) seen.tx_bytes = grown(std::optional{seen.tx_bytes.value_or(0)});
  if (calm_) *seen.tx_bytes += 10'000;
  seen.tx_packets = grown(std::optional{seen.tx_packets.value_or(0xffff'0000u)});
  seen.tx_retries = grown(std::optional{seen.tx_retries.value_or(0u)});
  seen.connected = resets && one_in(2) ? 0s : *seen.connected + 1s;
  seen.expected_throughput = Throughput::from_kbps(calm_ ? 50'000 : draw(0, 100'000));
  if (!calm_) return live_at_the_edges(seen);
  // All is delivered at the fastest rate, to somebody near.
  seen.tx_retries = 0;
  seen.tx_failed = 0;
  seen.tx_rate = BitRate{.rate = Throughput::from_kbps(780'000),
                         .format = RateFormat::vht,
                         .mcs = 9,
                         .nss = 2,
                         .width = Mhz{80}};
  seen.rx_packets = seen.rx_packets.value_or(0) + 10;
  seen.signal = seen.signal_avg = dbm(-40);
  seen.ack_signal = std::nullopt;
}

// Whatever a driver may show: counters that jump by all that they can hold, or stand still, rates
// of nothing, signals from nowhere.
void World::live_at_the_edges(StationSample& seen) {
  const auto counted = [&](std::optional<std::uint32_t>& counter) {
    const std::uint32_t grown =
        one_in(4) ? 0U
                  : static_cast<std::uint32_t>(one_in(30) ? draw(0, 0xffff'fffe) : draw(0, 300));
    counter = counter.value_or(0) + grown;
  };
  if (one_in(3)) {
    for (auto* const counter : {&seen.tx_packets, &seen.tx_retries}) counted(*counter);
  }
  counted(seen.tx_failed);
  counted(seen.rx_packets);
  seen.tx_duration = seen.tx_duration.value_or(0us) +
                     std::chrono::microseconds{one_in(30) ? draw(0, 0xffff'fffe) : draw(0, 50'000)};
  if (one_in(3)) seen.tx_rate = any_rate();
  for (auto* const signal : {&seen.signal, &seen.signal_avg, &seen.ack_signal}) {
    if (!*signal || one_in(10)) *signal = dbm(static_cast<std::int32_t>(draw(-128, 0)));
  }
}

BitRate World::any_rate() {
  BitRate rate;
  rate.rate = Throughput::from_kbps(one_in(10) ? 0 : draw(1, 3'000'000));
  rate.format = static_cast<RateFormat>(draw(0, 4));
  if (!one_in(4)) rate.mcs = static_cast<std::uint8_t>(draw(0, one_in(10) ? 255 : 13));
  if (!one_in(4)) rate.nss = static_cast<std::uint8_t>(draw(0, 8));
  rate.width = Mhz{one_in(10) ? 0U : static_cast<std::uint32_t>(20 << draw(0, 3))};
  return rate;
}

// An attribute that the driver does not give this time.
void World::lose_some(StationSample& seen) {
  if (one_in(12)) seen.tx_retries.reset();
  if (one_in(12)) seen.tx_failed.reset();
  if (one_in(12)) seen.rx_packets.reset();
  if (one_in(12)) seen.tx_duration.reset();
  if (one_in(12)) seen.tx_rate.reset();
  if (one_in(6)) seen.signal.reset();
  if (one_in(6)) seen.signal_avg.reset();
  if (one_in(3)) seen.ack_signal.reset();
}

Event World::report(Interface& interface) {
  StationReport report{.at = now_, .interface = interface.up.interface};
  if (!calm_)
    report.at -=
        std::min<Duration>(std::chrono::microseconds{draw(0, 3'000)}, now_.time_since_epoch());
  if (!calm_ && one_in(12)) {
    const MacAddress who = any_station();
    interface.stations.try_emplace(who, Station{sample(who)});
  }
  if (!calm_ && one_in(30)) interface.stations.erase(any_station());
  report.complete = calm_ || !one_in(5);
  for (auto& [who, station] : interface.stations) {
    live(station);
    if (!calm_ && !report.complete && one_in(3)) continue;
    StationSample seen = station.counters;
    if (!calm_ && one_in(6)) seen.expected_throughput.reset();
    if (!calm_ && one_in(6)) seen.tx_bytes.reset();
    if (!calm_ && one_in(6)) seen.tx_packets.reset();
    if (!calm_ && one_in(6)) seen.connected.reset();
    if (!calm_) lose_some(seen);
    report.stations.push_back(seen);
  }
  return report;
}

Event World::answer(std::size_t which) {
  const SetPower command = under_way_[which];
  under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(which));
  PowerResult result{.at = now_, .knob = command.knob, .asked = command.level};
  const std::int64_t lot = calm_ ? 99 : draw(0, 99);
  if (!is_there(command.knob)) {
    result.answer = PowerAnswer::gone;
  } else if (lot < 8) {
    result.answer = PowerAnswer::busy;
  } else if (lot < 12) {
    result.answer = one_in(2) ? PowerAnswer::unsupported : PowerAnswer::not_permitted;
  } else if (lot < 15) {
    result.read_back = Dbm::from_mbm(static_cast<std::int32_t>(50 * draw(0, 60)));
  } else if (lot < 30) {
    result.read_back = command.level + Db::from_mb(50);
  } else if (lot < 90) {
    result.read_back = command.level;
  }
  if (result.answer != PowerAnswer::accepted) result.error = 1;
  for (Interface& interface : interfaces_) {
    const bool is_meant =
        command.knob.kind == KnobKind::wiphy || (command.knob.kind == KnobKind::interface &&
                                                 command.knob.interface == interface.up.interface);
    if (is_meant && result.answer == PowerAnswer::accepted) {
      interface.up.power = result.read_back.value_or(result.asked);
    }
  }
  return result;
}

// Any level, also where no radio has one; a hold that is over before it began.
Event World::wish(InterfaceIndex interface) {
  const Asker by{static_cast<std::uint32_t>(draw(0, 2000)), 1};
  const auto any_level = [&] {
    return Dbm::from_mbm(static_cast<std::int32_t>(50 * draw(-40, 90)));
  };
  if (one_in(4)) {
    ExternalCeilingSet set{.at = now_, .interface = interface, .ceiling = {}};
    if (!one_in(3)) set.ceiling = any_level();
    return set;
  }
  if (one_in(3)) {
    LeaveSet set{.at = now_, .interface = interface, .is_open = !one_in(3)};
    if (one_in(2)) set.proposals_hold = std::chrono::seconds{draw(1, 5)};
    if (one_in(2)) set.approved = any_level();
    return set;
  }
  if (one_in(2)) {
    CeilingSet set{.at = now_, .interface = interface, .ceiling = {}, .by = by};
    if (!one_in(3)) set.ceiling = any_level();
    return set;
  }
  HoldSet set{.at = now_, .interface = interface, .holds = one_in(2), .by = by};
  if (one_in(2)) set.level = any_level();
  if (one_in(2)) set.until = now_ + std::chrono::milliseconds{draw(-10, 500)};
  return set;
}

// On time, late or early.
Event World::wake() {
  now_ = std::max(now_, *wake_ + std::chrono::milliseconds{one_in(3) ? draw(-20, 40) : 0});
  return Wake{now_};
}

void World::calm_down(bool strangers) {
  calm_ = true;
  for (Interface& interface : interfaces_) {
    interface.is_up = true;
    interface.stations.clear();
    const MacAddress who =
        station(static_cast<std::uint8_t>(value(interface.up.interface) + (strangers ? 100 : 0)));
    interface.stations.emplace(who, Station{sample(who)});
    // Twice, so that one of them is a change, and what a knob was held to have clamped is
    // forgotten.
    for (const std::int32_t maximum : {19, 20}) {
      interface.up.at = now_;
      interface.up.found = interface.up.channel_maximum = interface.up.power = dbm(maximum);
      agenda_.push_back(interface.up);
    }
  }
  next_report_ = now_;
}

Event World::next_calm() {
  if (!agenda_.empty()) {
    const Event event = agenda_.front();
    agenda_.erase(agenda_.begin());
    return event;
  }
  if (!under_way_.empty()) return answer(0);
  if (wake_ && *wake_ <= next_report_) {
    now_ = std::max(now_, *wake_);
    return Wake{now_};
  }
  now_ = std::max(now_, next_report_);
  Interface& interface = interfaces_[reports_++ % interfaces_.size()];
  if (reports_ % interfaces_.size() == 0) next_report_ = now_ + 100ms;
  return report(interface);
}

}  // namespace pianissimo::test
