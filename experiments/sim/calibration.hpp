// The simulated rate control held against the kernel's own: the same steps of power, the same
// readings every 10 ms of the expected throughput.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "controller/core/units.hpp"

namespace pianissimo::sim {

/// Expected throughput every 10 ms, Mbit/s; [0] is the last reading before the step, or just at it.
using Response = std::vector<double>;

/// What was done to the power, and what came of it each time.
struct Experiment {
  std::vector<Response> up;    ///< from 2 to 20 dBm
  std::vector<Response> down;  ///< from 20 to 2 dBm
};

/// Where and how the recordings were made (tests/data/step-curves/README.md).
struct CalibrationCase {
  std::string file;  ///< of the recording, without ".csv"
  double path_loss_db = 85;
  int aggregate_mpdus = 1;
  double frames_per_second = 500;
  double dwell_s = 4;   ///< from one step to the next
  double pulse_ms = 0;  ///< 60: visits to 20 dBm, instead of steps; then `up` is the visits
};
const std::vector<CalibrationCase>& calibration_cases();

/// Reads a recording of step_response: lines of t_ms,mac,dbm,expected_mbps,..., and of
/// "# step N dBm at T". The error says file and line.
std::variant<Experiment, std::string> read_experiment(const CalibrationCase& what,
                                                      const std::string& folder);

/// The same in the simulator, `repetitions` times each way.
Experiment simulate_experiment(const CalibrationCase& what, int repetitions, std::uint64_t seed);

Response mean(const std::vector<Response>& responses);

/// How two mean responses to one step differ.
struct Distance {
  double from_real = 0;  ///< Mbit/s: mean of the first and of the last half second
  double to_real = 0;
  double from_simulated = 0;
  double to_simulated = 0;
  /// ms until half, and until nine tenths of the change is seen and not lost again.
  double half_real = 0;
  double half_simulated = 0;
  double settled_real = 0;
  double settled_simulated = 0;
  /// Largest and mean distance of the curves, as a share of the real one's range.
  double largest = 0;
  double average = 0;
};
Distance distance(const Response& real, const Response& simulated);

}  // namespace pianissimo::sim
