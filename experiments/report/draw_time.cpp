#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "controller/core/sentence.hpp"
#include "experiments/report/drawings.hpp"
#include "experiments/report/figure_table.hpp"
#include "experiments/report/mark_style.hpp"
#include "experiments/report/time_panels.hpp"

namespace pianissimo::report {
namespace {

constexpr LineStyle ceiling_style{tone::soft, "7 5", Marker::none, 1.2};
constexpr LineStyle enough_style{tone::rate, "2 3", Marker::none, 1.4};
constexpr LineStyle own_style{tone::own, "", Marker::none, 2};
constexpr LineStyle expected_style{tone::estimate, "", Marker::none, 1};
constexpr LineStyle rate_style{tone::rate, "", Marker::none, 1.1};

void add(TimePanel& panel, std::string name, const LineStyle& style, Series points) {
  const bool any =
      std::ranges::any_of(points, [](const SeriesPoint& point) { return point.value.has_value(); });
  if (any) panel.lines.push_back({std::move(name), style, std::move(points)});
}

double highest(const TimePanel& panel) {
  double high = 0;
  for (const TimeLine& line : panel.lines) {
    for (const SeriesPoint& point : line.points) high = std::max(high, point.value.value_or(0));
  }
  return high;
}

Series per_second(const std::vector<Bin>& bins) {
  Series series;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    series.push_back({static_cast<double>(i) * bin_seconds, bins[i].capacity_mbps()});
  }
  return series;
}

const StationFigures* figures_of(const JudgedRun& judged, const MacAddress& station) {
  const auto& all = judged.figures.stations;
  const auto found = std::ranges::find(all, station, &StationFigures::station);
  return found == all.end() ? nullptr : &*found;
}

const JournalStation* readings_of(const Run& run, const MacAddress& station) {
  if (!run.journal) return nullptr;
  const auto found = run.journal->stations.find(station);
  return found == run.journal->stations.end() ? nullptr : &found->second;
}

TimeMark marked(const MarkStyle& style) {
  return {.shape = style.shape,
          .colour = style.colour,
          .hollow = style.hollow,
          .name = std::string{style.name}};
}

TimeMark mark_of(const Visit& visit, const Run& run) {
  const Reason reason = visit.outcome ? visit.outcome->reason : Reason::visit;
  const auto length = visit.length();
  TimeMark mark = marked(style_of(reason));
  mark.t = run.since_start(visit.began.value_or(visit.decided));
  mark.level = visit.ceiling.value();
  mark.foot = visit.level.value();
  mark.hint = fmt::format("{:.2f} s, from {:g} dBm{}: {}", run.since_start(visit.decided),
                          visit.level.value(),
                          length ? fmt::format(", {:.1f} ms", 1e3 * seconds(*length)) : "",
                          visit.outcome ? sentence(*visit.outcome) : sentence(reason));
  return mark;
}

std::optional<TimeMark> mark_of(const Decision& decision, const Run& run) {
  // Drawn as visits.
  if (drawing::is_of_a_visit(pianissimo::mark_of(decision.reason))) return std::nullopt;
  TimeMark mark = marked(style_of(decision.reason));
  mark.t = run.since_start(decision.at);
  mark.level = decision.to.value();
  mark.hint = fmt::format("{:.2f} s, {:g} to {:g} dBm: {}", run.since_start(decision.at),
                          decision.from.value(), decision.to.value(), sentence(decision));
  return mark;
}

TimePanel power_panel(const JudgedRun& judged, const MacAddress& station) {
  const Run& run = judged.run;
  TimePanel panel{.axis = "power, dBm", .height = 150};
  add(panel, "ceiling", ceiling_style, ceiling_of(run, station));
  add(panel, "enough for 90 %", enough_style, enough_of(run, station));
  add(panel, run.truth.stations.contains(station) ? "on the air" : "as confirmed", own_style,
      level_in_use(run, station));
  panel.high = highest(panel) + 3;
  if (!run.journal) return panel;
  const Concern concerns{run, station};
  for (const Visit& visit : run.journal->visits) {
    if (concerns(visit.knob)) panel.marks.push_back(mark_of(visit, run));
  }
  for (const Decision& decision : run.journal->decisions) {
    if (!concerns(decision.knob)) continue;
    if (auto mark = mark_of(decision, run)) panel.marks.push_back(*std::move(mark));
  }
  // A verdict is said together with what follows from it, which must not hide it.
  std::stable_partition(panel.marks.begin(), panel.marks.end(),
                        [](const TimeMark& mark) { return mark.shape != Marker::diamond; });
  for (const TimeMark& mark : panel.marks) panel.high = std::max(panel.high, mark.level + 3);
  return panel;
}

TimePanel throughput_panel(const JudgedRun& judged, const MacAddress& station) {
  TimePanel panel{.axis = "throughput, Mbit/s", .height = 130};
  if (const auto* const known = readings_of(judged.run, station)) {
    add(panel, "expected by the kernel", expected_style, expected_of(*known, judged.run));
  }
  if (const StationFigures* const figures = figures_of(judged, station)) {
    add(panel,
        judged.figures.yardstick == Yardstick::own_truth ? "the channel carries at full power"
                                                         : "delivered at full power",
        baseline_style, per_second(figures->baseline_bins));
    add(panel, "delivered", own_style, per_second(figures->bins));
    const auto& judged_bins = figures->judged_bins;
    for (std::size_t i = 0; i < std::min(judged_bins.size(), figures->baseline_bins.size()); ++i) {
      const Figure ours = judged_bins[i].capacity_mbps();
      const Figure theirs = figures->baseline_bins[i].capacity_mbps();
      if (!ours || !theirs || *ours >= whole_share * *theirs) continue;
      const auto second = static_cast<double>(i);
      if (!panel.losses.empty() && panel.losses.back().to == second) {
        panel.losses.back().to = second + 1;
      } else {
        panel.losses.push_back({second, second + 1, ""});
      }
    }
  }
  panel.losses_name = fmt::format("below {:.0f} % of full power", 100 * whole_share);
  panel.high = 1.08 * highest(panel);
  return panel;
}

TimePanel rate_panel(const Run& run, const MacAddress& station) {
  TimePanel panel{.axis = "bit rate, Mbit/s", .height = 85};
  const JournalStation* const known = readings_of(run, station);
  if (known == nullptr) return panel;
  add(panel, "bit rate of the last frame sent", rate_style, rate_of(*known, run));
  panel.high = 1.08 * highest(panel);
  return panel;
}

TimePanel load_panel(const Run& run, const MacAddress& station) {
  Series offered;
  Series utilisation;
  for (const LoadSecond& second : load_of(run, station)) {
    offered.push_back({second.t, second.offered_mbps});
    utilisation.push_back(
        {second.t, second.utilisation ? Figure{100 * *second.utilisation} : std::nullopt});
  }
  const std::string by = ", counted by " + counted_by(run, station);
  TimePanel panel{.axis = "load, %", .height = 62};
  add(panel, "offered, of what is expected" + by, own_style, std::move(utilisation));
  panel.high = std::max(110.0, 1.08 * highest(panel));
  if (!panel.lines.empty()) return panel;
  panel.axis = "offered, Mbit/s";
  add(panel, "offered" + by, own_style, std::move(offered));
  panel.high = 1.08 * highest(panel);
  return panel;
}

struct ThroughputAndLoad {
  TimePanel throughput;
  TimePanel load;
};

// Where neither the rate controller nor a ground truth tells a throughput, the bytes that somebody
// counted are it: of a capture, what went over the air.
ThroughputAndLoad throughput_and_load(const JudgedRun& judged, const MacAddress& station) {
  ThroughputAndLoad panels{throughput_panel(judged, station), load_panel(judged.run, station)};
  auto& [throughput, load] = panels;
  if (!throughput.lines.empty() || load.lines.empty()) return panels;
  throughput.lines = std::move(load.lines);
  throughput.lines.front().name = "counted by " + counted_by(judged.run, station);
  throughput.high = load.high;
  load.lines.clear();
  return panels;
}

std::vector<TimeBand> bands_of(const JudgedRun& judged, const MacAddress& station) {
  std::vector<TimeBand> bands;
  const StationFigures* const figures = figures_of(judged, station);
  if (figures == nullptr) return bands;
  for (const PhaseFigures& phase : figures->phases) {
    // Slices of a path loss that moves all the time are no bands.
    if (phase.phase.low_db != phase.phase.high_db) return {};
    for (const Span& span : phase.phase.spans) {
      bands.push_back({judged.run.since_start(span.start), judged.run.since_start(span.end),
                       "path loss " + path_loss_text(phase.phase)});
    }
  }
  return bands;
}

std::string drawn(std::string title, double length, std::vector<TimePanel> panels,
                  const std::vector<TimeBand>& bands) {
  std::erase_if(panels, [](const TimePanel& panel) { return panel.lines.empty(); });
  return panels.empty() ? std::string{} : draw_panels(title, length, panels, bands);
}

}  // namespace

