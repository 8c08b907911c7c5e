#include "experiments/policies/oracle.hpp"

#include <gmock/gmock.h>

#include "tests/unit/policies/bench.hpp"

namespace pianissimo::policies {
namespace {

using namespace pianissimo::test;
using testing::ElementsAre;

std::shared_ptr<const OraclePlan> plan(
    std::map<MacAddress, std::vector<std::optional<Dbm>>> needs) {
  return std::make_shared<OraclePlan>(OraclePlan{.needs = std::move(needs)});
}

TEST(Oracle, DoesWhatThePlanSaysOfAnIntervalsBothEnds) {
  Bench bench{make_oracle(plan({{alice, {dbm(5), dbm(5), dbm(9), dbm(3), dbm(3)}}})), 1, 20};
  bench[alice];

  bench.run_until(450);

  EXPECT_THAT(bench.levels(), ElementsAre(20, 5, 9, 3));
}

TEST(Oracle, AsksTheNeediestOfTheStationsItIsShown) {
  Bench bench{make_oracle(plan({{alice, {dbm(5)}}, {bob, {dbm(12)}}})), 1, 20};
  bench[alice];
  bench.run_until(100);
  EXPECT_EQ(bench.level(), 5);

  bench[bob];
  bench.run_until(200);

  EXPECT_EQ(bench.level(), 12);
}

TEST(Oracle, IsAtTheFloorWhenNobodyNeedsAnything) {
  Bench bench{make_oracle(plan({{alice, {std::nullopt}}})), 2, 20};
  bench[alice];

  bench.run_until(100);

  EXPECT_EQ(bench.level(), 2);
}

TEST(Oracle, GoesOnAsItsPlanEnded) {
  Bench bench{make_oracle(plan({{alice, {dbm(8), dbm(4)}}})), 1, 20};
  bench[alice];

  bench.run_until(5'000);

  EXPECT_EQ(bench.level(), 4);
}

}  // namespace
}  // namespace pianissimo::policies
