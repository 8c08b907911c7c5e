#include "experiments/report/story.hpp"

#include <cmath>

#include "experiments/report/changes.hpp"
#include "experiments/report/figure_table.hpp"
#include "experiments/report/series.hpp"

namespace pianissimo::report {
namespace {

// A rise of the path loss that a controller should answer.
constexpr double rise_db = 3;
// So far below the ceiling, more power would have helped.
constexpr double low_db = 1;
// Less than this share of the time is not worth a remark.
constexpr double noticeable_gaps = 0.01;
// Less than this is not worth a sentence of its own: a bin or two of noise.
constexpr double worth_saying_s = 3;

std::string plural(double count, std::string_view one) {
  std::string text = number_text(count, 0) + ' ' + std::string{one};
  if (std::llround(count) != 1) text += 's';
  return text;
}

// What drove the power: the run's label, else the law if the journal tells it.
std::string who(const Run& run) {
  if (!run.info.label.empty() || !run.journal || !run.journal->header) return run.name;
  return config_word(*run.journal->header, "policy").value_or(run.name);
}

std::string saving(const Run& run, const RunFigures& figures) {
  const Figure saved = figures.saved_db ? figures.saved_db : figures.saved_confirmed_db;
  if (!saved) return "Nobody knows how much transmit power " + who(run) + " saved";
  const std::string confirmed = figures.saved_db ? "" : ", as far as the kernel confirmed";
  if (std::abs(*saved) < 0.05) return who(run) + " stayed at full power" + confirmed;
  return who(run) + " saved " + number_text(saved, 1) + " dB of transmit power on average" +
         confirmed;
}

std::string cost(const RunFigures& figures) {
  if (!figures.retained_worst) return "what that cost in throughput is not known";
  const bool one = figures.stations.size() == 1;
  std::string text = std::string{one ? "the station" : "the neediest station"} + " kept " +
                     number_text(100 * *figures.retained_worst, 1) + " % of its throughput, and ";
  if (figures.below_share.value_or(0) == 0) {
    return text + (one ? "was never" : "no station was ever") + " below 90 %";
  }
  return text + (one ? "was" : "some station was") + " below 90 % for " +
         number_text(100 * figures.below_share.value(), 0) + " % of the time, " +
         number_text(figures.longest_below_s, 0) + " s at the longest";
}

// What the first sentence rests on.
void tell_yardstick(std::string& text, const RunFigures& figures, const Run* baseline) {
  if (figures.ceiling_dbm) {
    text += " Full power is " + number_text(figures.ceiling_dbm, 0) + " dBm.";
  }
  switch (figures.yardstick) {
    case Yardstick::none:
      text += baseline == nullptr ? " There is no run at full power to compare with."
                                  : " The two runs have nothing to compare.";
      break;
    case Yardstick::baseline:
      text +=
          " What it gives was measured in the run '" + baseline->name + "', on the same channel.";
      break;
    case Yardstick::own_truth:
      text +=
          " What it gives is known from the run's own truth: what the channel would "
          "carry at the power in use, beside what it would carry at full power.";
      break;
  }
  text += " The figures are over " + plural(figures.seconds, "second") + '.';
}

// How a station fared when the path loss rose: the case that hurts when a controller is slow.
void tell_rises(std::string& text, const StationFigures& station, bool several, const Run& run) {
  for (std::size_t i = 1; i < station.phases.size(); ++i) {
    const PhaseFigures& before = station.phases[i - 1];
    const PhaseFigures& now = station.phases[i];
    const double rise = now.phase.low_db - before.phase.low_db;
    const bool steps = now.phase.low_db == now.phase.high_db;
    if (!steps || rise < rise_db || !now.capacity.below_s) continue;
    const std::string whose = several ? " of " + to_string(station.station) : "";
    text += " When the path loss" + whose + " rose by " + number_text(rise, 0) + " dB at " +
            number_text(run.since_start(now.phase.spans.front().start), 0) + " s, ";
    const double lost = *now.capacity.below_s;
    if (lost < worth_saying_s) {
      text += lost == 0 ? "throughput held."
                        : "throughput was below 90 % for only " + number_text(lost, 0) + " s.";
      continue;
    }
    const bool low = now.saved_db.value_or(0) >= low_db;
    text += low ? "it stayed too low: " : "";
    text += "throughput was below 90 % for " + number_text(lost, 0) + " of the following " +
            plural(now.seconds, "second");
    if (low) text += ", at " + number_text(now.saved_db, 1) + " dB below full power";
    text += '.';
  }
}

void tell_visits(std::string& text, const Run& run, const RunFigures& figures) {
  if (!run.journal) {
    text += " There is no journal of its decisions.";
    return;
  }
  if (figures.visits.value_or(0) == 0) {
    text += " It never went to the ceiling to check.";
    return;
  }
  // Visits of a law that is not the daemon's need not reach the ceiling, nor be judged by it.
  if (!figures.visit_nominal_ms) {
    text += " It went up " + plural(*figures.visits, "time") + " to compare.";
    return;
  }
  text += " It visited the ceiling " + plural(*figures.visits, "time") + " to check, for " +
          number_text(figures.visit_nominal_ms, 0) + " ms each";
  text += "; " + (*figures.restarts == 0 ? std::string{"no visit showed a loss"}
                                         : plural(*figures.restarts, "visit") +
                                               " showed a loss and made it start anew");
  text += '.';
  // Losses that the checks did not see: the controller is blind, not timid.
  if (figures.below_share.value_or(0) > 0.1 && *figures.restarts <= *figures.visits / 20) {
    text += " So the checks saw next to nothing of a loss that was there.";
  }
}

void tell_changes(std::string& text, const Run& run) {
  const ChangeTable table = changes_of(run);
  if (table.empty()) return;
  const std::size_t all = table.shown.size() + table.more;
  std::string said;
  for (std::size_t i = 0; i < change_words; ++i) {
    if (table.counts.at(i) == 0) continue;
    constexpr std::array<std::string_view, change_words> what{
        "helped", "made no difference that counts", "hurt", "stayed open"};
    if (!said.empty()) said += ", ";
    said += std::to_string(table.counts.at(i)) + ' ';
    said += what.at(i);
  }
  text += " It judged " + plural(static_cast<double>(all), "lasting change") +
          " of the power by what the stations had before and after: " + said + '.';
}

void remark_files(std::vector<std::string>& remarks, const Run& run) {
  const int torn = run.truth.torn_lines + (run.journal ? run.journal->torn_lines : 0);
  if (torn > 0) {
    remarks.push_back(plural(torn, "torn line") +
                      " at the end of a file left out: its writer was "
                      "stopped in the middle.");
  }
  if (!run.journal) {
    remarks.emplace_back("No journal: decisions, visits and readings are not known.");
    return;
  }
  if (run.journal->lost_lines > 0) {
    remarks.push_back("The journal lost " +
                      plural(static_cast<double>(run.journal->lost_lines), "line") +
                      ": counts are too low.");
  }
  if (run.journal->config_changed) {
    remarks.emplace_back("The configuration changed during the run; the last one is shown.");
  }
  if (!run.journal->header) remarks.emplace_back("The journal has no header.");
}

// A medium that is stopped for a moment writes nothing.
void remark_gaps(std::vector<std::string>& remarks, const Run& run) {
  for (const auto& [station, rows] : run.truth.stations) {
    double covered = 0;
    for (const TruthRow& row : rows) covered += seconds(overlap(row.span, run.info.measured));
    const double missing = run.seconds() - covered;
    if (missing < noticeable_gaps * run.seconds()) continue;
    remarks.push_back("The ground truth misses " + number_text(missing, 1) + " s of station " +
                      to_string(station) + ": the figures are over the rest.");
  }
}

void remark_baseline(std::vector<std::string>& remarks, const Run& run, const RunFigures& figures,
                     const Run* baseline) {
  if (run.truth.empty()) {
    remarks.emplace_back("No ground truth: what the air delivered is not known.");
    return;
  }
  if (baseline == nullptr) {
    if (figures.yardstick == Yardstick::own_truth) return;
    remarks.emplace_back("No baseline: what full power would have given is not known.");
    return;
  }
  if (baseline->info.scenario != run.info.scenario) {
    remarks.push_back("The baseline is of another scenario: '" + baseline->info.scenario + "'.");
  }
  if (baseline->info.aggregates != run.info.aggregates) {
    remarks.emplace_back("The baseline was run with another kind of aggregates.");
  }
  for (const StationFigures& station : figures.stations) {
    if (station.baseline_bins.empty()) {
      remarks.push_back("Station " + to_string(station.station) + " is not in the baseline.");
    }
  }
  for (const auto& [station, rows] : baseline->truth.stations) {
    if (!run.truth.stations.contains(station)) {
      remarks.push_back("Station " + to_string(station) + " is in the baseline only.");
    }
  }
}

}  // namespace

std::string headline_of(const Run& run, const RunFigures& figures) {
  return saving(run, figures) + "; " + cost(figures) + '.';
}

std::string story_of(const Run& run, const RunFigures& figures, const Run* baseline) {
  std::string text = headline_of(run, figures);
  tell_yardstick(text, figures, baseline);
  const bool several = figures.stations.size() > 1;
  for (const StationFigures& station : figures.stations) tell_rises(text, station, several, run);
  tell_visits(text, run, figures);
  tell_changes(text, run);
  return text;
}

std::vector<std::string> remarks_on(const Run& run, const RunFigures& figures,
                                    const Run* baseline) {
  std::vector<std::string> remarks;
  remark_files(remarks, run);
  remark_gaps(remarks, run);
  remark_baseline(remarks, run, figures, baseline);
  const std::size_t stations = stations_of(run).size();
  const std::size_t drawn = drawn_stations(run, figures).size();
  if (drawn < stations) {
    remarks.push_back("Of " + std::to_string(stations) + " stations the " + std::to_string(drawn) +
                      " neediest are drawn.");
  }
  if (figures.unexplained_share.value_or(0) > 0.01) {
    remarks.push_back("In " + number_text(100 * *figures.unexplained_share, 1) +
                      " % of the samples the power on the air is not the one that the kernel "
                      "confirmed.");
  }
  if (figures.visits.value_or(0) > 0 && *figures.visits_unmeasured > 0) {
    remarks.push_back(plural(*figures.visits_unmeasured, "visit") +
                      " without a measured length: interrupted, or an answer is missing.");
  }
  if (figures.visits.value_or(0) > 0 && !figures.visit_nominal_ms) {
    remarks.emplace_back("The configured length of a visit is not known.");
  }
  return remarks;
}

}  // namespace pianissimo::report
