// What the kernel says of one station at one moment (NL80211_ATTR_STA_INFO). An attribute that the
// driver does not give is nullopt, never zero.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/core/identity.hpp"
#include "controller/core/time.hpp"
#include "controller/core/units.hpp"

namespace pianissimo {

/// Which generation's rate tables a bit rate is from.
enum class RateFormat : std::uint8_t { legacy, ht, vht, he, eht };

/// A PHY bit rate (NL80211_STA_INFO_TX_BITRATE and its nested NL80211_RATE_INFO_*).
struct BitRate {
  Throughput rate;
  RateFormat format = RateFormat::legacy;
  std::optional<std::uint8_t> mcs;  ///< HT: 0-31 with the streams in it; VHT and later: 0-13
  std::optional<std::uint8_t> nss;  ///< spatial streams, from VHT on
  Mhz width{20};
  bool short_gi = false;
  friend bool operator==(const BitRate&, const BitRate&) = default;
};

/// One station in one dump. Counters run since the station associated and are cumulative.
struct StationSample {
  MacAddress station;
  /// NL80211_STA_INFO_EXPECTED_THROUGHPUT. mac80211 leaves it out when it is 0.
  std::optional<Throughput> expected_throughput;
  std::optional<std::uint64_t> tx_bytes;    ///< access point to station, 802.11 header included
  std::optional<std::uint64_t> rx_bytes;    ///< station to access point
  std::optional<std::uint32_t> tx_packets;  ///< MSDUs
  std::optional<std::uint32_t> rx_packets;
  std::optional<std::uint32_t> tx_retries;  ///< MPDUs on aggregating drivers
  std::optional<std::uint32_t> tx_failed;
  std::optional<std::chrono::microseconds> tx_duration;  ///< airtime of all transmissions to it
  std::optional<BitRate> tx_rate;
  std::optional<BitRate> rx_rate;
  std::optional<Dbm> signal;  ///< of the last frame from the station
  std::optional<Dbm> signal_avg;
  std::optional<Dbm> ack_signal;  ///< of the last ACK from the station
  std::optional<Dbm> ack_signal_avg;
  std::optional<std::chrono::milliseconds> inactive;  ///< since the last frame from the station
  std::optional<std::chrono::seconds> connected;      ///< since association
  friend bool operator==(const StationSample&, const StationSample&) = default;
};

/// Who counts the bytes of an interface's stations.
enum class TrafficOrigin : std::uint8_t {
  nl80211,  ///< the driver: tx_bytes and rx_bytes of StationSample
  bpf,      ///< our programs where the frames enter and leave the device
};

/// "nl80211", "bpf".
std::string_view to_string(TrafficOrigin origin);

/// What one station was sent and has sent, as counted by our programs: Ethernet frames without FCS
/// as they are on the wire, since counting began. `tx` is to the station, as with StationSample.
struct TrafficSample {
  MacAddress station;
  std::uint64_t tx_packets = 0;
  std::uint64_t tx_bytes = 0;  ///< offered: also what the queues drop later
  std::uint64_t rx_packets = 0;
  std::uint64_t rx_bytes = 0;
  friend bool operator==(const TrafficSample&, const TrafficSample&) = default;
};

}  // namespace pianissimo
