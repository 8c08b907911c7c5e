#include "tests/bench/lateness.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo::bench {

double quantile(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return std::nan("");
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

std::vector<double> latenesses(const std::vector<Instant>& reads, Duration interval) {
  std::vector<Duration> phases;
  for (const Instant at : reads) phases.push_back(at.time_since_epoch() % interval);
  std::ranges::sort(phases);
  const std::size_t size = phases.size();
  const auto between = [&](std::size_t from, std::size_t to) {
    return (phases[to % size] - phases[from % size] + interval) % interval;
  };
  std::size_t grid = 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (between(i, i + size / 2) < between(grid, grid + size / 2)) grid = i;
  }
  constexpr auto just = std::chrono::microseconds{200};
  for (std::size_t i = 0; i < size && between(grid + size - 1, grid) < just; ++i) grid += size - 1;
  std::vector<double> late;
  for (std::size_t i = 0; i < size; ++i) {
    late.push_back(std::chrono::duration<double, std::milli>(between(grid, i)).count());
  }
  std::ranges::sort(late);
  return late;
}

}  // namespace pianissimo::bench
