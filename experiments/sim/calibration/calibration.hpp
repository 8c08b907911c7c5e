// The simulated rate control held against the kernel's own: the same daemon configuration and the
// same channel, in the virtual testbed and in the simulator; the expected throughput every 10 ms.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "controller/core/units.hpp"

namespace pianissimo::sim {

/// What was recorded: tests/data/step-curves/NAME.csv, by record.sh.
struct CalibrationCase {
  std::string name;    ///< KIND-FRAMES-DECIBELS
  bool visits;         ///< KIND: 60 ms at 20 dBm every 2.5 s; false: 4 s at 20, 4 s at 2 dBm
  bool aggregates;     ///< FRAMES: each stands for an aggregate of 16; false: single ones
  std::string config;  ///< the daemon's, and the simulated one's
  std::string scenario;
};
const std::vector<CalibrationCase>& calibration_cases();

/// Expected throughput every 10 ms, Mbit/s; [0] is the last reading before the power changed.
using Response = std::vector<double>;

/// What was done to the power, and what came of it each time.
struct Responses {
  std::vector<Response> up;    ///< from 2 to 20 dBm
  std::vector<Response> down;  ///< from 20 to 2 dBm
};

/// Reads the recordings from a folder: lines of t_ms,what,value in NAME.csv and, of further boots
/// of the kernel, in NAME-2.csv and so on. The error says file and line.
std::variant<Responses, std::string> recorded(const CalibrationCase& what,
                                              const std::string& folder);

/// The same in the simulator, at least `repetitions` times, in several runs; configuration and
/// scenario come from `folder`. The error says file and line.
std::variant<Responses, std::string> simulated(const CalibrationCase& what,
                                               const std::string& folder, int repetitions,
                                               std::uint64_t seed);

Response mean(const std::vector<Response>& responses);

/// How two mean responses to one step differ.
struct Distance {
  double from_real = 0;  ///< Mbit/s: the last reading before it, and the mean of the last second
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
