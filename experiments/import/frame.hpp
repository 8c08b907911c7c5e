// What a captured frame says of a station's traffic. Pure: bytes in, a value out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/units.hpp"

namespace pianissimo::capture {

/// How a capture's frames begin.
enum class LinkType : std::uint8_t { ethernet, ieee80211, radiotap };

enum class Direction : std::uint8_t { to_station, from_station };

/// "to_station", "from_station".
std::string_view to_string(Direction direction);

/// A data frame, as one of its stations sees it.
struct Crossing {
  MacAddress station;
  Direction direction = Direction::to_station;
  friend bool operator==(const Crossing&, const Crossing&) = default;
};

struct Frame {
  /// One over the air; on Ethernet, where nobody says who is a station, both ends.
  std::vector<Crossing> crossings;
  std::uint32_t payload = 0;  ///< bytes after the MAC header, without FCS
  bool is_retry = false;      ///< the retry bit of 802.11
  /// Of 802.11, for telling repetitions: who sent it, the traffic class and the sequence number.
  MacAddress sender;
  std::uint8_t traffic_class = 0;
  std::optional<std::uint16_t> sequence;
  std::optional<Throughput> rate;
  std::optional<Dbm> signal;
};

/// nullopt: no data frame of a station, or too little of it was captured. `length` is that of the
/// frame on the wire, which may be more than `bytes`.
std::optional<Frame> read_frame(LinkType type, std::span<const std::uint8_t> bytes,
                                std::uint32_t length);

}  // namespace pianissimo::capture
