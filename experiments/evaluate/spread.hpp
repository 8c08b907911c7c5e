// A figure over seeds.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pianissimo::evaluate {

struct Spread {
  double mean = 0;
  /// Half the width of the 95 % confidence interval of the mean (Student's t, n - 1 degrees of
  /// freedom); absent of a single value.
  std::optional<double> ci95;
  int n = 0;
  friend bool operator==(const Spread&, const Spread&) = default;
};

/// nullopt of nothing.
std::optional<Spread> spread_of(std::span<const double> values);

/// A table's cell: the mean, and ± half the interval where there is one.
std::string cell_of(const Spread& spread, double scale, int decimals);

/// `key` and, where there is an interval, `key`_ci95.
void put(boost::json::object& into, std::string_view key, const Spread& spread);

/// A JSON array, one object per line.
std::string lines_of(std::span<const boost::json::object> objects);

}  // namespace pianissimo::evaluate
