// The law on a bench: what it does with stations whose throughput is a function of the level.
#include "controller/policy/anchor.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/unit/policies/bench.hpp"

namespace pianissimo::test {
namespace {

using testing::Contains;
using testing::Each;
using testing::Ge;
using testing::Not;

// Delivers everything down to this level, and a tenth less with each dB below.
std::function<double(std::int32_t)> whole_down_to(std::int32_t needs) {
  return [needs](std::int32_t dbm) { return std::max(0.1, 1 - 0.1 * std::max(0, needs - dbm)); };
}

BenchStation busy(std::int32_t needs) {
  BenchStation out;
  out.packets = 1000;
  out.success = whole_down_to(needs);
  out.signal = dbm(-40);  // so near that the floor may well be enough
  return out;
}

Bench bench(const AnchorParams& params = {}) { return Bench{make_anchor(params), 1, 20}; }

TEST(Anchor, GoesToTheFloorWhenEveryLevelGivesEverything) {
  Bench law = bench();
  law[alice] = busy(0);

  law.run_until(6'000);

  EXPECT_EQ(law.level(), 1);
  EXPECT_THAT(law.reasons(), Contains(Reason::descend_fast));
}

TEST(Anchor, StaysAtTheLowestLevelThatGivesEverything) {
  Bench law = bench();
  law[alice] = busy(9);

  law.run_until(60'000);

  EXPECT_EQ(law.level(), 9);
  EXPECT_EQ(law.usual_level(), 9);
}

TEST(Anchor, KeepsNinetyPercentWhenToldSo) {
  Bench law = bench({.keep = 0.85});
  law[alice] = busy(9);

  law.run_until(60'000);

  EXPECT_EQ(law.usual_level(), 8);
}

TEST(Anchor, SpendsHardlyAnyTimeBelowWhatAStationNeeds) {
  Bench law = bench();
  law[alice] = busy(9);

  law.run_until(10'000);
  const auto before = law.levels().size();
  law.run_until(120'000);

  EXPECT_LE(law.levels().size() - before, 8U) << "tried again later and later";
}

TEST(Anchor, AnswersACollapseWithinTwoReadings) {
  Bench law = bench();
  law[alice] = busy(5);
  law.run_until(20'000);
  ASSERT_EQ(law.level(), 5);

  law[alice].success = whole_down_to(15);
  law.run_until(20'150);

  EXPECT_GE(law.level(), 9);
  law.run_until(22'000);
  EXPECT_GE(law.level(), 15);
  EXPECT_THAT(law.reasons(), Contains(Reason::losses));
}

TEST(Anchor, TheNeediestStationDecides) {
  Bench law = bench();
  law[alice] = busy(3);
  law[bob] = busy(14);

  law.run_until(30'000);

  EXPECT_EQ(law.usual_level(), 14);
}

TEST(Anchor, AnIdleStationHasNoSay) {
  Bench law = bench();
  law[alice] = busy(3);
  law[bob] = busy(20);
  law[bob].is_silent = true;

  law.run_until(60'000);

  EXPECT_EQ(law.usual_level(), 3);
}

TEST(Anchor, AStepThatLostMuchSaysThatTheNextLevelUpIsNotEnough) {
  Bench law = bench();
  law[alice] = busy(3);

  law.run_until(20'000);

  // 2 dBm lost a tenth. A decibel leaves a sixth of that, which is too much as well.
  EXPECT_EQ(law.usual_level(), 4);
  EXPECT_THAT(law.levels(), Not(Contains(3)));
}

TEST(Anchor, AStepOfWhichNobodyCanTellHasNotFailed) {
  Bench law = bench();
  law[alice] = busy(3);
  law[alice].packets = 5;
  // Every second reading loses a tenth, and a fiftieth more below the ceiling: of so few packets
  // nobody can tell that from chance, so that it would be wrong to wait 50 times as long as that
  // took.
  for (std::int64_t reading = 1; reading <= 600; ++reading) {
    const double worst = reading % 2 == 0 ? 1.0 : 0.9;
    law[alice].success = [worst](std::int32_t dbm) { return dbm == 20 ? worst : worst - 0.02; };
    law.run_until(50 * reading);
  }

  EXPECT_THAT(law.reasons(), Contains(Reason::step_inconclusive));
  EXPECT_THAT(law.reasons(), Not(Contains(Reason::step_failed)));
}

TEST(Anchor, StepsThatAreTakenBackAgainAndAgainBecomeRare) {
  Bench law = bench();
  law[alice] = busy(9);
  // The station goes behind a wall and comes back, again and again.
  for (std::int64_t turn = 1; turn <= 30; ++turn) {
    law[alice].success = whole_down_to(turn % 2 == 0 ? 9 : 15);
    law[alice].signal = turn % 2 == 0 ? dbm(-40) : dbm(-46);
    law.run_until(2'000 * turn);
  }

  EXPECT_THAT(law.reasons(), Contains(Reason::rate_limited));
}

TEST(Anchor, AStationThatPausesKeepsItsSayForAMinute) {
  Bench law = bench();
  law[alice] = busy(3);
  law[bob] = busy(14);
  law.run_until(20'000);
  ASSERT_EQ(law.level(), 14);

  law[bob].is_silent = true;
  law.run_until(50'000);
  EXPECT_GE(law.level(), 13);
  law.run_until(100'000);

  EXPECT_LE(law.level(), 4);
}

TEST(Anchor, ANewcomerWithAStrongSignalDoesNotMoveThePower) {
  Bench law = bench();
  law[alice] = busy(6);
  law.run_until(20'000);
  const auto before = law.levels().size();

  law[bob] = busy(1);
  law[bob].signal = dbm(-35);
  law.starts(Reason::station_joined);
  law.run_until(20'400);

  EXPECT_EQ(law.levels().size(), before);
}

TEST(Anchor, ANewcomerWithAWeakSignalRaisesIt) {
  Bench law = bench();
  law[alice] = busy(6);
  law.run_until(20'000);

  law[bob] = busy(14);
  law[bob].signal = dbm(-52);
  law.starts(Reason::station_joined);
  law.run_until(20'100);

  EXPECT_GE(law.level(), 14);
  EXPECT_EQ(law.reasons().back(), Reason::newcomer);
}

TEST(Anchor, AStationThatComesBackIsRemembered) {
  Bench law = bench();
  law[alice] = busy(3);
  law[bob] = busy(14);
  law.run_until(20'000);
  law.leaves(bob);
  law.run_until(60'000);
  ASSERT_LE(law.level(), 4);

  law[bob] = busy(14);
  law.starts(Reason::station_joined);
  law.run_until(60'100);

  EXPECT_EQ(law.level(), 14);
  EXPECT_EQ(law.reasons().back(), Reason::remembered);
}

TEST(Anchor, WhoLosesTheSameAtEveryPowerDoesNotHoldThePowerUp) {
  Bench law = bench();
  law[alice].packets = 500;
  law[alice].success = [](std::int32_t) { return 0.6; };
  law[alice].mcs = [](std::int32_t) { return 6; };

  law.run_until(60'000);

  EXPECT_LE(law.level(), 5);
}

// mac80211 itself counts no frame that is missing from an aggregate. This rate control goes down
// when it loses a tenth, and needs a second to come back.
TEST(Anchor, KeepsADistanceWhereRetriesAreNotCounted) {
  Bench law = bench();
  law[alice] = busy(9);
  law[alice].shows_losses = false;
  law[alice].rate = [slow = 0](std::int32_t level) mutable {
    slow = level < 9 ? 20 : std::max(0, slow - 1);
    return slow > 0 ? mbps(325) : mbps(390);
  };

  law.run_until(60'000);

  EXPECT_THAT(law.reasons(), Contains(Reason::retries_misleading));
  EXPECT_GE(law.usual_level(), 12);
}

// The television is near, and somebody far away opens a page now and then.
TEST(Anchor, WhoOpensAPageNowAndThenIsNotForgottenBetweenThem) {
  Bench law = bench();
  law[alice] = busy(2);
  law[bob] = busy(14);
  law[bob].signal = dbm(-60);
  law[bob].is_silent = true;
  law.run_until(10'000);
  ASSERT_LT(law.level(), 14);

  std::vector<std::int32_t> met;  // the level that each page finds
  for (std::int64_t page = 0; page < 20; ++page) {
    met.push_back(law.level());
    law[bob].is_silent = false;
    law.run_until(10'200 + 3'000 * page);
    law[bob].is_silent = true;
    law.run_until(13'000 + 3'000 * page);
  }

  EXPECT_THAT(std::vector(met.begin() + 3, met.end()), Each(Ge(14)));
}

TEST(Anchor, FindsAKnobThatDoesNothing) {
  Bench law = bench();
  law[alice] = busy(-100);
  law[alice].signal = dbm(-58);

  law.run_until(30'000);

  EXPECT_EQ(law.level(), 20);
  EXPECT_EQ(law.reasons().back(), Reason::knob_dead);
}

TEST(Anchor, WithoutTheEffectTestItDoesNot) {
  Bench law = bench({.effect_test = false});
  law[alice] = busy(-100);
  law[alice].signal = dbm(-58);

  law.run_until(30'000);

  EXPECT_EQ(law.level(), 1);
  EXPECT_THAT(law.reasons(), Not(Contains(Reason::knob_dead)));
}

TEST(Anchor, GoesDownLevelByLevelWithoutCoarseSteps) {
  Bench law = bench({.coarse = false});
  law[alice] = busy(15);

  law.run_until(4'000);

  std::vector<std::int32_t> steps;
  for (std::size_t i = 1; i < law.levels().size(); ++i) {
    steps.push_back(law.levels()[i] - law.levels()[i - 1]);
  }
  EXPECT_THAT(steps, Not(testing::IsEmpty()));
  EXPECT_THAT(steps, Each(Ge(-1)));
}

TEST(Anchor, HasNothingToDoInABoxOfOneLevel) {
  Bench law{make_anchor({}), 12, 12};
  law[alice] = busy(15);

  law.run_until(5'000);

  EXPECT_EQ(law.level(), 12);
  EXPECT_THAT(law.reasons(), testing::ElementsAre(Reason::single_level));
}

TEST(Anchor, SaysTheNumbersBehindAStepThatFailed) {
  Bench law = bench();
  law[alice] = busy(9);
  law.run_until(3'000);
  while (law.reasons().back() != Reason::step_failed && law.levels().size() < 50) {
    static std::int64_t ms = 3'000;
    law.run_until(ms += 50);
  }

  const Evidence& evidence = law.evidence();
  EXPECT_EQ(evidence.station, alice);
  ASSERT_TRUE(evidence.observed && evidence.reference && evidence.wait && evidence.level);
  EXPECT_LT(*evidence.observed, *evidence.reference);
  EXPECT_EQ(evidence.keep, 0.97);
}

}  // namespace
}  // namespace pianissimo::test
