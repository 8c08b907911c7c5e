// What the stations and access points of a run needed, by the simulator's truth.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "experiments/policies/oracle.hpp"
#include "experiments/sim/run.hpp"

namespace pianissimo::evaluate {

/// For the oracle that keeps sim::oracle_keeps[keep] of the ceiling's capacity at each instant. The
/// channel depends on scenario and seed alone, so any run of theirs will do; who is active, on the
/// load it was offered. A station with less than a full frame in half a second on either side needs
/// nothing.
std::shared_ptr<const policies::OraclePlan> oracle_plan(const sim::RunResult& run,
                                                        std::size_t keep);

/// The same per access point, over the measured part: what its neediest active station needs;
/// nullopt without one. With a knob per station it is the mean of what they need.
std::vector<std::optional<Dbm>> needs_of_access_point(const sim::RunResult& run,
                                                      std::size_t access_point, std::size_t keep);

/// The level on the air, over the measured part: of the active stations' mean.
std::vector<std::optional<Dbm>> levels_of_access_point(const sim::RunResult& run,
                                                       std::size_t access_point);

}  // namespace pianissimo::evaluate
