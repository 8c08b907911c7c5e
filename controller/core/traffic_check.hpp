// Whether our byte counters see what the driver's see. Frames that hardware forwards (flow offload,
// PPE, WED) pass by the hooks of the network stack: then only the driver counts right.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "controller/core/events.hpp"

namespace pianissimo {

/// Both counts of one station and direction, over the same time.
struct TrafficMismatch {
  enum class Direction : std::uint8_t { to_station, from_station } direction{};
  MacAddress station;
  std::uint64_t driver_bytes = 0;  ///< nl80211: with 802.11 headers
  std::uint64_t our_bytes = 0;     ///< TrafficReport: with Ethernet headers
  friend bool operator==(const TrafficMismatch&, const TrafficMismatch&) = default;
};

/// Compares the two counters of each station of one interface, in windows of at least 2 s and 64
/// KiB. A window disagrees when the driver has counted over 5 % more than ours and all the headers
/// that it may count (36 B per packet: 20 B for the 802.11 header instead of the Ethernet header,
/// up to 16 B for encryption); at reception also when it has counted over 5 % less than ours. What
/// the driver has sent less than ours was dropped in its queues: no mismatch. Two windows in a row
/// must disagree, as a queue may drain in one what it was offered in another.
class TrafficCheck {
 public:
  void on(const TrafficReport& report);
  /// The mismatches that this report has shown; each station and direction is told once.
  std::vector<TrafficMismatch> on(const StationReport& report);

 private:
  struct Counters {
    std::uint64_t driver = 0;
    std::uint64_t bytes = 0;
    std::uint64_t packets = 0;
  };
  struct Window {
    Instant began;
    Counters from;
    int disagreed = 0;  ///< windows in a row
    bool told = false;
  };
  using Key = std::pair<MacAddress, TrafficMismatch::Direction>;

  std::optional<TrafficMismatch> compare(const Key& key, Instant at, const Counters& now);

  std::map<MacAddress, TrafficSample> ours_;
  std::map<Key, Window> windows_;
};

}  // namespace pianissimo
