#include "experiments/policies/rrm.hpp"

#include <gmock/gmock.h>

#include "tests/unit/policies/bench.hpp"

namespace pianissimo::policies {
namespace {

using namespace pianissimo::test;
using testing::ElementsAre;

// By hand: 80 MHz have -173.98 + 10 log10(80e6) = -94.95 dBm of noise at 290 K.
TEST(Rrm, HasTheOriginalsFormula) {
  EXPECT_NEAR(rrm_power_dbm(8, dbm(20), dbm(-60), Mhz{80}), 25 + 20 + 60 - 94.95 + 6 - 2, 0.01);
  EXPECT_NEAR(rrm_power_dbm(0, dbm(10), dbm(-80), Mhz{20}), 5 + 10 + 80 - 100.97 + 6 - 2, 0.01);
}

TEST(Rrm, ComputesOnceAfterFiveSeconds) {
  Bench bench{make_rrm(), 1, 20};
  bench[alice].signal = dbm(-52);

  bench.run_until(60'000);

  // 25 + 20 + 52 - 94.95 + 4 = 6.05, and up to a whole dBm.
  EXPECT_THAT(bench.levels(), ElementsAre(20, 7));
}

// A wish for a time that has passed would be granted again and again until somebody reads.
TEST(Rrm, WhenItsTimeHasComeWaitsForAReadingAndForNothingElse) {
  const auto rrm = make_rrm();
  rrm->start(at_ms(0), Box{dbm(1), dbm(20)}, Reason::start);

  const Advice early = rrm->on_wake(at_ms(4'000));
  const Advice due = rrm->on_wake(at_ms(5'000));

  EXPECT_EQ(early.wake, at_ms(5'000));
  EXPECT_FALSE(early.read_now);
  EXPECT_EQ(due.wake, std::nullopt);
  EXPECT_TRUE(due.read_now);
}

TEST(Rrm, HearsTheWeakestStation) {
  Bench bench{make_rrm(), 1, 20};
  bench[alice].signal = dbm(-50);
  bench[bob].signal = dbm(-58);

  bench.run_until(10'000);

  EXPECT_EQ(bench.level(), 13);
  EXPECT_EQ(bench.reasons().back(), Reason::step_down);
  EXPECT_EQ(bench.evidence().station, bob);
}

TEST(Rrm, AimsLowerWhenTheCeilingIsNotEnough) {
  Bench bench{make_rrm(), 1, 20};
  // MCS 8 would need 24.05 dBm, MCS 7 21.55, MCS 6 19.05.
  bench[alice].signal = dbm(-70);

  bench.run_until(10'000);

  EXPECT_EQ(bench.level(), 20);
}

TEST(Rrm, GivesUpAStationThatIsOutOfReach) {
  Bench bench{make_rrm(), 1, 20};
  // Even MCS 0 would need 24.05 dBm.
  bench[alice].signal = dbm(-90);

  bench.run_until(10'000);

  EXPECT_EQ(bench.level(), 1);
}

TEST(Rrm, WithoutStationsIsAtTheFloor) {
  Bench bench{make_rrm(), 1, 20};

  bench.run_until(10'000);

  EXPECT_EQ(bench.level(), 1);
}

// The uplink's signal does not grow with the access point's power: what was too much remains so.
TEST(Rrm, DriftsSinceItTakesItsOwnPowerForTheStations) {
  Bench bench{make_rrm(), 1, 20};
  bench[alice].signal = dbm(-60);

  bench.run_until(130'000);

  // 25 + P + 60 - 94.95 + 4 = P - 5.95, up: five lower each minute.
  EXPECT_THAT(bench.levels(), ElementsAre(20, 15, 10, 5));
}

TEST(Rrm, KeepsItsTimetableWhenAStationJoins) {
  Bench bench{make_rrm(), 1, 20};
  bench[alice].signal = dbm(-52);
  bench.run_until(10'000);

  bench[bob].signal = dbm(-58);
  bench.starts(Reason::station_joined);
  bench.run_until(60'000);

  EXPECT_EQ(bench.level(), 7);
}

}  // namespace
}  // namespace pianissimo::policies
