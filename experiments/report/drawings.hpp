// The report's drawings as SVG: for the page, for paper and for other people's documents. One that
// could not hold anything is not made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/report/report.hpp"

namespace pianissimo::report {

enum class DrawingKind : std::uint8_t {
  time,        ///< power, throughput, rate and load against time, of one station
  knee,        ///< throughput against power, of one station
  rates,       ///< heat map of power and rate, of one station
  power,       ///< distribution of power, all runs
  throughput,  ///< distribution of throughput, all runs
  runs,        ///< power and throughput of all runs against time, of one station
};
std::string_view to_string(DrawingKind kind);

struct Drawing {
  DrawingKind kind;
  std::optional<std::size_t> run;     ///< whose; absent: of all of them
  std::optional<MacAddress> station;  ///< whose; absent: of all of them
  std::string caption;                ///< one line of text
  std::string svg;
};

std::vector<Drawing> drawings_of(const Report& report);

/// A file's name without its ending, from what names hold: "knee-1-descend-020000000100". The
/// run's number is in it if there are several, the station if its run has several.
std::string file_name(const Drawing& drawing, const Report& report);

// One drawing each; nullopt when there is nothing to draw.
std::optional<std::string> draw_time(const JudgedRun& judged, const MacAddress& station);
std::optional<std::string> draw_knee(const Report& report, std::size_t run,
                                     const MacAddress& station);
std::optional<std::string> draw_rates(const JudgedRun& judged, const MacAddress& station);
std::optional<std::string> draw_power_distribution(const Report& report);
std::optional<std::string> draw_throughput_distribution(const Report& report);
std::optional<std::string> draw_runs(const Report& report, const MacAddress& station);

}  // namespace pianissimo::report
