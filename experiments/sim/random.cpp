#include "experiments/sim/random.hpp"

#include <cmath>
#include <numbers>

namespace pianissimo::sim {
namespace {

constexpr std::size_t quantiles = 4096;

// The middle of each of 4096 equal slices of the normal distribution, found by bisection.
std::array<float, quantiles> normal_quantiles() {
  std::array<float, quantiles> table{};
  double low = -4;
  for (std::size_t i = 0; i < quantiles; ++i) {
    const double wanted = (static_cast<double>(i) + 0.5) / quantiles;
    double high = 4;
    while (high - low > 1e-7) {
      const double middle = (low + high) / 2;
      (0.5 * std::erfc(-middle / std::numbers::sqrt2) < wanted ? low : high) = middle;
    }
    table[i] = static_cast<float>(low);
  }
  return table;
}

}  // namespace

double Random::gauss() {
  static const auto table = normal_quantiles();
  return static_cast<double>(table[bits() >> 52U]);
}

double Random::exponential(double mean) { return -mean * std::log1p(-unit()); }

// Each word of chance decides one binary digit of the chance for all trials at once. 16 digits are
// enough: a loss of 1e-5 makes no difference to anything here.
std::uint64_t Random::trials(int n, double chance) {
  const std::uint64_t all = n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
  constexpr int digits = 16;
  const auto scaled = static_cast<int>(std::lround(chance * (1 << digits)));
  if (scaled <= 0) return 0;
  if (scaled >= 1 << digits) return all;
  std::uint64_t hits = 0;
  for (int digit = std::countr_zero(static_cast<unsigned>(scaled)); digit < digits; ++digit) {
    hits = (scaled >> digit & 1) != 0 ? hits | bits() : hits & bits();
  }
  return hits & all;
}

}  // namespace pianissimo::sim
