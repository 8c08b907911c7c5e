#include "controller/core/elementary.hpp"

#include <cmath>
#include <limits>

namespace pianissimo {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// ln 2 in two parts: multiples of the first, up to 2000, are exact (fdlibm's e_exp.c).
constexpr double ln2_high = 6.93147180369123816490e-01;
constexpr double ln2_low = 1.90821492927058770002e-10;

}  // namespace

double exponential(double x) {
  if (std::isnan(x)) return x;
  if (x > 709.7) return infinity;
  if (x < -745) return 0;
  const double twos = std::round(x / (ln2_high + ln2_low));
  const double rest = (x - twos * ln2_high) - twos * ln2_low;
  // Taylor's series: |rest| <= 0.35, so the first term left out is below 1e-18.
  double sum = 1;
  for (int n = 14; n > 0; --n) sum = 1 + rest * sum / n;
  return std::ldexp(sum, static_cast<int>(twos));
}

double logarithm(double x) {
  if (x == 0) return -infinity;
  if (x < 0) return std::numeric_limits<double>::quiet_NaN();
  if (std::isnan(x) || x == infinity) return x;
  int twos = 0;
  double rest = std::frexp(x, &twos);
  if (rest < 0.70710678118654752440) {
    rest *= 2;
    --twos;
  }
  // ln((1 + s) / (1 - s)) = 2 (s + s^3 / 3 + s^5 / 5 + ...), |s| <= 0.18.
  const double s = (rest - 1) / (rest + 1);
  double sum = 0;
  for (int n = 23; n > 1; n -= 2) sum = s * s * (sum + 1.0 / n);
  return twos * ln2_high + (twos * ln2_low + (2 * s * sum + 2 * s));
}

double logarithm10(double x) { return logarithm(x) / 2.30258509299404568402; }

double power(double base, double exponent) { return exponential(exponent * logarithm(base)); }

}  // namespace pianissimo
