#include "tests/unit/evaluate/runs.hpp"

namespace pianissimo::test {

sim::RunResult a_run(int seconds, const std::vector<MacAddress>& stations) {
  sim::RunResult run;
  run.start = at_ms(0);
  run.end = at_ms(1000 * seconds);
  run.access_points.push_back(
      {.box = Box{dbm(1), dbm(20)}, .power = {{.at = at_ms(0), .level = dbm(20)}}});
  for (const MacAddress& mac : stations) {
    sim::StationRun& station = run.stations.emplace_back(sim::StationRun{mac, {}});
    for (int i = 1; i <= 10 * seconds; ++i) {
      sim::StationTruth& truth =
          station.truth.emplace_back(sim::StationTruth{.at = at_ms(100 * i)});
      truth.power = dbm(20);
      truth.path_loss_db = 70;
      truth.offered_bytes = truth.delivered_bytes = 100'000;
      truth.airtime_us = 10'000;
      truth.capacity_mbps = truth.capacity_at_ceiling_mbps = 100;
      truth.lowest.fill(dbm(10));
    }
  }
  return run;
}

std::span<sim::StationTruth> seconds_of(sim::RunResult& run, std::size_t station, int from,
                                        int to) {
  return std::span{run.stations.at(station).truth}.subspan(
      static_cast<std::size_t>(10 * from), static_cast<std::size_t>(10 * (to - from)));
}

void set_level(sim::RunResult& run, int from_second, std::int32_t level) {
  run.access_points.front().power.push_back({.at = at_ms(1000 * from_second), .level = dbm(level)});
  for (sim::StationRun& station : run.stations) {
    for (sim::StationTruth& truth : station.truth) {
      if (truth.at > at_ms(1000 * from_second)) truth.power = dbm(level);
    }
  }
}

}  // namespace pianissimo::test
