// What the testbed's channel would carry, calculated from what its truth tells.
#pragma once

#include "experiments/report/run.hpp"

namespace pianissimo::lab {

/// Gives the rows of a run of the virtual testbed the capacities that a simulator's rows have: by
/// power, path loss and fading, for the testbed's stations (VHT, 80 MHz, short guard interval, two
/// streams, frames of 1200 bytes, aggregates of at most 16). `baseline` may be null; it tells the
/// ceiling where the run has no journal. Other runs stay as they are.
void add_capacities(report::Run& run, const report::Run* baseline);

}  // namespace pianissimo::lab
