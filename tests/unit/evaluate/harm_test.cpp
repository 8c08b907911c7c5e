#include "experiments/evaluate/harm.hpp"

#include <gmock/gmock.h>

#include "tests/unit/evaluate/runs.hpp"

namespace pianissimo::evaluate {
namespace {

using namespace pianissimo::test;
using testing::DoubleNear;
using testing::Optional;

// So much of what they would have at the ceiling, which is 100 Mbit/s.
void gets(std::span<sim::StationTruth> part, double mbps) {
  for (auto& truth : part) truth.capacity_mbps = mbps;
}

void is_silent(std::span<sim::StationTruth> part) {
  for (auto& truth : part) {
    truth.offered_bytes = truth.delivered_bytes = 0;
    truth.airtime_us = 0;
  }
}

Harm harm(const sim::RunResult& run, double keep = 0.97) { return harm_of(run, keep).value(); }

TEST(Harm, IsTimeInWhichAnyStationIsBelowTheKeep) {
  sim::RunResult run = a_run(10, {alice, bob});
  gets(seconds_of(run, 0, 2, 4), 95);
  gets(seconds_of(run, 1, 3, 5), 80);

  EXPECT_DOUBLE_EQ(harm(run, 0.97).below_keep, 0.3);
  EXPECT_DOUBLE_EQ(harm(run, 0.93).below_keep, 0.2);
  EXPECT_DOUBLE_EQ(harm(run, 0.97).below_90, 0.2);
  EXPECT_DOUBLE_EQ(harm(run, 0.80).below_90, 0.2);
  EXPECT_DOUBLE_EQ(harm(run).longest_s, 2);
}

TEST(Harm, IsBesideTheCeilingOfThatMoment) {
  sim::RunResult run = a_run(10);
  for (auto& truth : seconds_of(run, 0, 5, 10)) {
    truth.capacity_mbps = truth.capacity_at_ceiling_mbps = 10;
  }

  EXPECT_DOUBLE_EQ(harm(run).below_keep, 0);
}

TEST(Harm, OfWhomTheCeilingDoesNotReachEitherIsNone) {
  sim::RunResult run = a_run(10);
  for (auto& truth : seconds_of(run, 0, 0, 10)) {
    truth.capacity_mbps = truth.capacity_at_ceiling_mbps = 0;
  }

  EXPECT_DOUBLE_EQ(harm(run).below_keep, 0);
}

TEST(Harm, CountsFromTheVeryStart) {
  sim::RunResult run = a_run(10);
  gets(seconds_of(run, 0, 0, 1), 50);

  EXPECT_DOUBLE_EQ(harm(run).below_90, 0.1);
  EXPECT_DOUBLE_EQ(harm(run).longest_s, 1);
}

TEST(Harm, DoesNotCountTheWarmUp) {
  sim::RunResult run = a_run(10);
  run.start = at_ms(2'000);
  gets(seconds_of(run, 0, 0, 4), 50);

  EXPECT_DOUBLE_EQ(harm(run).below_90, 0.25);
  EXPECT_DOUBLE_EQ(harm(run).longest_s, 2);
}

TEST(Harm, IsOfStationsThatAreSentSomething) {
  sim::RunResult run = a_run(10, {alice, bob});
  gets(seconds_of(run, 1, 0, 10), 50);
  is_silent(seconds_of(run, 1, 0, 10));
  EXPECT_DOUBLE_EQ(harm(run).below_90, 0);

  is_silent(seconds_of(run, 0, 0, 10));
  EXPECT_EQ(harm_of(run, 0.97), std::nullopt);
}

// What is queued is sent after it was offered.
TEST(Harm, IsOfStationsWhoseQueueIsBeingSent) {
  sim::RunResult run = a_run(10);
  is_silent(seconds_of(run, 0, 5, 10));
  seconds_of(run, 0, 5, 10).front().airtime_us = 10'000;
  gets(seconds_of(run, 0, 5, 10), 50);

  EXPECT_DOUBLE_EQ(harm(run).below_90, 1.0 / 51);
}

TEST(Harm, APauseNeitherEndsASpellNorIsPartOfIt) {
  sim::RunResult run = a_run(20);
  gets(seconds_of(run, 0, 4, 12), 50);
  is_silent(seconds_of(run, 0, 6, 11));

  EXPECT_DOUBLE_EQ(harm(run).longest_s, 3);
  EXPECT_DOUBLE_EQ(harm(run).below_90, 0.2);
}

TEST(Harm, ASpellEndsWhereTheStationIsWhole) {
  sim::RunResult run = a_run(10);
  gets(seconds_of(run, 0, 2, 4), 50);
  gets(seconds_of(run, 0, 5, 8), 50);

  EXPECT_DOUBLE_EQ(harm(run).longest_s, 3);
}

// A door closes at 10 s, as by scenarios' `steps`.
sim::RunResult a_door() {
  sim::RunResult run = a_run(30);
  for (auto& truth : seconds_of(run, 0, 10, 30)) truth.path_loss_db = 80;
  return run;
}

TEST(Harm, AfterAStepOfPathLossIsApart) {
  sim::RunResult run = a_door();
  gets(seconds_of(run, 0, 10, 13), 50);
  gets(seconds_of(run, 0, 20, 22), 50);

  EXPECT_DOUBLE_EQ(harm(run).longest_s, 2);
  EXPECT_THAT(harm(run).longest_after_step_s, Optional(DoubleNear(3, 1e-9)));
  EXPECT_NEAR(harm(run).below_90, 5 / 30.0, 1e-9);
}

TEST(Harm, ThatBeginsLateAfterAStepIsNotTheSteps) {
  sim::RunResult run = a_door();
  gets(seconds_of(run, 0, 11, 13).subspan(4, 10), 50);
  EXPECT_THAT(harm(run).longest_after_step_s, Optional(1.0));
  EXPECT_DOUBLE_EQ(harm(run).longest_s, 0);

  run = a_door();
  gets(seconds_of(run, 0, 11, 13).subspan(5, 10), 50);
  EXPECT_THAT(harm(run).longest_after_step_s, Optional(0.0));
  EXPECT_DOUBLE_EQ(harm(run).longest_s, 1);
}

TEST(Harm, ThatWasThereBeforeAStepIsNotTheSteps) {
  sim::RunResult run = a_door();
  gets(seconds_of(run, 0, 9, 13), 50);

  EXPECT_DOUBLE_EQ(harm(run).longest_s, 4);
  EXPECT_THAT(harm(run).longest_after_step_s, Optional(0.0));
}

// 10 dB within a second, 1 dB per 100 ms: the loss begins before the 8 dB are full.
TEST(Harm, OnTheWayUpAStepIsTheSteps) {
  sim::RunResult run = a_run(20);
  double loss = 70;
  for (auto& truth : seconds_of(run, 0, 10, 11)) truth.path_loss_db = loss += 1;
  for (auto& truth : seconds_of(run, 0, 11, 20)) truth.path_loss_db = loss;
  gets(seconds_of(run, 0, 10, 12).subspan(3), 50);

  EXPECT_DOUBLE_EQ(harm(run).longest_s, 0);
  EXPECT_THAT(harm(run).longest_after_step_s, Optional(DoubleNear(1.7, 1e-9)));
}

// 1.5 s count from where the step begins, not from where its 8 dB are full.
TEST(Harm, LateAfterTheBeginningOfAStepIsNotTheSteps) {
  sim::RunResult run = a_run(20);
  double loss = 70;
  for (auto& truth : seconds_of(run, 0, 10, 11)) truth.path_loss_db = loss += 1;
  for (auto& truth : seconds_of(run, 0, 11, 20)) truth.path_loss_db = loss;
  gets(seconds_of(run, 0, 11, 13).subspan(5, 10), 50);

  EXPECT_DOUBLE_EQ(harm(run).longest_s, 1);
  EXPECT_THAT(harm(run).longest_after_step_s, Optional(0.0));
}

TEST(Harm, WithoutAStepNothingIsAfterOne) {
  sim::RunResult run = a_run(10);
  gets(seconds_of(run, 0, 2, 4), 50);

  EXPECT_EQ(harm(run).longest_after_step_s, std::nullopt);
}

}  // namespace
}  // namespace pianissimo::evaluate
