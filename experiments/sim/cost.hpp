// What a simulation will take, before it is begun.
#pragma once

#include "experiments/sim/scenario.hpp"

namespace pianissimo::sim {

/// Of one run. The memory is nearly all of it the truth that the run leaves behind; the time is on
/// one core of 2020: up to four times what it takes, and hardly less.
struct Cost {
  double bytes = 0;
  double seconds = 0;
};

Cost cost_of(const Scenario& scenario);

}  // namespace pianissimo::sim
