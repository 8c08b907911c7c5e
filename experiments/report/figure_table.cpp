#include "experiments/report/figure_table.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace pianissimo::report {
namespace {

constexpr std::array rows{
    FigureRow{"saved_db", "mean power saved", "dB", 2, 1,
              "Ceiling minus the power on the air, weighted by time.",
              [](const RunFigures& f) { return f.saved_db; }},
    FigureRow{"saved_confirmed_db", "the same, as the kernel confirmed", "dB", 2, 1,
              "By the daemon's journal instead of the air: far from the above, the knob lies.",
              [](const RunFigures& f) { return f.saved_confirmed_db; }},
    FigureRow{"retained", "throughput retained", "%", 1, 100,
              "Capacity (delivered bytes per airtime) beside the baseline's, second by second; "
              "ratio of the sums. Mean of the stations.",
              [](const RunFigures& f) { return f.retained; }},
    FigureRow{"retained_worst", "the same, worst station", "%", 1, 100,
              "Of the station that kept least.",
              [](const RunFigures& f) { return f.retained_worst; }},
    FigureRow{"retained_pooled", "retained, all bytes over all airtime", "%", 1, 100,
              "Weighs a second by the airtime it used, so slow seconds count more.",
              [](const RunFigures& f) { return f.retained_pooled; }},
    FigureRow{"received_ratio", "UDP payload received", "% of baseline", 1, 100,
              "What the stations' users received. The load is limited, so this falls only when "
              "the air is full.",
              [](const RunFigures& f) { return f.received_ratio; }},
    FigureRow{"below_share", "time below 90 % of the baseline", "%", 1, 100,
              "Share of seconds in which any station had less than 0.9 of the baseline's "
              "capacity in the same second of the scenario.",
              [](const RunFigures& f) { return f.below_share; }},
    FigureRow{"longest_below_s", "longest such spell", "s", 0, 1, "Seconds below 90 % in a row.",
              [](const RunFigures& f) { return f.longest_below_s; }},
    FigureRow{"power_retained", "what the power alone keeps", "%", 1, 100,
              "By the truth: what the channel would carry at the power on the air, beside what it "
              "would carry at the ceiling at the same moment. Free of the rate control's luck. "
              "Mean of the stations.",
              [](const RunFigures& f) { return f.power_retained; }},
    FigureRow{"power_retained_worst", "the same, worst station", "%", 1, 100,
              "Of the station that kept least.",
              [](const RunFigures& f) { return f.power_retained_worst; }},
    FigureRow{
        "power_below_share", "time below 90 % by the power alone", "%", 1, 100,
        "Share of seconds in which the power cost any station more than a tenth, by the truth.",
        [](const RunFigures& f) { return f.power_below_share; }},
    FigureRow{"power_longest_below_s", "longest such spell", "s", 0, 1, "Such seconds in a row.",
              [](const RunFigures& f) { return f.power_longest_below_s; }},
    FigureRow{"mean_power_dbm", "mean power", "dBm", 2, 1, "Power on the air, weighted by time.",
              [](const RunFigures& f) { return f.mean_power_dbm; }},
    FigureRow{"visits", "visits to the ceiling", "", 0, 1, "Begun in the measured part.",
              [](const RunFigures& f) { return f.visits; }},
    FigureRow{"visit_share", "time spent in visits", "%", 1, 100,
              "From the kernel's answer that put the ceiling in force to the one that put the "
              "level in use back.",
              [](const RunFigures& f) { return f.visit_share; }},
    FigureRow{"visit_error_ms_p50", "error of a visit's length, median", "ms", 2, 1,
              "Distance from the configured length.",
              [](const RunFigures& f) { return f.visit_error_ms_p50; }},
    FigureRow{"visit_error_ms_p99", "error of a visit's length, p99", "ms", 2, 1,
              "Distance from the configured length; nearest rank.",
              [](const RunFigures& f) { return f.visit_error_ms_p99; }},
    FigureRow{"restarts", "restarts", "", 0, 1,
              "Visits that showed a loss, so that the search "
              "began anew.",
              [](const RunFigures& f) { return f.restarts; }},
    FigureRow{"changes_per_minute", "power changes", "per minute", 1, 1,
              "As the kernel confirmed them, visits included.",
              [](const RunFigures& f) { return f.changes_per_minute; }},
    FigureRow{"unexplained_share", "power not as confirmed", "% of samples", 1, 100,
              "The power on the air is not the one the kernel confirmed: above 0, the knob does "
              "not do what it says or somebody else turns it.",
              [](const RunFigures& f) { return f.unexplained_share; }},
    FigureRow{"seconds", "length", "s", 1, 1, "Of the measured part.",
              [](const RunFigures& f) { return Figure{f.seconds}; }},
};

}  // namespace

std::span<const FigureRow> figure_rows() { return rows; }

std::string number_text(Figure figure, int decimals, std::string_view missing) {
  if (!figure) return std::string{missing};
  // No "-0.00": what rounds to nothing has no sign.
  const double unit = std::pow(10, -decimals);
  const double value = std::abs(*figure) < unit / 2 ? 0 : *figure;
  return fmt::format("{:.{}f}", value, decimals);
}

std::string path_loss_text(const Phase& phase) {
  const int decimals = phase.low_db == std::round(phase.low_db) ? 0 : 1;
  const std::string low = number_text(phase.low_db, decimals);
  if (phase.high_db == phase.low_db) return low + " dB";
  return low + "-" + number_text(phase.high_db, decimals) + " dB";
}

std::string when_text(const Phase& phase, const Run& run) {
  if (phase.spans.size() != 1) return number_text(phase.seconds(), 0) + " s in all";
  const Span& span = phase.spans.front();
  return number_text(run.since_start(span.start), 0) + "-" +
         number_text(run.since_start(span.end), 0) + " s";
}

}  // namespace pianissimo::report
