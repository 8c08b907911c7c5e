#include "experiments/report/time_panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace pianissimo::report {
namespace {

constexpr double width = 720;
constexpr double left = 52;
constexpr double right = width - 14;
constexpr double gap = 12;
constexpr double foot = 40;
constexpr double pixel = 0.7;
constexpr double strip = 5;
constexpr double narrowest_visit = 1.2;

// What falls into one column of pixels.
struct Column {
  double x = 0;
  double first = 0;
  double low = 0;
  double high = 0;
  double last = 0;
};

std::string column_path(const Column& column, bool pen_down) {
  std::string path = pen_down
                         ? fmt::format("H{}V{}", coordinate(column.x), coordinate(column.first))
                         : fmt::format("M{} {}", coordinate(column.x), coordinate(column.first));
  double at = column.first;
  for (const double next : {column.low, column.high, column.last}) {
    if (coordinate(next) != coordinate(at)) path += 'V' + coordinate(next);
    at = next;
  }
  return path;
}

std::vector<KeyEntry> key_of(const TimePanel& panel) {
  std::vector<KeyEntry> key;
  for (const TimeLine& line : panel.lines) key.push_back({line.name, line.style});
  std::set<std::string_view> named;
  for (const TimeMark& mark : panel.marks) {
    if (!named.insert(mark.name).second) continue;
    key.push_back({mark.name, {mark.colour, "", mark.shape, 0}, mark.hollow});
  }
  if (!panel.losses.empty()) {
    key.push_back({panel.losses_name, {tone::harm, "", Marker::none, strip}});
  }
  return key;
}

void draw_bands(Svg& svg, const std::vector<TimeBand>& bands, const Scale& x, double top,
                double height, bool named) {
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const double from = x(bands[i].from);
    const double to = x(bands[i].to);
    if (i % 2 == 1) svg.rect(from, top, to - from, height, tone::ink, 0.05);
    if (named && text_width(bands[i].name, 10) + 8 < to - from) {
      svg.text(from + 5, top + 12, bands[i].name, {.size = 10});
    }
  }
}

void draw_marks(Svg& svg, const TimePanel& panel, const Scale& x, const Scale& y) {
  for (const TimeMark& mark : panel.marks) {
    if (!mark.foot) continue;
    const double middle = x(mark.t);
    svg.rect(middle - narrowest_visit / 2, y(mark.level), narrowest_visit,
             y(*mark.foot) - y(mark.level), mark.colour, 0.6);
  }
  for (const TimeMark& mark : panel.marks) {
    svg.marker(mark.shape, x(mark.t), y(mark.level), 3.6, mark.colour, mark.hollow, mark.hint);
  }
}

}  // namespace

std::string stepped_path(const Series& points, double end, const Scale& x, const Scale& y) {
  std::string path;
  std::optional<Column> column;
  bool pen_down = false;
  const auto put = [&] {
    if (!column) return;
    path += column_path(*column, pen_down);
    pen_down = true;
    column.reset();
  };
  for (const SeriesPoint& point : points) {
    const double at = x(point.t);
    if (!point.value) {
      put();
      if (pen_down) path += 'H' + coordinate(at);
      pen_down = false;
      continue;
    }
    const double value = y(*point.value);
    if (column && at - column->x < pixel) {
      column->low = std::max(column->low, value);
      column->high = std::min(column->high, value);
      column->last = value;
      continue;
    }
    put();
    column = Column{at, value, value, value, value};
  }
  put();
  if (pen_down) path += 'H' + coordinate(x(end));
  return path;
}

std::string draw_panels(std::string_view title, double seconds,
                        const std::vector<TimePanel>& panels, const std::vector<TimeBand>& bands) {
  double height = foot;
  for (const TimePanel& panel : panels) {
    height += key_height(right - left, key_of(panel)) + 4 + panel.height + gap;
  }
  Svg svg{width, height, title};
  double top = 0;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const TimePanel& panel = panels[i];
    top += 4 + draw_key(svg, left, top, right - left, key_of(panel));
    const Scale x{0, seconds, left, right};
    const Scale y{panel.low, panel.high, top + panel.height, top};
    draw_bands(svg, bands, x, top, panel.height, i == 0);
    const bool last = i + 1 == panels.size();
    draw_axes(svg, {x, last ? "time, s" : "", 10}, {y, panel.axis, panel.height < 100 ? 3 : 5});
    for (const TimeBand& loss : panel.losses) {
      svg.rect(x(loss.from), top + panel.height - strip, x(loss.to) - x(loss.from), strip,
               tone::harm);
    }
    for (const TimeLine& line : panel.lines) {
      svg.stroke(stepped_path(line.points, seconds, x, y), line.style);
    }
    draw_marks(svg, panel, x, y);
    top += panel.height + gap;
  }
  return std::move(svg).finish();
}

}  // namespace pianissimo::report
