#include "experiments/policies/parf.hpp"

#include <gmock/gmock.h>

#include "tests/unit/policies/bench.hpp"

namespace pianissimo::policies {
namespace {

using namespace pianissimo::test;
using testing::ElementsAre;

auto lost_below(std::int32_t knee) {
  return [knee](std::int32_t dbm) { return dbm >= knee ? 1.0 : 0.3; };
}

// Of the reading at 0 there is nothing to compare with: the first of ten successes is at 50 ms.
TEST(Parf, GoesALevelLowerAfterTenSuccessesInARow) {
  Bench bench{make_parf(), 1, 20};
  bench[alice];

  bench.run_until(499);
  EXPECT_EQ(bench.level(), 20);
  bench.run_until(500);
  EXPECT_EQ(bench.level(), 19);
  bench.run_until(1'000);
  EXPECT_EQ(bench.level(), 18);
}

TEST(Parf, TakesAStepDownBackAtItsFirstFailure) {
  Bench bench{make_parf(), 1, 20};
  bench[alice].success = lost_below(19);

  bench.run_until(1'049);
  EXPECT_EQ(bench.level(), 18);
  bench.run_until(1'050);

  EXPECT_EQ(bench.level(), 19);
  EXPECT_EQ(bench.reasons().back(), Reason::throughput_fell);
}

TEST(Parf, AnswersTheSecondOfTwoFailuresOtherwise) {
  Bench bench{make_parf(), 1, 20};
  bench[alice];
  bench.run_until(1'150);
  ASSERT_EQ(bench.level(), 18);

  bench[alice].success = lost_below(20);
  bench.run_until(1'200);
  EXPECT_EQ(bench.level(), 18);
  bench.run_until(1'250);

  EXPECT_EQ(bench.level(), 19);
}

TEST(Parf, OneFailureAmongFifteenDoesNotStopTheDescent) {
  Bench bench{make_parf(), 1, 20};
  bench[alice];
  bench.run_until(250);
  bench[alice].success = [](std::int32_t) { return 0.3; };
  bench.run_until(300);
  bench[alice].success = [](std::int32_t) { return 1.0; };

  // The tenth success in a row would come at 800 ms, the fifteenth reading comes before.
  bench.run_until(749);
  EXPECT_EQ(bench.level(), 20);
  bench.run_until(750);

  EXPECT_EQ(bench.level(), 19);
}

TEST(Parf, LeavesThePowerAloneWhileAFasterRateMightWork) {
  Bench bench{make_parf(), 1, 20};
  bench[alice];
  bench.run_until(100);
  bench[alice].rate = [](std::int32_t) { return mbps(200); };

  bench.run_until(5'000);

  EXPECT_THAT(bench.levels(), ElementsAre(20));
}

TEST(Parf, TakesASlowerRateBelowTheCeilingForAFailure) {
  Bench bench{make_parf(), 1, 20};
  bench[alice].rate = [](std::int32_t dbm) { return dbm >= 17 ? mbps(390) : mbps(351); };

  bench.run_until(30'000);

  EXPECT_THAT(bench.usual_level(), 17);
  EXPECT_THAT(bench.levels(), testing::Each(testing::Ge(16)));
}

TEST(Parf, DoesNothingWhileNothingIsSent) {
  Bench bench{make_parf(), 1, 20};
  bench[alice].packets = 0;

  bench.run_until(10'000);

  EXPECT_THAT(bench.levels(), ElementsAre(20));
}

TEST(Parf, StaysAtTheFloor) {
  Bench bench{make_parf(), 18, 20};
  bench[alice];

  bench.run_until(10'000);

  EXPECT_THAT(bench.levels(), ElementsAre(20, 19, 18));
}

TEST(Parf, AnyStationsFailureIsAFailure) {
  Bench bench{make_parf(), 1, 20};
  bench[alice];
  bench[bob].success = lost_below(19);

  bench.run_until(30'000);

  EXPECT_THAT(bench.levels(), testing::Each(testing::Ge(18)));
}

}  // namespace
}  // namespace pianissimo::policies
