// Identities of interfaces, radios and stations, as types instead of integers.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pianissimo {

/// An IEEE 802 MAC address.
struct MacAddress {
  std::array<std::uint8_t, 6> octets{};
  friend constexpr auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

/// "02:00:00:00:01:00", lower case.
std::string to_string(const MacAddress& address);

/// Reads what to_string() writes (either case); nullopt for anything else.
std::optional<MacAddress> mac_from_string(std::string_view text);

/// A network device's ifindex (rtnetlink(7)); never 0 for an existing device.
enum class InterfaceIndex : std::uint32_t {};

/// NL80211_ATTR_WIPHY; 0 is a valid one.
enum class WiphyIndex : std::uint32_t {};

constexpr std::uint32_t value(InterfaceIndex index) { return static_cast<std::uint32_t>(index); }
constexpr std::uint32_t value(WiphyIndex index) { return static_cast<std::uint32_t>(index); }

/// What a transmit power is set through.
enum class KnobKind : std::uint8_t {
  wiphy,      ///< NL80211_CMD_SET_WIPHY with NL80211_ATTR_WIPHY: every interface of the radio
  interface,  ///< NL80211_CMD_SET_WIPHY with NL80211_ATTR_IFINDEX: one interface
  station,    ///< NL80211_CMD_SET_STATION with NL80211_ATTR_STA_TX_POWER: one station
};

/// "wiphy", "interface", "station".
std::string_view to_string(KnobKind kind);
/// Reads what to_string() writes.
std::optional<KnobKind> knob_kind_from_string(std::string_view word);

/// One knob, and so one power domain. Fields that its kind does not use stay zero.
struct Knob {
  KnobKind kind = KnobKind::interface;
  WiphyIndex wiphy{};
  InterfaceIndex interface {};
  MacAddress station{};
  friend constexpr auto operator<=>(const Knob&, const Knob&) = default;
};

}  // namespace pianissimo
