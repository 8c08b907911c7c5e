// What the stations and access points of a run needed, by the simulator's truth.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
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

/// How an oracle lags that knows no future.
struct Lateness {
  Duration by{};  ///< intervals of the plan, one at least
  Db margin{};    ///< what it adds to what it knows, 0 or more

  friend bool operator==(const Lateness&, const Lateness&) = default;
};

/// "0.2" or "0.2+1.5": 0.1 to 60 seconds, rounded to sim::truth_interval, and 0 to 20 dB. nullopt:
/// anything else.
std::optional<Lateness> parse_lateness(std::string_view text);

/// oracle_plan() as somebody has it who learns `late.by` after the moment what a station needed,
/// and takes that, with the margin, for what it needs now. A station that pauses needs what it
/// needed last; at the very start, before anything is known, the ceiling.
std::shared_ptr<const policies::OraclePlan> late_plan(const policies::OraclePlan& plan,
                                                      const Lateness& late);

/// What oracle_plan() says per access point, over the measured part: what its neediest active
/// station needs; nullopt without one. With a knob per station it is the mean of what they need.
std::vector<std::optional<Dbm>> needs_of_access_point(const sim::RunResult& run,
                                                      std::size_t access_point, std::size_t keep);

/// The level on the air, over the measured part: of the active stations' mean.
std::vector<std::optional<Dbm>> levels_of_access_point(const sim::RunResult& run,
                                                       std::size_t access_point);

}  // namespace pianissimo::evaluate
