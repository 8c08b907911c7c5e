// What several measurements of the same thing come down to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pianissimo::bench {

struct Sample {
  double least = 0;
  double median = 0;
};

inline Sample sample_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return {.least = std::ranges::min(values), .median = *middle};
}

}  // namespace pianissimo::bench
