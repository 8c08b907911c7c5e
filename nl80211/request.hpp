// What we ask of the kernel, as values: a request knows nothing of sockets and sequence numbers.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/units.hpp"

namespace pianissimo::nl80211 {

struct Request {
  std::uint8_t command = 0;           ///< enum nl80211_commands
  std::uint16_t flags = 0;            ///< NLM_F_*, beside NLM_F_REQUEST
  std::vector<std::byte> attributes;  ///< ready for the wire
  friend bool operator==(const Request&, const Request&) = default;

  bool is_dump() const;

  /// Appends one attribute and its padding.
  Request& put(int type, std::span<const std::byte> payload);
  template <class T>
  requires std::integral<T> Request& put(int type, T value) {
    std::byte bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    return put(type, std::span<const std::byte>{bytes});
  }
  Request& put_flag(int type) { return put(type, std::span<const std::byte>{}); }
};

Request get_interfaces();
Request get_interfaces(WiphyIndex wiphy);
Request get_interface(InterfaceIndex interface);
/// With NL80211_ATTR_SPLIT_WIPHY_DUMP: one wiphy comes as several messages (merge_wiphy()).
Request get_wiphys();
Request get_stations(InterfaceIndex interface);
Request get_regulatory_domain();
/// The networks that an interface has heard last. Asks for no new scan.
Request get_networks(InterfaceIndex interface);

/// Fixes a radio's power (NL80211_TX_POWER_FIXED), or limits a station's (NL80211_TX_POWER_LIMITED:
/// the only setting with a value there). A station's level goes out in whole dBm, the highest not
/// above `level`.
Request set_power(const Knob& knob, Dbm level);

/// Gives the knob back: NL80211_TX_POWER_AUTOMATIC.
Request set_power_automatic(const Knob& knob);

/// The request as one netlink message, into `out` (which keeps its capacity).
void serialize(const Request& request, std::uint16_t family, std::uint32_t sequence,
               std::vector<std::byte>& out);

}  // namespace pianissimo::nl80211
