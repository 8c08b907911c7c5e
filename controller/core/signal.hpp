// Where a station is, as far as the signal it is received with can tell.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/core/station.hpp"

namespace pianissimo {

/// Follows the signal of one station from reading to reading. A driver shows the signal of the last
/// frame, 1 to 2 dB about its mean, and goes on showing it when no frame comes: only readings that
/// hold a new frame count. A local-level Kalman filter; two frames in a row that are far off the
/// same way make it begin anew, since a door is not a trend.
class SignalTracker {
 public:
  /// The next reading. `transmissions`: what was acknowledged by the station since the last one,
  /// for drivers that tell the signal of acknowledgements.
  void on_reading(Instant at, const StationSample& sample, bool acknowledged);

  /// dBm, smoothed; nullopt before the first frame, or if the driver tells no signal.
  const std::optional<double>& level() const { return level_; }
  /// Standard deviation of level(), dB.
  double uncertainty() const;
  /// New frames seen so far.
  std::uint64_t frames() const { return frames_; }

 private:
  void update(Instant at, double seen, double variance);

  std::optional<double> level_;
  double variance_ = 0;
  Instant at_{};
  int outliers_ = 0;  // in a row, signed by their direction
  std::uint64_t frames_ = 0;
  std::optional<std::uint32_t> received_;
};

}  // namespace pianissimo
