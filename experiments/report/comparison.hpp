// Second by second: what a station has, beside what it could have.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "experiments/report/slices.hpp"

namespace pianissimo::report {

/// What could not be measured is absent, never 0.
using Figure = std::optional<double>;

/// A station loses throughput in a second with less than this share of the baseline's capacity.
inline constexpr double whole_share = 0.9;

/// Capacity over some bins, beside the baseline's in the same bins.
struct Comparison {
  Figure capacity_mbps;           ///< mean of the bins
  Figure baseline_capacity_mbps;  ///< mean of the bins that both have
  Figure retained;                ///< ratio of sums over the bins that both have
  Figure below_s;                 ///< time in bins below whole_share
  Figure below_share;             ///< of the time compared
  Figure longest_below_s;         ///< longest row of such bins
};

/// Over the bins for which `wanted` is true; an empty `baseline` is none.
Comparison compare(std::span<const Bin> bins, std::span<const Bin> baseline,
                   const std::vector<bool>& wanted);

/// A station's bins, and those they are held against.
struct Sides {
  std::span<const Bin> ours;
  std::span<const Bin> theirs;
};

/// Seconds in which any of the stations is below whole_share; absent if none could be compared.
struct Harm {
  Figure below_share;
  Figure longest_below_s;
};
Harm harm_of(const std::vector<Sides>& stations);

}  // namespace pianissimo::report
