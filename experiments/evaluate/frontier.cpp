#include "experiments/evaluate/frontier.hpp"

#include <algorithm>

namespace pianissimo::evaluate {

Frontier::Frontier(std::vector<Point> points) : points_{std::move(points)} {
  std::ranges::stable_sort(points_, {}, &Point::retained);
  // Whoever retains more and saves more makes a lesser oracle one that no one need be.
  for (std::size_t i = points_.size() - 1; i > 0; --i) {
    points_[i - 1].saved_db = std::max(points_[i - 1].saved_db, points_[i].saved_db);
  }
}

double Frontier::saved_at(double retained) const {
  const auto above = std::ranges::lower_bound(points_, retained, {}, &Point::retained);
  if (above == points_.end()) return points_.back().saved_db;
  if (above == points_.begin()) return above->saved_db;
  const Point& low = *std::prev(above);
  const double share = (retained - low.retained) / (above->retained - low.retained);
  return low.saved_db + share * (above->saved_db - low.saved_db);
}

}  // namespace pianissimo::evaluate
