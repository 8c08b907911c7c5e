#include "experiments/report/axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pianissimo::report {
namespace {

constexpr LineStyle grid{tone::edge, "", Marker::none, 1};
constexpr double text_size = 11;
constexpr double key_row = 16;
constexpr double sample_width = 26;
constexpr double key_gap = 14;

std::string tick_text(double value, double distance) {
  // As many decimals as the distance has.
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(distance) + 1e-9)));
  return fmt::format("{:.{}f}", value == 0 ? 0.0 : value, decimals);
}

double distance_of(const std::vector<double>& ticks) {
  return ticks.size() < 2 ? 1 : ticks[1] - ticks[0];
}

std::vector<double> ticks_of(const Axis& axis) {
  const double most = axis.least_distance > 0
                          ? (axis.scale.high - axis.scale.low) / axis.least_distance
                          : axis.about;
  return ticks_between(axis.scale.low, axis.scale.high,
                       std::max(1, std::min(axis.about, static_cast<int>(most))));
}

double entry_width(const KeyEntry& entry) {
  return sample_width + 5 + text_width(entry.text, text_size);
}

// Calls place(entry, x, row) for each, and returns the number of rows.
template <class Place>
int lay_out(double width, const std::vector<KeyEntry>& entries, Place place) {
  double x = 0;
  int row = 0;
  for (const KeyEntry& entry : entries) {
    if (x > 0 && x + entry_width(entry) > width) {
      x = 0;
      ++row;
    }
    place(entry, x, row);
    x += entry_width(entry) + key_gap;
  }
  return entries.empty() ? 0 : row + 1;
}

}  // namespace

std::vector<double> ticks_between(double low, double high, int about) {
  if (!(high > low) || about < 1) return {low};
  const double rough = (high - low) / about;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double part = rough / power;
  const double step = power * (part <= 1.0001 ? 1 : part <= 2.0001 ? 2 : part <= 5.0001 ? 5 : 10);
  std::vector<double> ticks;
  // Counted, not added up: sums of 0.1 do not meet 1.
  const auto first = static_cast<long>(std::ceil(low / step - 1e-9));
  const auto last = static_cast<long>(std::floor(high / step + 1e-9));
  for (long i = first; i <= last; ++i) ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

void draw_axes(Svg& svg, const Axis& x, const Axis& y) {
  const auto columns = ticks_of(x);
  const auto rows = ticks_of(y);
  for (const double tick : columns) {
    svg.line(x.scale(tick), y.scale.from, x.scale(tick), y.scale.to, grid);
  }
  for (const double tick : rows) {
    svg.line(x.scale.from, y.scale(tick), x.scale.to, y.scale(tick), grid);
    svg.text(x.scale.from - 6, y.scale(tick) + 4, tick_text(tick, distance_of(rows)),
             {.size = text_size, .anchor = "end"});
  }
  const double middle = (y.scale.from + y.scale.to) / 2;
  svg.text(x.scale.from - 36, middle, y.name,
           {.size = text_size, .anchor = "middle", .upright = false});
  if (x.name.empty()) return;
  for (const double tick : columns) {
    svg.text(x.scale(tick), y.scale.from + 15, tick_text(tick, distance_of(columns)),
             {.size = text_size, .anchor = "middle"});
  }
  svg.text((x.scale.from + x.scale.to) / 2, y.scale.from + 31, x.name,
           {.size = text_size, .anchor = "middle"});
}

double key_height(double width, const std::vector<KeyEntry>& entries) {
  return key_row * lay_out(width, entries, [](const KeyEntry&, double, int) {});
}

double draw_key(Svg& svg, double x, double y, double width, const std::vector<KeyEntry>& entries) {
  const int rows = lay_out(width, entries, [&](const KeyEntry& entry, double left, int row) {
    const double middle = y + key_row * row + key_row / 2;
    if (entry.style.width > 0) {
      svg.line(x + left, middle, x + left + sample_width, middle, entry.style);
    }
    svg.marker(entry.style.marker, x + left + sample_width / 2, middle, 4, entry.style.colour,
               entry.hollow);
    svg.text(x + left + sample_width + 5, middle + 4, entry.text,
             {.size = text_size, .colour = tone::ink});
  });
  return key_row * rows;
}

}  // namespace pianissimo::report
