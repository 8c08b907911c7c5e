#include "experiments/report/drawings.hpp"

#include <algorithm>
#include <set>

#include "experiments/report/series.hpp"

namespace pianissimo::report {
namespace {

constexpr std::string_view knee_caption =
    "Median of each level, bars from quartile to quartile; hollow: fewer than five samples.";
constexpr std::string_view rates_caption =
    "Numbers are percent of the readings at a power; the rate is that of the last frame sent.";

std::string letters(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_';
    if (plain) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  if (out.ends_with('-')) out.pop_back();
  return out;
}

class Collection {
 public:
  explicit Collection(const Report& report) : report_{report} {}

  void add(DrawingKind kind, std::optional<std::size_t> run, std::optional<MacAddress> station,
           std::string_view caption, std::optional<std::string> svg) {
    if (!svg) return;
    std::string text;
    const bool several = run ? stations_of(report_.runs[*run].run).size() > 1 : true;
    if (station && several) text = "Station " + to_string(*station) + ". ";
    drawings_.push_back({kind, run, station, text.append(caption), *std::move(svg)});
  }
  std::vector<Drawing> take() { return std::move(drawings_); }

 private:
  const Report& report_;
  std::vector<Drawing> drawings_;
};

}  // namespace

std::string_view to_string(DrawingKind kind) {
  switch (kind) {
    case DrawingKind::time:
      return "time";
    case DrawingKind::knee:
      return "knee";
    case DrawingKind::rates:
      return "rates";
    case DrawingKind::power:
      return "power";
    case DrawingKind::throughput:
      return "throughput";
    case DrawingKind::runs:
      return "runs";
  }
  return "";
}

std::vector<Drawing> drawings_of(const Report& report) {
  Collection drawings{report};
  drawings.add(DrawingKind::power, {}, {}, "All stations, weighted by time.",
               draw_power_distribution(report));
  drawings.add(DrawingKind::throughput, {}, {}, "All stations, means of a second.",
               draw_throughput_distribution(report));
  if (report.runs.size() > 1) {
    std::set<MacAddress> all;
    for (const JudgedRun& judged : report.runs) {
      for (const MacAddress& station : drawn_stations(judged.run, judged.figures)) {
        all.insert(station);
      }
    }
    for (const MacAddress& station : all) {
      drawings.add(DrawingKind::runs, {}, station, "", draw_runs(report, station));
    }
  }
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    const JudgedRun& judged = report.runs[i];
    for (const MacAddress& station : drawn_stations(judged.run, judged.figures)) {
      drawings.add(DrawingKind::time, i, station, "", draw_time(judged, station));
      drawings.add(DrawingKind::knee, i, station, knee_caption, draw_knee(report, i, station));
      drawings.add(DrawingKind::rates, i, station, rates_caption, draw_rates(judged, station));
    }
  }
  return drawings.take();
}

std::string file_name(const Drawing& drawing, const Report& report) {
  std::string name{to_string(drawing.kind)};
  if (drawing.run) {
    const Run& run = report.runs[*drawing.run].run;
    if (report.runs.size() > 1) name += '-' + std::to_string(*drawing.run + 1);
    name += '-' + letters(run.name);
  }
  if (drawing.station) {
    const bool several = drawing.run ? stations_of(report.runs[*drawing.run].run).size() > 1 : true;
    std::string digits = to_string(*drawing.station);
    std::erase(digits, ':');
    if (several) name += '-' + digits;
  }
  return name;
}

}  // namespace pianissimo::report
