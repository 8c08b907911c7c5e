// How much a station is asked to carry, beside what it can.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/core/station_model.hpp"
#include "controller/core/time.hpp"

namespace pianissimo {

enum class LoadClass : std::uint8_t {
  idle,       ///< nothing worth mentioning: it decides nothing, and its estimate is stale
  light,      ///< less than it could take
  saturated,  ///< as much as it can take: every loss of throughput is felt
};

/// "idle", "light", "saturated".
std::string_view to_string(LoadClass kind);

struct LoadParams {
  /// A station that was offered at least this many bytes in the interval is active. Range
  /// 1..1000000000. The default is one full frame.
  std::uint64_t active_bytes = 1500;
  /// A station is saturated from this utilisation on. Above 0.95 a full queue is told from a steady
  /// stream without false alarms (783 intervals of 100 ms behind a 20 Mbit/s queue).
  double saturated = 0.95;
  friend bool operator==(const LoadParams&, const LoadParams&) = default;
};

struct Load {
  std::uint64_t bytes = 0;  ///< offered to the station in the interval
  /// bytes / (expected throughput x interval). May exceed 1: what is offered may not fit. Absent
  /// without an estimate.
  std::optional<double> utilisation;
  LoadClass kind = LoadClass::idle;
  friend bool operator==(const Load&, const Load&) = default;
};

/// The load between two totals of one station, `interval` apart. nullopt if its bytes are not
/// counted. An active station without an estimate is light.
std::optional<Load> load_between(const StationTotals& from, const StationTotals& to,
                                 Duration interval, std::optional<Throughput> expected,
                                 const LoadParams& params);

}  // namespace pianissimo
