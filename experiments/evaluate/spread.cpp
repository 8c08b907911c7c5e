#include "experiments/evaluate/spread.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace pianissimo::evaluate {

std::optional<Spread> spread_of(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  const auto n = static_cast<double>(values.size());
  Spread out{.mean = std::accumulate(values.begin(), values.end(), 0.0) / n,
             .ci95 = {},
             .n = static_cast<int>(values.size())};
  if (values.size() < 2) return out;
  double squares = 0;
  for (const double value : values) squares += (value - out.mean) * (value - out.mean);
  const double t = boost::math::quantile(boost::math::students_t{n - 1}, 0.975);
  out.ci95 = t * std::sqrt(squares / (n - 1) / n);
  return out;
}

}  // namespace pianissimo::evaluate
