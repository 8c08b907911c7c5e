#include "controller/core/knob_plan.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/words.hpp"

namespace pianissimo {
namespace {

using namespace test;
using namespace std::chrono_literals;

PowerResult took(Dbm asked) { return accepted(at_ms(0), knob_of_wlan0, asked); }

PowerResult busy(std::int64_t ms, Dbm asked) {
  return refused(at_ms(ms), knob_of_wlan0, asked, PowerAnswer::busy);
}

PowerResult unsupported(std::int64_t ms, Dbm asked) {
  return refused(at_ms(ms), knob_of_wlan0, asked, PowerAnswer::unsupported);
}

TEST(KnobPlan, AsksForNothingThatIsInForce) {
  KnobPlan plan{dbm(20)};

  plan.want(dbm(20));

  EXPECT_TRUE(plan.settled());
  EXPECT_EQ(plan.next(at_ms(0)), std::nullopt);
}

TEST(KnobPlan, AsksOnceAndSettlesWithTheAnswer) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));

  EXPECT_EQ(plan.next(at_ms(0)), dbm(17));
  EXPECT_EQ(plan.next(at_ms(1)), std::nullopt);
  EXPECT_FALSE(plan.settled());

  plan.on(took(dbm(17)));

  EXPECT_TRUE(plan.settled());
  EXPECT_EQ(plan.in_force(), dbm(17));
  EXPECT_EQ(plan.next(at_ms(2)), std::nullopt);
}

TEST(KnobPlan, OfManyWishesOnlyTheLastIsAskedFor) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(19));
  plan.want(dbm(18));
  plan.want(dbm(17));

  EXPECT_EQ(plan.next(at_ms(0)), dbm(17));
}

TEST(KnobPlan, AWishTakenBackInTimeCostsNothing) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  plan.want(dbm(20));

  EXPECT_EQ(plan.next(at_ms(0)), std::nullopt);
  EXPECT_TRUE(plan.settled());
}

TEST(KnobPlan, ANewWishWaitsForTheAnswerUnderWay) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  ASSERT_EQ(plan.next(at_ms(0)), dbm(17));

  plan.want(dbm(12));
  EXPECT_EQ(plan.next(at_ms(1)), std::nullopt);

  plan.on(took(dbm(17)));
  EXPECT_EQ(plan.in_force(), dbm(17));
  EXPECT_EQ(plan.next(at_ms(2)), dbm(12));
}

TEST(KnobPlan, AWishTakenBackWhileUnderWayIsUndone) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  ASSERT_EQ(plan.next(at_ms(0)), dbm(17));

  plan.want(dbm(20));
  EXPECT_FALSE(plan.settled());
  plan.on(took(dbm(17)));

  EXPECT_EQ(plan.next(at_ms(2)), dbm(20));
}

TEST(KnobPlan, ABusyKnobIsAskedAgainLaterAndLater) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  Instant at = at_ms(1000);
  // 50 ms, doubled each time, at most 5 s.
  for (const auto pause : {50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
    ASSERT_EQ(plan.next(at), dbm(17));

    plan.on(busy(ms_of(at), dbm(17)));

    EXPECT_EQ(plan.retry_at(), at + pause);
    EXPECT_EQ(plan.next(at + pause - 1ns), std::nullopt);
    at += pause;
  }
}

TEST(KnobPlan, AnUnsupportedLevelIsTriedRarely) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  Instant at = at_ms(0);
  // 1 s, doubled each time, at most 60 s.
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    ASSERT_EQ(plan.next(at), dbm(17));

    plan.on(unsupported(ms_of(at), dbm(17)));

    EXPECT_EQ(plan.retry_at(), at + pause);
    at += pause;
  }
}

TEST(KnobPlan, ManyRefusalsDoNotOverflowThePause) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  Instant at = at_ms(0);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(plan.next(at), dbm(17));
    plan.on(unsupported(ms_of(at), dbm(17)));
    ASSERT_LE(*plan.retry_at() - at, 60s);
    at = *plan.retry_at();
  }
  EXPECT_EQ(plan.refusals(), 100);
}

TEST(KnobPlan, AnotherLevelIsNotMadeToWaitForARefusedOne) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  ASSERT_EQ(plan.next(at_ms(0)), dbm(17));
  plan.on(unsupported(1, dbm(17)));

  plan.want(dbm(16));

  EXPECT_EQ(plan.retry_at(), std::nullopt);
  EXPECT_EQ(plan.refusals(), 0);
  EXPECT_EQ(plan.next(at_ms(2)), dbm(16));
}

TEST(KnobPlan, ARefusalOfALevelNoLongerWantedDelaysNothing) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  ASSERT_EQ(plan.next(at_ms(0)), dbm(17));
  plan.want(dbm(16));

  plan.on(unsupported(1, dbm(17)));

  EXPECT_EQ(plan.refusals(), 0);
  EXPECT_EQ(plan.next(at_ms(1)), dbm(16));
}

TEST(KnobPlan, SuccessEndsTheBackingOff) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  ASSERT_EQ(plan.next(at_ms(0)), dbm(17));
  plan.on(busy(0, dbm(17)));
  ASSERT_EQ(plan.next(at_ms(50)), dbm(17));

  plan.on(took(dbm(17)));

  EXPECT_EQ(plan.refusals(), 0);
  EXPECT_EQ(plan.retry_at(), std::nullopt);
}

TEST(KnobPlan, PutsBackWhatSomebodyElseMoved) {
  KnobPlan plan{dbm(17)};

  plan.moved_to(dbm(20));

  EXPECT_FALSE(plan.settled());
  EXPECT_EQ(plan.next(at_ms(0)), dbm(17));
}

TEST(KnobPlan, WhileACommandIsUnderWayItsAnswerSaysWhatIsInForce) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  ASSERT_EQ(plan.next(at_ms(0)), dbm(17));

  plan.moved_to(dbm(17));
  EXPECT_EQ(plan.in_force(), dbm(20));

  plan.on(took(dbm(17)));
  EXPECT_EQ(plan.in_force(), dbm(17));
}

// Else the loop would be woken for it again and again.
TEST(KnobPlan, WhatSomebodyElseDidForUsIsNotTriedAgain) {
  KnobPlan plan{dbm(20)};
  plan.want(dbm(17));
  ASSERT_EQ(plan.next(at_ms(0)), dbm(17));
  plan.on(busy(0, dbm(17)));
  ASSERT_TRUE(plan.retry_at());

  plan.moved_to(dbm(17));

  EXPECT_EQ(plan.next(at_ms(10)), std::nullopt);
  EXPECT_EQ(plan.retry_at(), std::nullopt);
}

}  // namespace
}  // namespace pianissimo
