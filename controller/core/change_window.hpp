// What one station had while one level was in force, and how two such windows compare.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "controller/core/estimate.hpp"

namespace pianissimo {

/// About a second of one station at one level.
struct ChangeBlock {
  double mbps = 0;           ///< delivered per airtime: what others take of the air does not count
  double acknowledged = 1;   ///< share of the transmissions
  double rate_mbps = 0;      ///< bit rate
  double asked_mbps = 0;     ///< bytes that it was sent, per time
  double transmissions = 0;  ///< first tries and repetitions
  std::optional<double> signal;  ///< dBm, of the frames from it
};

/// The last minute of it.
class ChangeWindow {
 public:
  /// What was delivered up to a reading, the bytes that were sent meanwhile, and the signal then.
  void add(const Delivery& delivery, std::uint64_t bytes, const std::optional<double>& signal);
  /// What follows does not join on: a block that is long enough to count is kept.
  void pause();

  const std::vector<ChangeBlock>& blocks() const { return blocks_; }

 private:
  std::vector<ChangeBlock> blocks_;
  ChangeBlock sum_{.acknowledged = 0,
                   .signal = {}};  ///< each value times its transmissions; of asked_mbps, Mbit
  std::optional<Instant> began_;
  Instant ended_{};
};

/// The medians of a window's blocks; of transmissions, the sum.
ChangeBlock middle_of(const std::vector<ChangeBlock>& blocks);

/// The share of all pairs of blocks, one of each window, in which `lower` was delivered less (ties
/// count half), 0..1: what Mann and Whitney count. 0.5: no difference.
double share_below(const std::vector<ChangeBlock>& lower, const std::vector<ChangeBlock>& higher);

/// One station before and after.
struct Comparison {
  ChangeBlock before;
  ChangeBlock after;
  double ratio = 1;        ///< delivered per airtime, after by before
  double is_less = 0.5;    ///< share_below(after, before)
  bool is_there = false;   ///< both windows hold enough traffic
  bool has_moved = false;  ///< its signal is another one: power is not all that has changed
};

/// How much a window has to hold, to be compared.
struct LeastHeld {
  std::size_t blocks = 1;
  double transmissions = 1;
};

Comparison compare(const ChangeWindow& before, const LeastHeld& least_before,
                   const ChangeWindow& after, const LeastHeld& least_after);

}  // namespace pianissimo
