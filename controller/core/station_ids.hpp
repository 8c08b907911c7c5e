// What stands for a station wherever it leaves the machine's memory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pianissimo {

/// A MAC address says who somebody is.
enum class StationIds : std::uint8_t {
  hmac,  ///< a pseudonym: the same for the same station for as long as this installation has its
         ///< key
  mac,   ///< the MAC address
  none,  ///< a number, which says nothing outside of the file that it is in
};

/// The words of the configuration, in the order of the enumerators.
inline constexpr std::array<std::string_view, 3> station_ids_words{"hmac", "mac", "none"};

constexpr std::string_view to_string(StationIds ids) {
  return station_ids_words[static_cast<std::size_t>(ids)];
}

/// Reads what to_string() writes; nullopt for anything else.
constexpr std::optional<StationIds> station_ids_from_string(std::string_view word) {
  for (std::size_t i = 0; i < station_ids_words.size(); ++i) {
    if (station_ids_words[i] == word) return static_cast<StationIds>(i);
  }
  return std::nullopt;
}

}  // namespace pianissimo
