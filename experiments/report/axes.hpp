// A frame with two axes, and the key above it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/report/svg.hpp"

namespace pianissimo::report {

/// From a figure's values to pixels; `from` is where `low` lies.
struct Scale {
  double low = 0;
  double high = 1;
  double from = 0;
  double to = 1;
  double operator()(double value) const {
    return from + (value - low) / (high - low) * (to - from);
  }
};

/// Round values (1, 2 or 5 times a power of ten apart) from low to high, about so many.
std::vector<double> ticks_between(double low, double high, int about);

struct Axis {
  Scale scale;
  std::string_view name;      ///< with its unit; empty: none, and no numbers either
  int about = 6;              ///< ticks
  double least_distance = 0;  ///< of two ticks: 1 for whole numbers
};

/// Grid lines, numbers and names: x at the foot, y on the left.
void draw_axes(Svg& svg, const Axis& x, const Axis& y);

struct KeyEntry {
  std::string text;
  LineStyle style;
  bool hollow = false;
};

/// From the left, in as many rows as `width` asks for. Returns the height used.
double draw_key(Svg& svg, double x, double y, double width, const std::vector<KeyEntry>& entries);

/// The height that draw_key() will use.
double key_height(double width, const std::vector<KeyEntry>& entries);

}  // namespace pianissimo::report
