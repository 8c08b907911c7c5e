#include <fmt/format.h>

#include <algorithm>

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

struct Curve {
  std::string name;
  LineStyle style;
  std::vector<SharePoint> points;
};

// Steps up at each value; half a pixel is the least that is seen.
std::string steps(const std::vector<SharePoint>& points, const Scale& x, const Scale& y) {
  std::string path = fmt::format("M{} {}", coordinate(x.from), coordinate(y(0)));
  double drawn = x.from;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double at = x(points[i].value);
    if (at - drawn < 0.5 && i + 1 < points.size() && x(points[i + 1].value) - drawn < 0.5) continue;
    path += fmt::format("H{}V{}", coordinate(at), coordinate(y(points[i].share)));
    drawn = at;
  }
  return path + fmt::format("H{}", coordinate(x.to));
}

// So that lines are told apart where dashes are not seen: a marker at each quarter.
void mark(Svg& svg, const Curve& curve, const Scale& x, const Scale& y) {
  for (const double share : {0.25, 0.5, 0.75}) {
    const auto at = std::ranges::lower_bound(curve.points, share, {}, &SharePoint::share);
    if (at == curve.points.end()) continue;
    svg.marker(curve.style.marker, x(at->value), y(share), 4, curve.style.colour, false,
               fmt::format("{}: {:.0f} % at or below {:.1f}", curve.name, 100 * share, at->value));
  }
}

std::optional<std::string> draw(const std::vector<Curve>& curves, std::string_view title,
                                std::string_view name, bool from_zero) {
  if (curves.empty()) return std::nullopt;
  std::vector<KeyEntry> key;
  double low = curves.front().points.front().value;
  double high = low;
  for (const Curve& curve : curves) {
    key.push_back({curve.name, curve.style});
    low = std::min(low, curve.points.front().value);
    high = std::max(high, curve.points.back().value);
  }
  if (from_zero) low = 0;
  const double margin = std::max(0.03 * (high - low), from_zero ? 0 : 0.5);
  Svg svg{width, height, title};
  const double top = 6 + draw_key(svg, left, 2, right - left, key);
  const Scale x{from_zero ? 0 : low - margin, high + margin + (high > low ? 0 : 1), left, right};
  const Scale y{0, 1, foot, top + 4};
  const Scale percent{0, 100, foot, top + 4};
  draw_axes(svg, {x, name, 6, from_zero ? 0.0 : 1.0},
            {percent, "share of the time at or below, %", 5});
  for (const Curve& curve : curves) {
    svg.stroke(steps(curve.points, x, y), curve.style);
    mark(svg, curve, x, y);
  }
  return std::move(svg).finish();
}

// The runs' curves, then the baseline's.
template <class Values>
std::vector<Curve> curves_of(const Report& report, Values values) {
  std::vector<Curve> curves;
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    auto points = distribution(values(report.runs[i]));
    if (!points.empty())
      curves.push_back({report.runs[i].run.name, style_of(i), std::move(points)});
  }
  if (report.baseline && !curves.empty()) {
    auto points = distribution(values(*report.baseline));
    const std::string name = report.baseline->run.name + " (baseline)";
    if (!points.empty()) curves.push_back({name, baseline_style, std::move(points)});
  }
  return curves;
}

}  // namespace

std::optional<std::string> draw_power_distribution(const Report& report) {
  return draw(curves_of(report, [](const JudgedRun& judged) { return power_times(judged.run); }),
              "Distribution of the transmit power", "transmit power, dBm", false);
}

std::optional<std::string> draw_throughput_distribution(const Report& report) {
  const auto delivered =
      curves_of(report, [](const JudgedRun& judged) { return capacity_seconds(judged.figures); });
  if (!delivered.empty()) {
    return draw(delivered, "Distribution of the throughput", "delivered, Mbit/s of airtime", true);
  }
  return draw(
      curves_of(report, [](const JudgedRun& judged) { return expected_readings(judged.run); }),
      "Distribution of the throughput", "expected by the rate controller, Mbit/s", true);
}

}  // namespace pianissimo::report
