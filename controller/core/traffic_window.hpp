// What a station was sent within half a second, as whole numbers that a classifier can compare.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/core/policy.hpp"

namespace pianissimo {

/// Every feature is a whole number from 0 to largest_feature, or not_told. What lies between two
/// readings is not seen: the gaps are estimates, as if the packets of a reading came evenly.
enum class Feature : std::uint8_t {
  packets,       ///< MSDUs in the window
  kbps,          ///< bytes per time, kbit/s
  size,          ///< mean of a packet, bytes
  gap_us,        ///< mean time from packet to packet, us; the window's length if there is none
  gap_scatter,   ///< variance of that time by its squared mean, permille: 0 even, 1000 at random
  busy,          ///< share of the readings in which something was sent, permille
  utilisation,   ///< bytes of what the expected throughput allows, permille
  retries,       ///< share of the transmissions that were repetitions, permille
  bit_rate_kbps  ///< of the last transmission, kbit/s
};
inline constexpr std::size_t feature_count = 9;
inline constexpr std::int32_t not_told = -1;
/// The largest whole number up to which a 32-bit float holds all: training programs use those.
inline constexpr std::int32_t largest_feature = 16'777'216;

/// "packets", "gap_us", as the tables have them.
std::string_view to_string(Feature feature);
/// nullopt: there is no such feature.
std::optional<Feature> feature_from_string(std::string_view word);

/// By Feature.
using Features = std::array<std::int32_t, feature_count>;

/// Follows one station from reading to reading.
class TrafficWindow {
 public:
  static constexpr Duration length = std::chrono::milliseconds{500};
  /// A window that holds fewer readings, or takes more than twice its length, tells nothing.
  static constexpr int least_readings = 3;

  /// The next reading. Features if a window ends with it: windows follow each other without
  /// overlap. nullopt else, and where the station's bytes or packets are not counted.
  std::optional<Features> on_reading(Instant at, const StationView& view);
  /// Where the window begins that has not ended yet; nullopt before the first reading.
  std::optional<Instant> from() const { return first_ ? std::optional{first_->at} : std::nullopt; }

 private:
  void begin(Instant at, const StationTotals& totals);
  void add_packets(std::uint64_t packets, Duration interval);
  std::optional<Features> features(Instant at, const StationView& view) const;

  struct Reading {
    Instant at;
    StationTotals totals;
  };
  std::optional<Reading> first_;  ///< where the window begins
  Reading last_;
  int readings_ = 0;
  int busy_ = 0;
  Duration silence_{};  ///< since the last reading that held a packet, also of an earlier window
  // Of the gaps that ended in this window.
  std::uint64_t gaps_ = 0;
  double gap_sum_us_ = 0;
  double gap_squares_ = 0;
};

}  // namespace pianissimo
