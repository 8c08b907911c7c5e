// What can be had at best: how much an oracle saves that retains so much.
#pragma once

#include <vector>

namespace pianissimo::evaluate {

class Frontier {
 public:
  struct Point {
    double retained = 0;
    double saved_db = 0;
  };
  /// At least one point; in any order.
  explicit Frontier(std::vector<Point> points);

  /// dB that an oracle saves that retains `retained`: between two points by interpolation, beyond
  /// the first and the last as much as these (none is known to do better).
  double saved_at(double retained) const;

 private:
  std::vector<Point> points_;  // by retained, saved falling
};

}  // namespace pianissimo::evaluate
