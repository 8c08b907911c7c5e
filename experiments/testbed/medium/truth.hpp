// The ground truth: what the air really gave each station, every 100 ms.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <vector>

#include "experiments/testbed/medium/exchange.hpp"
#include "experiments/testbed/medium/frame.hpp"

namespace pianissimo::testbed {

/// CLOCK_MONOTONIC, as in the daemon's journal.
using Instant = std::chrono::nanoseconds;

constexpr std::chrono::milliseconds truth_interval{100};

/// The channel of one station at the end of an interval.
struct ChannelSample {
  double power_dbm = 0;     ///< of the AP
  double path_loss_db = 0;  ///< as planned
  double fading_db = 0;     ///< gain on top of it
};

/// Data frames from the AP to one station.
struct Tally {
  std::uint64_t frames = 0;
  std::uint64_t attempts = 0;
  std::uint64_t mpdus = 0;
  std::uint64_t delivered_mpdus = 0;
  std::uint64_t delivered_bytes = 0;
  Micros airtime{};

  void add(const Outcome& outcome, int frame_bytes);
  Tally& operator+=(const Tally& other);
  /// Delivered bits per microsecond of airtime; 0 without airtime.
  double capacity_mbps() const;
};

/// CSV: a header line, then one row per station and interval.
class Truth {
 public:
  explicit Truth(std::ostream& out);
  void row(Instant at, const MacAddress& station, const ChannelSample& channel, const Tally& tally);
  /// Ends a round of rows: whoever follows the file sees whole lines.
  void flush();

 private:
  std::ostream& out_;
};

}  // namespace pianissimo::testbed
