// How late a loop that reads on a grid of its interval is, from the times at which it did.
#pragma once

#include <vector>

#include "controller/core/time.hpp"

namespace pianissimo::bench {

/// Of sorted values: the smallest with at least a share of `q` at or below it; not a number if
/// there are none.
double quantile(const std::vector<double>& sorted, double q);

/// Milliseconds, sorted. Nobody is early: the grid is where the shortest stretch with half of all
/// readings begins, and those just before it.
std::vector<double> latenesses(const std::vector<Instant>& reads, Duration interval);

}  // namespace pianissimo::bench
