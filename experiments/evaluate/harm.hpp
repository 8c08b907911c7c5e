// What the power in use cost the stations, by the simulator's truth.
#pragma once

#include <optional>

#include "experiments/sim/run.hpp"

namespace pianissimo::evaluate {

/// An interval of the truth counts if any station was sent or offered something in it. A station is
/// below a share if what a rate control that knew the channel would deliver at the power on the air
/// is below that share of what it would deliver at the ceiling at the same moment.
struct Harm {
  double below_keep = 0;  ///< share of these intervals in which any such station is below `keep`
  double below_90 = 0;    ///< the same below 0.90
  /// Longest unbroken spell below 0.90, seconds; an interval that does not count neither ends a
  /// spell nor is part of it. Those that begin within 1.5 s of the beginning of a step of path loss
  /// (Step) are not among them.
  double longest_s = 0;
  /// The longest of those that do; nullopt: there is no step.
  std::optional<double> longest_after_step_s;
};

/// Over the measured part, from its very first interval on; nullopt: no interval counts.
std::optional<Harm> harm_of(const sim::RunResult& run, double keep);

}  // namespace pianissimo::evaluate
