// The figures of a run, and of a run beside its baseline (the same scenario at full power). What
// could not be measured is absent, never 0. README.md defines each.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/report/comparison.hpp"
#include "experiments/report/run.hpp"

namespace pianissimo::report {

/// What a run is judged against.
enum class Yardstick : std::uint8_t {
  none,
  baseline,  ///< another run, at full power: what the air delivered in both
  own_truth  ///< what the channel would carry at the power in use, beside that at the ceiling
};

struct PhaseFigures {
  Phase phase;
  double seconds = 0;
  Figure mean_power_dbm;
  Figure saved_db;
  Comparison capacity;
};

struct StationFigures {
  MacAddress station;
  Figure mean_power_dbm;
  Figure saved_db;
  Comparison capacity;
  Comparison power;        ///< by the truth alone: what the channel carries at it, at the ceiling
  Figure retained_pooled;  ///< all bytes over all airtime, beside the baseline's
  Figure received_mbps;    ///< UDP payload that arrived
  Figure received_ratio;   ///< beside the baseline's
  Figure
      unexplained_share;  ///< of the samples: the air's power is not the one the kernel confirmed
  std::vector<Bin> bins;  ///< as the air delivered
  std::vector<Bin> judged_bins;    ///< what is compared with baseline_bins
  std::vector<Bin> baseline_bins;  ///< what full power gives; empty if nobody knows
  std::vector<Bin> power_bins;     ///< by the truth: at the power on the air; empty if unknown
  std::vector<Bin> ceiling_bins;   ///< the same at the ceiling
  std::vector<PhaseFigures> phases;
};

struct RunFigures {
  double seconds = 0;
  Yardstick yardstick = Yardstick::none;
  Figure ceiling_dbm;         ///< at the end, of the lowest box
  Figure saved_db;            ///< mean of the stations
  Figure saved_confirmed_db;  ///< by the kernel's answers, not by the air; mean of the knobs
  Figure mean_power_dbm;
  Figure retained;         ///< mean of the stations
  Figure retained_worst;   ///< of the station that kept least
  Figure retained_pooled;  ///< mean of the stations
  Figure received_ratio;   ///< mean of the stations
  Figure below_share;      ///< time in which any station was below
  Figure longest_below_s;  ///< longest such spell
  Figure power_retained;   ///< the four above, of what the power alone costs by the truth
  Figure power_retained_worst;
  Figure power_below_share;
  Figure power_longest_below_s;
  Figure visits;              ///< begun in the measured part; absent without a journal
  Figure visits_unmeasured;   ///< of these: no length, for want of an answer or interrupted
  Figure visit_nominal_ms;    ///< as configured
  Figure visit_error_ms_p50;  ///< |actual - nominal|
  Figure visit_error_ms_p99;
  Figure visit_share;         ///< of the time spent in visits
  Figure restarts;            ///< visits that failed
  Figure changes_per_minute;  ///< of the power in force, visits included
  Figure unexplained_share;   ///< of the station with most
  std::vector<StationFigures> stations;
  std::map<std::string, int> decisions;  ///< how many of each reason
};

/// `baseline` may be null: then the run's own truth serves, if it tells capacities.
RunFigures judge(const Run& run, const Run* baseline);

/// The station that kept least of what full power gives it first; those of which nobody knows last.
std::vector<const StationFigures*> neediest_first(const RunFigures& figures);

/// Nearest rank: the smallest value that at least `share` of them do not exceed.
Figure percentile(std::vector<double> values, double share);

}  // namespace pianissimo::report
