#include "experiments/policies/blues.hpp"

#include <gmock/gmock.h>

#include "tests/unit/policies/bench.hpp"

namespace pianissimo::policies {
namespace {

using namespace pianissimo::test;
using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::Not;

// All is well down to `knee`; below it, every other frame is lost.
auto halved_below(std::int32_t knee) {
  return [knee](std::int32_t dbm) { return dbm >= knee ? 1.0 : 0.5; };
}

TEST(Blues, TakesTurnsOfDataReferenceAndSamplePower) {
  Bench bench{make_blues(), 1, 20};
  bench[alice].success = halved_below(20);

  bench.run_until(999);

  EXPECT_THAT(bench.levels(), ElementsAre(20, 18));
  EXPECT_THAT(bench.reasons(), ElementsAre(Reason::start, Reason::visit, Reason::visit_over));
}

TEST(Blues, GoesALevelLowerWhenTheSampleIsAsGoodAsTheReference) {
  Bench bench{make_blues(), 1, 20};
  bench[alice];

  bench.run_until(1'000);

  EXPECT_EQ(bench.level(), 19);
  EXPECT_EQ(bench.reasons().back(), Reason::step_down);
}

// Every turn is a command, and every command has a reason.
TEST(Blues, SaysOfEachRoundWhatItCameTo) {
  const auto rounds = [](const std::function<void(BenchStation&)>& change) {
    Bench bench{make_blues(), 1, 20};
    change(bench[alice]);
    bench.run_until(2'000);
    return bench.reasons();
  };
  const auto ended = [](Reason reason) {
    return ElementsAre(Reason::start, Reason::visit, Reason::visit_over, reason, Reason::visit,
                       Reason::visit_over, reason);
  };

  EXPECT_THAT(rounds([](BenchStation&) {}), ended(Reason::step_down));
  EXPECT_THAT(rounds([](BenchStation& station) { station.packets = 1; }),
              ended(Reason::visit_inconclusive));
  // At first the sample is 10 points behind; a lossy one soon falls 12 behind, but not yet 22.
  EXPECT_THAT(rounds([](BenchStation& station) {
                station.success = [](std::int32_t dbm) { return dbm >= 20 ? 1.0 : 0.7; };
              }),
              ended(Reason::visit_passed));
}

TEST(Blues, SaysWhoNeedsMoreEvenWhereTheReferenceLeavesNoRoom) {
  Bench bench{make_blues(), 1, 20};
  bench[alice];
  bench[bob].success = halved_below(20);

  bench.run_until(3'000);

  EXPECT_EQ(bench.level(), 20);
  EXPECT_EQ(bench.reasons().back(), Reason::throughput_fell);
  EXPECT_EQ(bench.evidence().station, bob);
}

TEST(Blues, KeepsItsDataPowerAtTheLevelWhereTheSampleBeginsToFail) {
  Bench bench{make_blues(), 1, 20};
  bench[alice].success = halved_below(12);

  bench.run_until(60'000);

  EXPECT_THAT(bench.usual_level(), testing::AllOf(Ge(12), testing::Le(14)));
}

TEST(Blues, GoesUpWhenTheSampleFailsByMoreThanItMayButNotPastItsReference) {
  Bench bench{make_blues(), 1, 20};
  bench[alice];
  bench.run_until(5'000);
  ASSERT_EQ(bench.level(), 15);

  // The sample at 13 is lost, the reference at 16 is not.
  bench[alice].success = halved_below(14);
  bench.run_until(8'000);

  EXPECT_THAT(bench.reasons(), Contains(Reason::throughput_fell));
  EXPECT_EQ(bench.level(), 16);
}

TEST(Blues, FollowsWithItsReferenceSoThatItIsNotLouderThanNeeded) {
  Bench bench{make_blues(), 1, 20};
  bench[alice];

  bench.run_until(30'000);
  const std::size_t changes = bench.levels().size();
  bench.run_until(33'000);

  const std::vector<std::int32_t> last{bench.levels().begin() + static_cast<long>(changes),
                                       bench.levels().end()};
  EXPECT_THAT(last, Not(Contains(Ge(10))));
}

TEST(Blues, BeginsAnewAtTheCeilingWhenTheReferenceBreaksDown) {
  Bench bench{make_blues(), 1, 20};
  bench[alice];
  bench.run_until(15'000);
  ASSERT_LT(bench.level(), 8);

  bench[alice].success = [](std::int32_t dbm) { return dbm >= 15 ? 1.0 : 0.05; };
  bench.run_until(25'000);

  EXPECT_THAT(bench.levels(), Contains(20).Times(Ge(2)));
}

TEST(Blues, DecidesNothingOnTooFewFrames) {
  Bench bench{make_blues(), 1, 20};
  bench[alice].packets = 1;

  bench.run_until(10'000);

  EXPECT_EQ(bench.usual_level(), 20);
}

TEST(Blues, AsksTheNeediestOfItsStations) {
  Bench bench{make_blues(), 1, 20};
  bench[alice];
  bench[bob].success = halved_below(15);

  bench.run_until(30'000);

  EXPECT_GE(bench.usual_level(), 15);
}

TEST(Blues, WithOneLevelHasNothingToDo) {
  Bench bench{make_blues(), 20, 20};
  bench[alice];

  bench.run_until(5'000);

  EXPECT_THAT(bench.levels(), ElementsAre(20));
  EXPECT_THAT(bench.reasons(), ElementsAre(Reason::single_level));
}

}  // namespace
}  // namespace pianissimo::policies
