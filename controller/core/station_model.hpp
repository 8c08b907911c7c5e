// What we believe about one station: cumulative counters, which may restart, wrap, be absent or
// come from somewhere else from now on, become totals that only grow.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/core/station.hpp"

namespace pianissimo {

/// Sums since the station was first seen. They survive counter resets and reassociation, so that
/// the difference of two totals is what happened between two readings. A counter the driver does
/// not give stays nullopt; bytes that ours do not count become nullopt, and begin anew at zero.
struct StationTotals {
  std::optional<std::uint64_t> tx_bytes;
  std::optional<std::uint64_t> tx_packets;
  std::optional<std::uint64_t> tx_retries;
  std::optional<std::uint64_t> tx_failed;
  friend bool operator==(const StationTotals&, const StationTotals&) = default;
};

class StationModel {
 public:
  /// Takes the next reading of this station. True if the station has associated anew since the
  /// last one (its connected time went back).
  bool on(const StationSample& sample);
  /// Takes the next reading of our own byte counters, before the StationSample that it goes with. A
  /// sample without one is of a station that they do not count.
  void on(const TrafficSample& sample);
  /// The bytes in the totals come from this origin from now on; the totals go on from where they
  /// are.
  void count_by(TrafficOrigin origin);

  const StationTotals& totals() const { return totals_; }
  /// The last reading; absent before the first.
  const std::optional<StationSample>& last() const { return last_; }
  /// The last expected throughput; nullopt if it was absent or zero.
  std::optional<Throughput> expected_throughput() const;

 private:
  StationTotals totals_;
  std::optional<StationSample> last_;
  TrafficOrigin origin_ = TrafficOrigin::nl80211;
  std::optional<std::uint64_t> counted_;  ///< tx_bytes of the last TrafficSample
  bool is_counted_ = false;               ///< a TrafficSample since the last StationSample
};

/// Bytes moved to a station between two totals; nullopt if they are not counted.
std::optional<std::uint64_t> bytes_between(const StationTotals& from, const StationTotals& to);

}  // namespace pianissimo
