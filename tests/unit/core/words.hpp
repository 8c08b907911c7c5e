// The nouns of the tests: moments, stations, interfaces, and the kernel's answers.
#pragma once

#include "controller/core/events.hpp"
#include "tests/unit/core/print.hpp"

namespace pianissimo::test {

constexpr Instant at_ms(std::int64_t ms) { return Instant{std::chrono::milliseconds{ms}}; }

constexpr std::int64_t ms_of(Instant at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

constexpr Throughput mbps(std::int64_t megabits) { return Throughput::from_kbps(1000 * megabits); }

constexpr MacAddress station(std::uint8_t last) { return {{2, 0, 0, 0, 0, last}}; }

constexpr MacAddress alice = station(0xa);
constexpr MacAddress bob = station(0xb);

constexpr InterfaceIndex wlan0{3};
constexpr InterfaceIndex wlan1{4};
constexpr WiphyIndex phy0{0};

/// An access point on channel 36 that was found at 20 dBm, all of which its channel allows.
inline InterfaceUp access_point(InterfaceIndex interface = wlan0) {
  return {.at = at_ms(0),
          .interface = interface,
          .wiphy = phy0,
          .name = interface == wlan0 ? "wlan0" : "wlan1",
          .path = KnobKind::interface,
          .frequency = Mhz{5180},
          .width = Mhz{80},
          .channel_maximum = dbm(20),
          .found = dbm(20),
          .power = dbm(20)};
}

constexpr Knob knob_of_wlan0 = {KnobKind::interface, phy0, wlan0, {}};

/// A station that has associated `connected` ago and was sent `bytes` since.
inline StationSample sample(const MacAddress& station, std::uint64_t bytes = 0,
                            std::chrono::seconds connected = std::chrono::seconds{1}) {
  StationSample all;
  all.station = station;
  all.tx_bytes = bytes;
  all.connected = connected;
  return all;
}

/// The kernel took it, and says that this is in force.
inline PowerResult accepted(Instant at, const Knob& knob, Dbm asked, Dbm read_back) {
  return {.at = at, .knob = knob, .asked = asked, .read_back = read_back};
}
inline PowerResult accepted(Instant at, const Knob& knob, Dbm asked) {
  return accepted(at, knob, asked, asked);
}

inline PowerResult refused(Instant at, const Knob& knob, Dbm asked, PowerAnswer answer,
                           int error = 0) {
  return {.at = at, .knob = knob, .asked = asked, .answer = answer, .error = error};
}

}  // namespace pianissimo::test
