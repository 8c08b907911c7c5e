// A figure over seeds.
#pragma once

#include <optional>
#include <span>

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

}  // namespace pianissimo::evaluate
