#include "experiments/sim/cost.hpp"

#include <gmock/gmock.h>

#include "experiments/sim/run.hpp"

namespace pianissimo::sim {
namespace {

Scenario of(int seconds, std::size_t stations, std::size_t access_points) {
  Scenario scenario;
  scenario.duration_s = seconds;
  scenario.warm_up_s = 0;
  scenario.stations.resize(stations);
  scenario.access_points.resize(access_points);
  return scenario;
}

TEST(Cost, IsTheTruthOfEveryStationAndInterval) {
  EXPECT_EQ(cost_of(of(60, 2, 1)).bytes, 2. * 600 * sizeof(StationTruth));
}

TEST(Cost, GrowsWithStationsAccessPointsAndTime) {
  const Cost one = cost_of(of(100, 1, 1));

  EXPECT_GT(cost_of(of(200, 1, 1)).seconds, 1.9 * one.seconds);
  EXPECT_GT(cost_of(of(100, 2, 1)).seconds, one.seconds);
  EXPECT_GT(cost_of(of(100, 1, 2)).seconds, one.seconds);
}

// What the suite has, and hours of one station: not worth a question. A day of everything is.
TEST(Cost, TellsAMinuteFromAnHour) {
  EXPECT_LT(cost_of(of(20'000, 1, 1)).seconds, 20);
  EXPECT_GT(cost_of(of(86'400, 200, 32)).seconds, 1'000);
  EXPECT_GT(cost_of(of(86'400, 200, 32)).bytes, 10e9);
}

}  // namespace
}  // namespace pianissimo::sim
