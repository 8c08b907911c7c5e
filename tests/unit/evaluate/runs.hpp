// Simulated runs made by hand.
#pragma once

#include "experiments/evaluate/figures.hpp"
#include "tests/unit/core/words.hpp"

namespace pianissimo::test {

/// One access point from 1 to 20 dBm, and so many seconds without warm-up. Each station is sent 1
/// MB in 100 ms of airtime per second, at 20 dBm, with a path loss of 70 dB, and needs 10 dBm to
/// keep 0.97.
sim::RunResult a_run(int seconds, const std::vector<MacAddress>& stations = {alice});

/// The truth of a station for these seconds.
std::span<sim::StationTruth> seconds_of(sim::RunResult& run, std::size_t station, int from, int to);

/// The level of an access point from a second on, in the steps and in the truth.
void set_level(sim::RunResult& run, int from_second, std::int32_t dbm);

}  // namespace pianissimo::test
