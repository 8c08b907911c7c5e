#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "experiments/report/axes.hpp"
#include "experiments/report/drawings.hpp"
#include "experiments/report/observations.hpp"

namespace pianissimo::report {
namespace {

constexpr double width = 360;
constexpr double height = 290;
constexpr double left = 48;
constexpr double right = width - 12;
constexpr double foot = height - 40;
// Fewer samples than this are a hint, no more.
constexpr int enough_samples = 5;

std::string line_through(const std::vector<LevelSpread>& levels, const Scale& x, const Scale& y) {
  std::string path;
  for (const LevelSpread& level : levels) {
    path += fmt::format("{}{} {}", path.empty() ? 'M' : 'L', coordinate(x(level.power_dbm)),
                        coordinate(y(level.middle_mbps)));
  }
  return path;
}

void draw(Svg& svg, const Knee& knee, const LineStyle& style, double shift, const Scale& x,
          const Scale& y) {
  if (knee.at_full_power_mbps) {
    const double level = y(*knee.at_full_power_mbps);
    svg.line(left, level, right, level, {style.colour, "2 4", Marker::none, 1.2});
  }
  const LineStyle bar{style.colour, "", Marker::none, 1.2};
  for (const LevelSpread& level : knee.levels) {
    const double at = x(level.power_dbm) + shift;
    svg.line(at, y(level.low_mbps), at, y(level.high_mbps), bar);
  }
  svg.stroke(line_through(knee.levels, x, y), style);
  for (const LevelSpread& level : knee.levels) {
    svg.marker(style.marker, x(level.power_dbm), y(level.middle_mbps), 4, style.colour,
               level.samples < enough_samples,
               fmt::format("{} dBm: median {:.1f} Mbit/s, quartiles {:.1f} and {:.1f}, {} samples",
                           level.power_dbm, level.middle_mbps, level.low_mbps, level.high_mbps,
                           level.samples));
  }
}

struct Limits {
  int low_dbm = std::numeric_limits<int>::max();
  int high_dbm = std::numeric_limits<int>::min();
  double high_mbps = 0;
};
void widen(Limits& limits, const Knee& knee) {
  limits.low_dbm = std::min(limits.low_dbm, knee.levels.front().power_dbm);
  limits.high_dbm = std::max(limits.high_dbm, knee.levels.back().power_dbm);
  limits.high_mbps = std::max(limits.high_mbps, knee.at_full_power_mbps.value_or(0));
  for (const LevelSpread& level : knee.levels) {
    limits.high_mbps = std::max(limits.high_mbps, level.high_mbps);
  }
}

}  // namespace

std::optional<std::string> draw_knee(const Report& report, std::size_t run,
                                     const MacAddress& station) {
  const JudgedRun* const baseline = report.baseline ? &*report.baseline : nullptr;
  const StationKnees found = knees_of(report.runs[run], station, baseline);
  if (found.knees.empty()) return std::nullopt;
  // The runs stand side by side, so their axes are the same.
  Limits limits;
  for (const JudgedRun& judged : report.runs) {
    for (const Knee& knee : knees_of(judged, station, baseline).knees) widen(limits, knee);
  }
  std::vector<KeyEntry> key;
  bool with_full_power = false;
  for (std::size_t i = 0; i < found.knees.size(); ++i) {
    const Knee& knee = found.knees[i];
    with_full_power = with_full_power || knee.at_full_power_mbps;
    key.push_back({knee.path_loss.empty() ? "median" : "path loss " + knee.path_loss, style_of(i)});
  }
  if (with_full_power) key.push_back({"full power", {tone::soft, "2 4", Marker::none, 1.2}});

  Svg svg{width, height, "Throughput against power of station " + to_string(station)};
  const double top = 6 + draw_key(svg, left, 2, right - left, key);
  const Scale x{limits.low_dbm - 0.6, limits.high_dbm + 0.6, left, right};
  const Scale y{0, std::max(1e-3, 1.06 * limits.high_mbps), foot, top};
  draw_axes(svg, {x, "transmit power, dBm", 8, 1},
            {y, found.delivered ? "delivered, Mbit/s of airtime" : "expected, Mbit/s", 6});
  for (std::size_t i = 0; i < found.knees.size(); ++i) {
    // Bars of several path losses stand beside each other, not in each other.
    const double shift =
        2 * (static_cast<double>(i) - (static_cast<double>(found.knees.size()) - 1) / 2);
    draw(svg, found.knees[i], style_of(i), shift, x, y);
  }
  return std::move(svg).finish();
}

}  // namespace pianissimo::report
