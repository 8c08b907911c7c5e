// Several radios: who is on the air at once, and what survives.
#include "tests/unit/sim/plant.hpp"

namespace pianissimo::sim {
namespace {

// Two access points, each with a station at 55 dB that hears the other one at `cross` dB.
Scenario pair(int between, int cross) {
  const auto station = [&](int ap) {
    const std::string losses =
        ap == 1 ? "[55, " + std::to_string(cross) + "]" : "[" + std::to_string(cross) + ", 55]";
    return "  - {path_losses: " + losses + ", stays: [[0, " + std::to_string(ap) + "]]}\n";
  };
  return scenario("duration_s: 5\nfading: none\naccess_points: [{}, {}]\nbetween_access_points: " +
                  std::to_string(between) + "\nstations:\n" + station(1) + station(2));
}

double alone() {
  return mbps(run_with(scenario("duration_s: 5\nfading: none\nstations: [{path_loss: 55}]\n"),
                       at_ceiling()));
}

TEST(Air, TwoThatHearEachOtherShareItEvenly) {
  const RunResult result = run_with(pair(60, 60), at_ceiling());

  EXPECT_NEAR(mbps(result, 0) / mbps(result, 1), 1, 0.1);
  EXPECT_LT(mbps(result, 0) + mbps(result, 1), 1.05 * alone());
  EXPECT_GT(mbps(result, 0) + mbps(result, 1), 0.8 * alone());
}

TEST(Air, TwoThatDoNotHearEachOtherAndDisturbNobodySendAtOnce) {
  const RunResult result = run_with(pair(140, 160), at_ceiling());

  EXPECT_GT(mbps(result, 0), 0.97 * alone());
  EXPECT_GT(mbps(result, 1), 0.97 * alone());
}

TEST(Air, HiddenOnesDestroyEachOthersFrames) {
  const RunResult result = run_with(pair(140, 55), at_ceiling());

  EXPECT_LT(mbps(result, 0) + mbps(result, 1), 0.5 * alone());
}

TEST(Air, LessPowerOfTwoExposedOnesLetsBothSend) {
  const Scenario plan = pair(94, 160);  // 20 dBm are heard, 8 dBm are not: -82 dBm is the threshold

  const RunResult loud = run_with(plan, at_ceiling());
  const RunResult quiet = run_with(plan, fixed_at(dbm(8)));

  // Collisions harm nobody here: a little more than one alone.
  EXPECT_LT(mbps(loud, 0) + mbps(loud, 1), 1.2 * alone());
  EXPECT_GT(mbps(quiet, 0) + mbps(quiet, 1), 1.8 * alone());
}

TEST(Air, WaitsForInterferenceThatItHearsAndSuffersFromWhatItDoesNot) {
  const auto with = [](int at_stations, int at_access_points) {
    return run_with(scenario("duration_s: 5\nfading: none\ninterference: {on_s: 0.05, off_s: 0.05, "
                             "at_stations_dbm: " +
                             std::to_string(at_stations) + ", at_access_points_dbm: " +
                             std::to_string(at_access_points) + "}\nstations: [{path_loss: 55}]\n"),
                    at_ceiling());
  };
  const RunResult waits = with(-120, -60);
  const RunResult suffers = with(-30, -120);

  EXPECT_NEAR(mbps(waits) / alone(), 0.5, 0.12);
  EXPECT_LT(mbps(suffers), 0.6 * alone());
  // What was waited for is no airtime of the station's.
  EXPECT_GT(station_figures(waits, waits, 0).capacity_mbps,
            1.3 * station_figures(suffers, suffers, 0).capacity_mbps);
}

}  // namespace
}  // namespace pianissimo::sim
