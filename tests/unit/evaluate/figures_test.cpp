#include "experiments/evaluate/figures.hpp"

#include <gmock/gmock.h>

#include <set>

#include "controller/policy/descend.hpp"
#include "tests/unit/evaluate/runs.hpp"

namespace pianissimo::evaluate {
namespace {

using namespace pianissimo::test;
using testing::DoubleEq;
using testing::Optional;

Figures judged(const sim::RunResult& run, const sim::RunResult& ceiling, double keep = 0.90) {
  return judge({.result = run}, ceiling, keep);
}

TEST(Figures, OfTheCeilingItselfAreWholeAndSaveNothing) {
  const sim::RunResult run = a_run(10);

  const Figures figures = judged(run, run);

  EXPECT_THAT(figures[Figure::retained], Optional(DoubleEq(1)));
  EXPECT_THAT(figures[Figure::capacity_retained_worst], Optional(DoubleEq(1)));
  EXPECT_THAT(figures[Figure::saved_db], Optional(DoubleEq(0)));
  EXPECT_THAT(figures[Figure::harm], Optional(DoubleEq(0)));
  EXPECT_THAT(figures[Figure::visits], Optional(DoubleEq(0)));
}

TEST(Figures, RetainedIsTheMeanOfTheStationsAndTheWorstOfThem) {
  const sim::RunResult ceiling = a_run(10, {alice, bob});
  sim::RunResult run = ceiling;
  for (auto& truth : seconds_of(run, 1, 0, 10)) truth.delivered_bytes = 60'000;

  const Figures figures = judged(run, ceiling);

  EXPECT_THAT(figures[Figure::retained], Optional(DoubleEq(0.8)));
  EXPECT_THAT(figures[Figure::retained_worst], Optional(DoubleEq(0.6)));
}

// As much was delivered, in twice the airtime: nobody lost anything but the neighbours.
TEST(Figures, CapacityIsPerAirtime) {
  const sim::RunResult ceiling = a_run(10);
  sim::RunResult run = ceiling;
  for (auto& truth : seconds_of(run, 0, 0, 10)) truth.airtime_us = 20'000;

  const Figures figures = judged(run, ceiling);

  EXPECT_THAT(figures[Figure::retained], Optional(DoubleEq(1)));
  EXPECT_THAT(figures[Figure::capacity_retained], Optional(DoubleEq(0.5)));
}

TEST(Figures, AStationThatWasSentNothingCountsNowhere) {
  const sim::RunResult ceiling = [] {
    sim::RunResult run = a_run(10, {alice, bob});
    for (auto& truth : seconds_of(run, 1, 0, 10)) {
      truth.offered_bytes = truth.delivered_bytes = 0;
      truth.airtime_us = 0;
    }
    return run;
  }();
  sim::RunResult run = ceiling;
  for (auto& truth : seconds_of(run, 0, 0, 10)) truth.delivered_bytes = 50'000;

  EXPECT_THAT(judged(run, ceiling)[Figure::retained], Optional(DoubleEq(0.5)));
}

// The station's luck in a single second is not the power's doing.
TEST(Figures, HarmIsByTheTruthAndNotByWhatWasDelivered) {
  const sim::RunResult ceiling = a_run(10);
  sim::RunResult run = ceiling;
  for (auto& truth : seconds_of(run, 0, 2, 4)) truth.delivered_bytes = 50'000;
  for (auto& truth : seconds_of(run, 0, 5, 6)) truth.capacity_mbps = 95;
  for (auto& truth : seconds_of(run, 0, 8, 10)) truth.capacity_mbps = 80;

  const Figures figures = judged(run, ceiling, 0.97);

  EXPECT_THAT(figures[Figure::harm], Optional(DoubleEq(0.3)));
  EXPECT_THAT(figures[Figure::harm_90], Optional(DoubleEq(0.2)));
  EXPECT_THAT(figures[Figure::harm_longest_s], Optional(DoubleEq(2)));
  EXPECT_EQ(figures[Figure::harm_longest_after_step_s], std::nullopt);
}

TEST(Figures, SavedIsWeightedByTime) {
  sim::RunResult run = a_run(10);
  set_level(run, 2, 10);
  set_level(run, 7, 18);

  // 2 s x 0 + 5 s x 10 + 3 s x 2, over 10 s.
  EXPECT_DOUBLE_EQ(saved_db(run), 5.6);
}

TEST(Figures, EachStationsKnobCountsAsMuchAsEveryOther) {
  sim::RunResult run = a_run(10, {alice, bob});
  run.access_points.front().power.push_back({.at = at_ms(0), .station = alice, .level = dbm(10)});
  run.access_points.front().power.push_back({.at = at_ms(5'000), .station = bob, .level = dbm(16)});

  EXPECT_DOUBLE_EQ(saved_db(run), (10 + 2) / 2.0);
}

TEST(Figures, AStationsKnobThatIsNeverMovedCountsAsWell) {
  sim::RunResult run = a_run(10, {alice, bob});
  run.access_points.front().power.push_back({.at = at_ms(0), .station = alice, .level = dbm(10)});

  EXPECT_DOUBLE_EQ(saved_db(run), (10 + 0) / 2.0);
}

TEST(Figures, RecoveryIsFromAStepOfPathLossUntilASecondKeepsUp) {
  sim::RunResult run = a_run(20);
  for (auto& truth : seconds_of(run, 0, 10, 20)) truth.path_loss_db = 80;
  for (auto& truth : seconds_of(run, 0, 10, 13)) truth.capacity_mbps = 50;

  EXPECT_THAT(judged(run, run)[Figure::recovery_s], Optional(testing::DoubleNear(3, 1e-9)));
}

TEST(Figures, WithoutAStepThereIsNothingToRecoverFrom) {
  sim::RunResult run = a_run(20);
  double loss = 60;
  for (auto& truth : seconds_of(run, 0, 0, 20)) truth.path_loss_db = loss += 0.2;

  EXPECT_EQ(judged(run, run)[Figure::recovery_s], std::nullopt);
}

TEST(Figures, WhoNeverRecoversTakesUntilTheEnd) {
  sim::RunResult run = a_run(20);
  for (auto& truth : seconds_of(run, 0, 10, 20)) {
    truth.path_loss_db = 80;
    truth.capacity_mbps = 50;
  }

  EXPECT_THAT(judged(run, run)[Figure::recovery_s], Optional(testing::DoubleNear(10, 1e-9)));
}

TEST(Figures, SettlesAtTheOraclesLevelOnceItStaysThere) {
  sim::RunResult run = a_run(20);
  set_level(run, 3, 10);  // on the way down
  set_level(run, 4, 5);
  set_level(run, 8, 11);

  const Figures figures = judged(run, run, 0.97);

  EXPECT_THAT(figures[Figure::settle_s], Optional(DoubleEq(9)));
  EXPECT_THAT(figures[Figure::settled], Optional(DoubleEq(1)));
}

TEST(Figures, WhoNeverSettlesTakesTheWholeRun) {
  const sim::RunResult run = a_run(20);

  const Figures figures = judged(run, run, 0.97);

  EXPECT_THAT(figures[Figure::settle_s], Optional(DoubleEq(20)));
  EXPECT_THAT(figures[Figure::settled], Optional(DoubleEq(0)));
}

TEST(Figures, ChangesOnceSettledAreThoseAfterwards) {
  sim::RunResult run = a_run(29);
  set_level(run, 3, 15);
  set_level(run, 4, 5);
  set_level(run, 8, 11);  // settled at 9 s
  set_level(run, 20, 10);
  set_level(run, 25, 11);

  EXPECT_THAT(judged(run, run, 0.97)[Figure::changes_settled_per_minute],
              Optional(DoubleEq(60 * 2 / 20.0)));
}

TEST(Figures, ChangesOfWhoNeverSettlesCountFromTwentySecondsOn) {
  sim::RunResult run = a_run(30);
  set_level(run, 5, 18);
  set_level(run, 25, 19);
  EXPECT_THAT(judged(run, run, 0.97)[Figure::changes_settled_per_minute], Optional(DoubleEq(6)));

  // Too short to say anything.
  run = a_run(24);
  EXPECT_EQ(judged(run, run, 0.97)[Figure::changes_settled_per_minute], std::nullopt);
}

TEST(Figures, NeighboursAreThereOnlyWithSeveralAccessPoints) {
  sim::RunResult ceiling = a_run(10, {alice, bob});
  EXPECT_EQ(judged(ceiling, ceiling)[Figure::neighbour_sum], std::nullopt);

  ceiling.access_points.push_back(ceiling.access_points.front());
  sim::RunResult run = ceiling;
  for (auto& truth : seconds_of(run, 0, 0, 10)) truth.delivered_bytes = 300'000;
  const Figures figures = judged(run, ceiling);

  EXPECT_THAT(figures[Figure::neighbour_sum], Optional(DoubleEq(2)));
  EXPECT_THAT(figures[Figure::neighbour_jain], Optional(DoubleEq(0.8)));
}

TEST(Figures, WithNeighboursAStationRetainsAtMostAllItHad) {
  sim::RunResult ceiling = a_run(10, {alice, bob});
  ceiling.access_points.push_back(ceiling.access_points.front());
  sim::RunResult run = ceiling;
  for (auto& truth : seconds_of(run, 0, 0, 10)) truth.delivered_bytes = 1'500'000;
  for (auto& truth : seconds_of(run, 1, 0, 10)) truth.delivered_bytes = 80'000;

  EXPECT_THAT(judged(run, ceiling)[Figure::retained], Optional(DoubleEq(0.9)));
}

TEST(Jain, IsOneForEqualsAndOneNthForOneThatHasAll) {
  EXPECT_THAT(jain(std::array{5.0, 5.0, 5.0}), Optional(DoubleEq(1)));
  EXPECT_THAT(jain(std::array{7.0, 0.0}), Optional(DoubleEq(0.5)));
  EXPECT_EQ(jain(std::array{0.0, 0.0}), std::nullopt);
}

TEST(Figures, HaveANameEachInTheirOwnOrder) {
  std::set<std::string_view> keys;
  for (std::size_t i = 0; i < figure_count; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(figure_names()[i].figure), i);
    keys.insert(figure_names()[i].key);
  }
  EXPECT_EQ(keys.size(), figure_count);
}

// Each visit of descend is 60 ms and the way back takes the knob's 0.3 ms more.
TEST(RunJudged, AddsUpTheTimeInVisits) {
  const auto scenario = std::get<sim::Scenario>(sim::parse_scenario(
      "description: a test\nduration_s: 20\nstations:\n  - path_loss: 60\n", "near.yaml"));

  const JudgedRun run = run_judged(scenario, {.policy = [] { return make_descend({}); }});

  const int visits = run.result.access_points.front().decisions.at(Reason::visit);
  ASSERT_GT(visits, 5);
  EXPECT_NEAR(std::chrono::duration<double>(run.visits).count(), visits * 0.0603, 0.05);
}

}  // namespace
}  // namespace pianissimo::evaluate
