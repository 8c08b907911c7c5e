// What a captured frame says of a station's traffic. Pure: bytes in, a value out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/station.hpp"
#include "controller/core/units.hpp"

namespace pianissimo::capture {

/// How a capture's frames begin.
enum class LinkType : std::uint8_t {
  ethernet,
  ieee80211,
  radiotap,
  ppi,     ///< per-packet information, then another of these
  cooked,  ///< Linux: who sent it, and on what (tcpdump -i any); version 1 (SLL)
  cooked2  ///< version 2 (SLL2), with the interface
};

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
  /// One over the air. Where the frame alone does not say who is a station, both ends: on Ethernet,
  /// and with four addresses on the air. None: a frame that only tells who is an access point, or
  /// one that somebody sent, nobody says to whom.
  std::vector<Crossing> crossings;
  std::uint32_t payload = 0;  ///< bytes of all MSDUs: after the MAC header, without FCS
  std::uint32_t packets = 1;  ///< MSDUs: several in an A-MSDU, as far as it can be read
  bool is_opaque = false;     ///< an A-MSDU that is encrypted or was cut off: counts as one MSDU
  bool is_cut = false;        ///< so little was captured that it does not say whose it is
  bool is_own = false;        ///< cooked: sent by the machine that captured, to nobody knows whom
  std::optional<MacAddress> access_point;  ///< as the frame says: a beacon, or three addresses
  std::optional<std::uint32_t> interface;  ///< where cooked2 saw it
  bool is_retry = false;                   ///< the retry bit of 802.11
  /// Of 802.11, for telling repetitions: who sent it, the traffic class and the sequence number.
  MacAddress sender;
  std::uint8_t traffic_class = 0;
  std::optional<std::uint16_t> sequence;
  bool wants_ack = false;  ///< 802.11: sent to one receiver that acknowledges it
  /// Of a frame whose status is known, since who sent it captured it: how often it was sent after
  /// the first time, and whether it was acknowledged in the end.
  std::optional<std::uint8_t> data_retries;
  std::optional<bool> has_failed;
  std::optional<BitRate> rate;
  std::optional<Dbm> signal;
  std::optional<Dbm> power;           ///< that it was sent with
  bool has_impossible_power = false;  ///< it tells one that is none
};

/// No frame is longer, not even what a network card has put together (Linux: 512 kB).
inline constexpr std::uint32_t longest_frame = 1'048'576;

/// nullopt: neither data frame nor beacon, or not even that can be told. `length` is that of the
/// frame on the wire, which may be more than `bytes`; where it is, too little may have been
/// captured: then the frame is one without crossings that is_cut.
std::optional<Frame> read_frame(LinkType type, std::span<const std::uint8_t> bytes,
                                std::uint32_t length);

/// Who is a station, learnt frame by frame.
class Ends {
 public:
  /// Takes from the frame's crossings the end that is an access point, if one was seen before; and
  /// of a cooked frame the ends that are known on another interface: a frame that is forwarded is
  /// captured on each.
  void settle(Frame& frame);

 private:
  std::set<MacAddress> access_points_;
  std::map<MacAddress, std::uint32_t> interfaces_;
};

}  // namespace pianissimo::capture
