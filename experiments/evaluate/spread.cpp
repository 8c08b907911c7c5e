#include "experiments/evaluate/spread.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
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

std::string cell_of(const Spread& spread, double scale, int decimals) {
  std::string out = fmt::format("{:.{}f}", scale * spread.mean, decimals);
  if (spread.ci95) out += fmt::format(" ± {:.{}f}", scale * *spread.ci95, decimals);
  return out;
}

void put(boost::json::object& into, std::string_view key, const Spread& spread) {
  into[key] = spread.mean;
  if (spread.ci95) into[std::string{key} + "_ci95"] = *spread.ci95;
}

std::string lines_of(std::span<const boost::json::object> objects) {
  std::string out = "[\n";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    out += boost::json::serialize(objects[i]);
    out += i + 1 < objects.size() ? ",\n" : "\n";
  }
  return out + "]\n";
}

}  // namespace pianissimo::evaluate
