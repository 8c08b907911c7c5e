// What is compared: a control law of the daemon, a level, or a bit rate set by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pianissimo::campaign {

/// The law that every campaign has: the others are judged by it.
inline constexpr std::string_view yardstick = "fixed-max";

struct Law {
  enum class Kind : std::uint8_t { anchor, descend, fixed, rate };
  std::string name;          ///< as it was written, and the label of its runs
  Kind kind = Kind::fixed;   ///< rate: full power, and one bit rate
  std::optional<int> level;  ///< of fixed, dBm, 0..36; absent: the ceiling
  std::string bit_rate;      ///< of rate: "slowest", "7", "7x2" (MCS, MCS and streams)
  friend bool operator==(const Law&, const Law&) = default;
};

/// "anchor", "descend", "fixed-max", "fixed-12", "rate-slowest", "rate-7", "rate-7x2"; nullopt of
/// anything else.
std::optional<Law> parse_law(std::string_view name);

/// What all runs have in common.
struct Box {
  double keep = 0.97;          ///< of anchor and descend; above 0, up to 1
  int floor_dbm = 1;           ///< 0..30
  std::optional<int> ceiling;  ///< dBm, 0..36; absent: the power found
};

/// The daemon's configuration for one run. `interface` and `journal` are names without anything
/// that YAML reads specially.
std::string daemon_config(const Law& law, const Box& box, std::string_view interface,
                          std::string_view journal);

}  // namespace pianissimo::campaign