std::optional<std::string> draw_time(const JudgedRun& judged, const MacAddress& station) {
  auto [throughput, load] = throughput_and_load(judged, station);
  std::string svg = drawn(judged.run.name + ", station " + to_string(station) + ", against time",
                          judged.run.seconds(),
                          {power_panel(judged, station), std::move(throughput),
                           rate_panel(judged.run, station), std::move(load)},
                          bands_of(judged, station));
  if (svg.empty()) return std::nullopt;
  return svg;
}

std::optional<std::string> draw_runs(const Report& report, const MacAddress& station) {
  TimePanel power{.axis = "power, dBm", .height = 190};
  TimePanel throughput{.axis = "throughput, Mbit/s", .height = 190};
  double length = 0;
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    const JudgedRun& judged = report.runs[i];
    LineStyle style = style_of(i);
    style.marker = Marker::none;
    length = std::max(length, judged.run.seconds());
    add(power, judged.run.name, style, level_in_use(judged.run, station));
    if (const StationFigures* const figures = figures_of(judged, station)) {
      add(throughput, judged.run.name, style, per_second(figures->bins));
      continue;
    }
    auto panels = throughput_and_load(judged, station);
    for (TimeLine& line : panels.throughput.lines) {
      add(throughput, judged.run.name + ", " + line.name, style, std::move(line.points));
    }
  }
  if (report.baseline) {
    if (const StationFigures* const figures = figures_of(*report.baseline, station)) {
      add(throughput, report.baseline->run.name + " (baseline)", baseline_style,
          per_second(figures->bins));
    }
  }
  power.high = highest(power) + 2;
  throughput.high = 1.08 * highest(throughput);
  std::string svg = drawn("All runs, station " + to_string(station) + ", against time", length,
                          {std::move(power), std::move(throughput)}, {});
  if (svg.empty()) return std::nullopt;
  return svg;
}

}  // namespace pianissimo::report
