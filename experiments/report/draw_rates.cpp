#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "experiments/report/axes.hpp"
#include "experiments/report/drawings.hpp"
#include "experiments/report/observations.hpp"

namespace pianissimo::report {
namespace {

constexpr double width = 360;
constexpr double left = 74;
constexpr double right = width - 10;
constexpr double top = 34;
constexpr double row_height = 18;
constexpr double foot_height = 54;
// Narrower columns have no room for a number.
constexpr double readable_column = 17;
// In deeper shades white text is read better than black.
constexpr double deep = 0.85;
// A level that was seen for a moment only would make the columns narrow for nothing.
constexpr std::size_t most_columns = 30;

// The scale of shades: the numbers are in the cells, but not in narrow ones.
void draw_shades(Svg& svg) {
  const double x = right - 150;
  svg.text(x - 6, 19, "share of the readings at that power", {.anchor = "end"});
  for (int step = 0; step < 5; ++step) {
    const double share = 0.1 + 0.2 * step;
    svg.rect(x + 30 * step, 9, 30, 13, tone::own, share);
    svg.text(x + 30 * step + 15, 19, fmt::format("{:.0f} %", 100 * share),
             {.size = 10, .colour = share > deep ? tone::ground : tone::ink, .anchor = "middle"});
  }
}

}  // namespace

std::optional<std::string> draw_rates(const JudgedRun& judged, const MacAddress& station) {
  const RateCounts counts = rate_counts(judged.run, station);
  if (counts.empty()) return std::nullopt;
  std::set<RateName> rates;
  for (const auto& [power, by_rate] : counts) {
    for (const auto& [rate, count] : by_rate) rates.insert(rate);
  }
  const int low = counts.begin()->first;
  const int high = counts.rbegin()->first;
  const auto columns =
      std::min<std::size_t>(static_cast<std::size_t>(high - low) + 1, most_columns);
  const int first = high - static_cast<int>(columns) + 1;
  const double foot = top + row_height * static_cast<double>(rates.size());
  const double column = (right - left) / static_cast<double>(columns);
  const auto column_at = [&](int power) { return left + column * (power - first); };

  Svg svg{width, foot + foot_height, "Rates by power of station " + to_string(station)};
  draw_shades(svg);
  double y = foot;
  for (const RateName& rate : rates) {
    y -= row_height;
    svg.line(left, y, right, y, {tone::edge, "", Marker::none, 0.7});
    svg.text(left - 6, y + 13, to_string(rate), {.anchor = "end"});
    for (const auto& [power, by_rate] : counts) {
      const auto found = by_rate.find(rate);
      if (found == by_rate.end() || power < first) continue;
      int all = 0;
      for (const auto& [name, count] : by_rate) all += count;
      const double share = static_cast<double>(found->second) / all;
      svg.rect(column_at(power) + 0.5, y + 0.5, column - 1, row_height - 1, tone::own, share);
      if (column < readable_column || share < 0.005) continue;
      svg.text(column_at(power) + column / 2, y + 12.5, fmt::format("{:.0f}", 100 * share),
               {.size = 10, .colour = share > deep ? tone::ground : tone::ink, .anchor = "middle"});
    }
  }
  svg.line(left, foot, right, foot, {tone::soft, "", Marker::none, 1});
  const int every = column < 20 ? 5 : 1;
  for (const auto& [power, by_rate] : counts) {
    if (power < first || (every > 1 && power % every != 0)) continue;
    svg.text(column_at(power) + column / 2, foot + 15, std::to_string(power), {.anchor = "middle"});
    if (every > 1) continue;
    int all = 0;
    for (const auto& [name, count] : by_rate) all += count;
    svg.text(column_at(power) + column / 2, foot + 28,
             all < 10'000 ? std::to_string(all) : fmt::format("{}k", all / 1000),
             {.size = 9.5, .anchor = "middle"});
  }
  if (every == 1) svg.text(left - 6, foot + 28, "readings", {.size = 9.5, .anchor = "end"});
  svg.text((left + right) / 2, foot + 45, "transmit power, dBm", {.anchor = "middle"});
  return std::move(svg).finish();
}

}  // namespace pianissimo::report
