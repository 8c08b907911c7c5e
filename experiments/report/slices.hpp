// A run cut into pieces of time: bins of a second, and phases of equal path loss.
#pragma once

#include <optional>
#include <vector>

#include "experiments/report/truth.hpp"

namespace pianissimo::report {

/// What a station got in one second of the measured part.
struct Bin {
  double delivered_bytes = 0;
  double airtime_us = 0;
  /// Delivered bits per microsecond of airtime; absent when nothing was sent.
  std::optional<double> capacity_mbps() const;
};

inline constexpr double bin_seconds = 1;

/// Bin i covers [i, i + 1) seconds of the part; a row counts where its middle lies. A remainder of
/// less than half a second at the end is left out.
std::vector<Bin> bins_of(const std::vector<TruthRow>& rows, const Span& part);

/// The stretches of time in which the planned path loss is the same.
struct Phase {
  double low_db = 0;
  double high_db = 0;       ///< equal to low_db when the path loss moves in steps
  std::vector<Span> spans;  ///< one when it moves in steps
  double seconds() const;
  bool contains(Instant at) const;
  Duration overlap_with(const Span& span) const;
};

/// In the order of time when the path loss moves in a few steps; else slices of 1, 2, 5, 10 or
/// 20 dB, lowest first. Empty when the truth does not tell the path loss.
std::vector<Phase> phases_of(const std::vector<TruthRow>& rows, const Span& part);

}  // namespace pianissimo::report
