// Recordings that nobody made: links and knobs as real ones were seen to be.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "experiments/recorded/judge.hpp"

namespace pianissimo::recorded::test {

/// dBm on the air at each level commanded.
using RadiatedByLevel = std::map<int, double>;

/// 12 to 20 dBm. One level up is anything from -0.6 to +2.7 dB.
RadiatedByLevel uneven_knob();
/// Levels above 16 dBm do what 16 dBm does.
RadiatedByLevel knob_dead_above();
/// Levels below 16 dBm do what 16 dBm does.
RadiatedByLevel knob_dead_below();
/// Only some levels were recorded.
RadiatedByLevel knob_with_gaps();

/// Nothing is lost at any power: all that is offered (10 Mbit/s) arrives.
inline constexpr double near_db = 70;
/// The two or three highest levels are enough.
inline constexpr double middle_db = 96;
/// Each decibel counts.
inline constexpr double far_db = 102.5;

/// A recording over this path loss.
PowerTable record(const RadiatedByLevel& knob, double path_loss_db, std::uint64_t seed = 1);

/// Of each kind one.
std::vector<NamedTable> recordings();

}  // namespace pianissimo::recorded::test
