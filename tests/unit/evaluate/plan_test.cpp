#include "experiments/evaluate/plan.hpp"

#include <gmock/gmock.h>

#include "tests/unit/evaluate/runs.hpp"

namespace pianissimo::evaluate {
namespace {

using namespace pianissimo::test;
using testing::Each;
using testing::Eq;

constexpr std::size_t keep = 5;

TEST(OraclePlan, IsWhatTheTruthSaysOfThatKeep) {
  sim::RunResult run = a_run(2);
  for (auto& truth : run.stations.front().truth) truth.lowest.at(keep) = dbm(7);

  const auto plan = oracle_plan(run, keep);

  EXPECT_THAT(plan->needs.at(alice), Each(Eq(dbm(7))));
  EXPECT_EQ(plan->needs.at(alice).size(), 20U);
}

TEST(OraclePlan, AStationWithoutTrafficNeedsNothing) {
  sim::RunResult run = a_run(4);
  for (auto& truth : seconds_of(run, 0, 1, 4)) truth.offered_bytes = 0;
  seconds_of(run, 0, 3, 4)[0].offered_bytes = 1'000;  // less than a full frame

  const auto plan = oracle_plan(run, keep);

  const auto& needs = plan->needs.at(alice);

  // Half a second on either side of traffic counts.
  EXPECT_EQ(needs.at(14), dbm(10));
  EXPECT_EQ(needs.at(15), std::nullopt);
  EXPECT_EQ(needs.at(30), std::nullopt);
}

TEST(LatePlan, KnowsWhatWasNeededBefore) {
  const policies::OraclePlan plan{.needs = {{alice, {dbm(4), dbm(9), dbm(6)}}}};

  const auto late = late_plan(plan, {.by = std::chrono::milliseconds{200}, .margin = db(1)});

  const auto& needs = late->needs.at(alice);
  ASSERT_EQ(needs.size(), 5U);
  const Box box{dbm(1), dbm(20)};
  EXPECT_EQ(box.clamp(*needs[0]), dbm(20));
  EXPECT_EQ(box.clamp(*needs[1]), dbm(20));
  EXPECT_EQ(needs[2], dbm(5));
  EXPECT_EQ(needs[3], dbm(10));
  EXPECT_EQ(needs[4], dbm(7));
}

TEST(LatePlan, AStationThatPausesNeedsWhatItNeededLast) {
  const policies::OraclePlan plan{
      .needs = {{alice, {dbm(4), std::nullopt, std::nullopt}}, {bob, {std::nullopt, dbm(7)}}}};

  const auto late = late_plan(plan, {.by = std::chrono::milliseconds{100}, .margin = {}});

  EXPECT_EQ(late->needs.at(alice)[3], dbm(4));
  EXPECT_EQ(late->needs.at(bob)[1], std::nullopt);
  EXPECT_EQ(late->needs.at(bob)[2], dbm(7));
}

TEST(Lateness, IsSecondsAndDecibels) {
  EXPECT_EQ(parse_lateness("0.2"), (Lateness{std::chrono::milliseconds{200}, {}}));
  EXPECT_EQ(parse_lateness("3+1.5"), (Lateness{std::chrono::seconds{3}, Db::from_mb(150)}));
  for (const char* const text :
       {"", "0", "0.04", "61", "nan", "-1", "1s", "1+", "1+21", "1+-1", "+1"}) {
    EXPECT_EQ(parse_lateness(text), std::nullopt) << text;
  }
}

TEST(Needs, OfAnAccessPointAreThoseOfItsNeediestStation) {
  sim::RunResult run = a_run(1, {alice, bob});
  for (auto& truth : seconds_of(run, 1, 0, 1)) truth.lowest.at(keep) = dbm(15);

  EXPECT_THAT(needs_of_access_point(run, 0, keep), Each(Eq(dbm(15))));
}

TEST(Needs, WithAKnobPerStationAreTheirMean) {
  sim::RunResult run = a_run(1, {alice, bob});
  run.access_points.front().power.push_back({.at = at_ms(0), .station = alice, .level = dbm(10)});
  for (auto& truth : seconds_of(run, 1, 0, 1)) truth.lowest.at(keep) = dbm(16);

  EXPECT_THAT(needs_of_access_point(run, 0, keep), Each(Eq(dbm(13))));
}

TEST(Needs, LeaveOutStationsOfOtherAccessPoints) {
  sim::RunResult run = a_run(1, {alice, bob});
  run.access_points.push_back(run.access_points.front());
  for (auto& truth : seconds_of(run, 1, 0, 1)) {
    truth.access_point = 1;
    truth.lowest.at(keep) = dbm(15);
  }

  EXPECT_THAT(needs_of_access_point(run, 0, keep), Each(Eq(dbm(10))));
  EXPECT_THAT(needs_of_access_point(run, 1, keep), Each(Eq(dbm(15))));
}

}  // namespace
}  // namespace pianissimo::evaluate
