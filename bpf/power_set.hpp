// One call of cfg80211's set_tx_power: the kernel's bytes as values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "controller/core/units.hpp"

namespace pianissimo::bpf {

/// A power that a process has asked the kernel for. Whether it got it is not told.
struct PowerSet {
  enum class Setting : std::uint8_t {
    automatic,
    limited,
    fixed
  };                          ///< enum nl80211_tx_power_setting
  std::uint32_t process = 0;  ///< its number in the first PID namespace
  std::string comm;           ///< what it calls itself: any bytes, 15 at most
  std::string wiphy;          ///< the radio's name: "phy0"
  Setting setting = Setting::automatic;
  Dbm level;  ///< -300..300 dBm; means nothing with `automatic`
  friend bool operator==(const PowerSet&, const PowerSet&) = default;
};

/// nullopt: no such record, or a setting that this version does not know.
std::optional<PowerSet> decode_power_set(std::span<const std::byte> record);

/// Where the tracepoint's record has its fields, in bytes from its beginning.
struct PowerSetPlaces {
  std::uint32_t wiphy = 0;
  std::uint32_t setting = 0;
  std::uint32_t mbm = 0;
  friend bool operator==(const PowerSetPlaces&, const PowerSetPlaces&) = default;
};

/// Reads tracefs's description of the tracepoint ("format"). nullopt: a field is missing, has
/// another size than we know, or lies beyond the first 256 bytes.
std::optional<PowerSetPlaces> power_set_places(std::string_view format);

}  // namespace pianissimo::bpf
