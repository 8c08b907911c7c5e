// What a run's truth says of its stations: the measured part, who was active, where the channel
// broke in.
#pragma once

#include <span>
#include <vector>

#include "experiments/sim/run.hpp"

namespace pianissimo::evaluate {

/// Entries of the truth in one second.
inline constexpr int per_second = std::chrono::seconds{1} / sim::truth_interval;

/// Where the measured part begins in a station's truth.
std::size_t measured_from(const sim::RunResult& run, const sim::StationRun& station);

/// The measured part of a station's truth.
std::span<const sim::StationTruth> measured(const sim::RunResult& run, std::size_t station);

/// Which entries of a station's truth have traffic near them: a full frame (1500 bytes) offered
/// within half a second on either side, while the station is associated.
std::vector<bool> activity(const sim::StationRun& station);

/// A rise of path loss by 8 dB or more within a second: a door, not a walk. Indices of the truth.
struct Step {
  std::size_t begin = 0;  ///< the first entry with more loss than before
  std::size_t full = 0;   ///< the first that is 8 dB above the one a second before
};

/// In the order of time. What follows within a second belongs to the same step.
std::vector<Step> steps_of(std::span<const sim::StationTruth> truth);

}  // namespace pianissimo::evaluate
