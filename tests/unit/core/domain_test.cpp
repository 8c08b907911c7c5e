#include "controller/core/domain.hpp"

#include <gmock/gmock.h>

#include "tests/unit/core/script.hpp"

namespace pianissimo {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Box five_to_twenty{dbm(5), dbm(20)};

// A domain at 20 dBm, not yet described.
class Domain : public testing::Test {
 protected:
  Outcome describe(std::int64_t ms, const Box& box, std::optional<Dbm> moved_to = {}) {
    Outcome out;
    domain.describe(at_ms(ms), {box, {}}, moved_to, {Reason::box_changed, {}}, out);
    return out;
  }
  Outcome reading(std::int64_t ms) {
    Outcome out;
    domain.on_reading(at_ms(ms), {}, out);
    return out;
  }
  Outcome result(const PowerResult& result) {
    Outcome out;
    domain.on_result(result, out);
    return out;
  }
  Outcome wake(std::int64_t ms) {
    Outcome out;
    domain.on_wake(at_ms(ms), out);
    return out;
  }
  // The policy changes its mind, which shows at its next reading.
  Outcome wants(std::int64_t ms, Dbm level) {
    script->wants = level;
    return reading(ms);
  }

  std::shared_ptr<Script> script = std::make_shared<Script>();
  PowerDomain domain{knob_of_wlan0, std::make_unique<ScriptedPolicy>(script), dbm(20)};
};

TEST_F(Domain, BeginsInTheBoxItIsShown) {
  const Outcome out = describe(0, five_to_twenty);

  EXPECT_EQ(domain.box(), five_to_twenty);
  EXPECT_EQ(script->box, five_to_twenty);
  EXPECT_THAT(script->told, ElementsAre("start start @0"));
  EXPECT_THAT(out.decisions,
              ElementsAre(Decision{at_ms(0), knob_of_wlan0, dbm(20), dbm(20), Reason::start, {}}));
  EXPECT_THAT(out.commands, IsEmpty());
}

TEST_F(Domain, TheSameBoxAgainIsNoNews) {
  describe(0, five_to_twenty);

  const Outcome out = describe(100, five_to_twenty);

  EXPECT_THAT(out.decisions, IsEmpty());
  EXPECT_THAT(script->told, ElementsAre("start start @0"));
}

TEST_F(Domain, AnotherBoxBeginsAnew) {
  describe(0, five_to_twenty);

  const Outcome out = describe(100, Box{dbm(5), dbm(14)});

  EXPECT_THAT(script->told, ElementsAre("start start @0", "start box_changed @100"));
  EXPECT_THAT(reasons(out), ElementsAre(Reason::box_changed));
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(14)));
}

TEST_F(Domain, AdviceIsTakenIntoTheBoxInWholeLevels) {
  describe(0, five_to_twenty);

  EXPECT_THAT(levels_asked(wants(10, Dbm::from_mbm(1199))), ElementsAre(dbm(11)));
  EXPECT_THAT(levels_asked(result(accepted(at_ms(11), knob_of_wlan0, dbm(11)))), IsEmpty());
  EXPECT_THAT(levels_asked(wants(12, dbm(-3))), ElementsAre(dbm(5)));
  EXPECT_THAT(levels_asked(result(accepted(at_ms(13), knob_of_wlan0, dbm(5)))), IsEmpty());
  EXPECT_THAT(levels_asked(wants(14, dbm(36))), ElementsAre(dbm(20)));
}

TEST_F(Domain, ADecisionSaysFromWhereToWhereAndWhy) {
  describe(0, five_to_twenty);
  script->says = Reason::step_down;

  const Outcome out = wants(140, dbm(19));

  EXPECT_THAT(
      out.decisions,
      ElementsAre(Decision{at_ms(140), knob_of_wlan0, dbm(20), dbm(19), Reason::step_down, {}}));
}

TEST_F(Domain, ADwellBeginsAtOnceWhenItsLevelIsInForce) {
  script->dwells = true;

  describe(7, five_to_twenty);

  EXPECT_THAT(script->told, ElementsAre("start start @7", "applied @7"));
}

TEST_F(Domain, ADwellBeginsWhenTheKernelHasAnswered) {
  describe(0, five_to_twenty);
  script->dwells = true;
  wants(100, dbm(19));
  ASSERT_EQ(script->told.back(), "reading @100");

  result(accepted(at_ms(283), knob_of_wlan0, dbm(19)));

  EXPECT_EQ(script->told.back(), "applied @283");
}

TEST_F(Domain, ADwellOfALevelGivenUpNeverBegins) {
  script->dwells = true;
  script->wants = dbm(19);
  describe(0, five_to_twenty);

  script->dwells = false;
  describe(50, Box{dbm(12), dbm(12)});
  result(accepted(at_ms(100), knob_of_wlan0, dbm(19)));
  result(accepted(at_ms(110), knob_of_wlan0, dbm(12)));

  EXPECT_THAT(script->told, ElementsAre("start start @0", "start box_changed @50"));
}

TEST_F(Domain, WakesThePolicyWhenItAsked) {
  script->wakes_after = 60ms;
  describe(0, five_to_twenty);
  ASSERT_EQ(domain.wake(), at_ms(60));

  wake(59);
  EXPECT_THAT(script->told, ElementsAre("start start @0"));
  EXPECT_EQ(domain.wake(), at_ms(60));

  wake(61);
  EXPECT_EQ(script->told.back(), "wake @61");
  EXPECT_EQ(domain.wake(), at_ms(121));
}

TEST_F(Domain, ANewBeginningForgetsTheWakeAskedFor) {
  script->wakes_after = 60ms;
  describe(0, five_to_twenty);

  script->wakes_after.reset();
  describe(10, Box{dbm(5), dbm(14)});

  EXPECT_EQ(domain.wake(), std::nullopt);
}

TEST_F(Domain, WakesForTheEarlierOfPolicyAndRetry) {
  script->wakes_after = 1s;
  describe(0, five_to_twenty);
  wants(0, dbm(19));
  ASSERT_EQ(domain.wake(), at_ms(1000));

  result(refused(at_ms(10), knob_of_wlan0, dbm(19), PowerAnswer::busy));

  EXPECT_EQ(domain.wake(), at_ms(60));
  EXPECT_THAT(levels_asked(wake(60)), ElementsAre(dbm(19)));
  EXPECT_EQ(domain.wake(), at_ms(1000));
}

TEST_F(Domain, ARefusalIsSaidOnceHoweverOftenItComes) {
  describe(0, five_to_twenty);
  wants(0, dbm(19));

  const Outcome first =
      result(refused(at_ms(1), knob_of_wlan0, dbm(19), PowerAnswer::not_permitted, 1));

  EXPECT_THAT(first.decisions,
              ElementsAre(Decision{
                  at_ms(1), knob_of_wlan0, dbm(19), dbm(20), Reason::knob_refused, {.error = 1}}));
  for (int again = 0; again < 5; ++again) {
    const Instant at = *domain.wake();
    ASSERT_THAT(levels_asked(wake(ms_of(at))), ElementsAre(dbm(19)));
    const Outcome out = result(refused(at, knob_of_wlan0, dbm(19), PowerAnswer::not_permitted, 1));
    EXPECT_THAT(out.decisions, IsEmpty());
  }
}

TEST_F(Domain, ARefusalOfALevelGivenUpLetsTheNextOneThrough) {
  describe(0, five_to_twenty);
  wants(0, dbm(19));
  ASSERT_THAT(levels_asked(wants(1, dbm(18))), IsEmpty());

  const Outcome out = result(refused(at_ms(2), knob_of_wlan0, dbm(19), PowerAnswer::busy));

  EXPECT_THAT(out.decisions, IsEmpty());
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(18)));
}

TEST_F(Domain, ARefusalOfALevelGivenUpBeginsTheDwellOfTheOneInForce) {
  describe(0, five_to_twenty);
  script->dwells = true;
  wants(0, dbm(19));
  wants(1, dbm(20));
  ASSERT_EQ(script->told.back(), "reading @1");

  result(refused(at_ms(2), knob_of_wlan0, dbm(19), PowerAnswer::busy));

  EXPECT_EQ(script->told.back(), "applied @2");
}

TEST_F(Domain, LessThanAskedIsTheCeilingFromNowOn) {
  describe(0, five_to_twenty);
  wants(0, dbm(19));

  const Outcome out = result(accepted(at_ms(1), knob_of_wlan0, dbm(19), dbm(17)));

  EXPECT_EQ(domain.box(), Box(dbm(5), dbm(17)));
  EXPECT_THAT(reasons(out), ElementsAre(Reason::knob_clamped, Reason::box_changed));
  EXPECT_EQ(out.decisions[0].from, dbm(19));
  EXPECT_EQ(out.decisions[0].to, dbm(17));
  EXPECT_THAT(out.commands, IsEmpty());
}

// The regulator was faster than the kernel's answer: the answer must not lift the box again.
TEST_F(Domain, AClampAboveABoxThatHasShrunkMeanwhileDoesNotWidenIt) {
  describe(0, five_to_twenty);
  wants(0, dbm(19));
  script->wants.reset();
  describe(1, Box{dbm(5), dbm(10)});

  const Outcome out = result(accepted(at_ms(2), knob_of_wlan0, dbm(19), dbm(17)));

  EXPECT_EQ(domain.box(), Box(dbm(5), dbm(10)));
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(10)));
}

TEST_F(Domain, MoreThanAskedButWithinTheBoxIsTheFloorFromNowOn) {
  describe(0, five_to_twenty);
  wants(0, dbm(6));

  result(accepted(at_ms(1), knob_of_wlan0, dbm(6), dbm(9)));

  EXPECT_EQ(domain.box(), Box(dbm(9), dbm(20)));
  EXPECT_EQ(script->told.back(), "start box_changed @1");
}

TEST_F(Domain, AClampIsForgottenWithTheBoxItWasIn) {
  describe(0, five_to_twenty);
  wants(0, dbm(19));
  result(accepted(at_ms(1), knob_of_wlan0, dbm(19), dbm(17)));

  describe(10, Box{dbm(5), dbm(20)});
  EXPECT_EQ(domain.box(), Box(dbm(5), dbm(17)));

  describe(20, Box{dbm(5), dbm(23)});
  EXPECT_EQ(domain.box(), Box(dbm(5), dbm(23)));
}

struct ReadBack {
  std::int32_t mbm;
  bool as_asked;
};

class RoundedReadBack : public Domain, public testing::WithParamInterface<ReadBack> {};

// mt76 works in steps of 0.5 dB and rounds its read-back up.
TEST_P(RoundedReadBack, WithinTheRoundingIsWhatWasAskedFor) {
  describe(0, five_to_twenty);
  wants(0, dbm(12));

  const Outcome out =
      result(accepted(at_ms(1), knob_of_wlan0, dbm(12), Dbm::from_mbm(GetParam().mbm)));

  EXPECT_EQ(out.decisions.empty(), GetParam().as_asked);
  EXPECT_EQ(domain.box() == five_to_twenty, GetParam().as_asked);
}

INSTANTIATE_TEST_SUITE_P(Around12Dbm, RoundedReadBack,
                         testing::Values(ReadBack{1099, false}, ReadBack{1100, false},
                                         ReadBack{1101, true}, ReadBack{1150, true},
                                         ReadBack{1200, true}, ReadBack{1250, true},
                                         ReadBack{1300, true}, ReadBack{1301, false}));

TEST_F(Domain, AKnobWithoutEffectIsFoundOutAndLeftAlone) {
  describe(0, five_to_twenty);
  script->says = Reason::step_down;
  wants(0, dbm(19));
  result(accepted(at_ms(1), knob_of_wlan0, dbm(19), dbm(20)));  // might be rounding
  wants(2, dbm(18));

  const Outcome out = result(accepted(at_ms(3), knob_of_wlan0, dbm(18), dbm(20)));

  EXPECT_EQ(out.decisions[0].reason, Reason::knob_clamped);
  EXPECT_EQ(domain.box(), Box(dbm(20), dbm(20)));
  EXPECT_THAT(out.commands, IsEmpty());
}

TEST_F(Domain, AnIgnoredCommandAboveTheBoxIsAsGoodAsRefused) {
  const Outcome begun = describe(0, Box{dbm(5), dbm(15)});
  ASSERT_THAT(levels_asked(begun), ElementsAre(dbm(15)));

  const Outcome out = result(accepted(at_ms(1), knob_of_wlan0, dbm(15), dbm(20)));

  EXPECT_THAT(reasons(out), ElementsAre(Reason::knob_refused));
  EXPECT_THAT(out.commands, IsEmpty());
  EXPECT_EQ(domain.wake(), at_ms(1001));
}

TEST_F(Domain, WhatSomebodyElseMovedIsPutBack) {
  describe(0, five_to_twenty);

  const Outcome out = describe(10, five_to_twenty, dbm(11));

  EXPECT_THAT(out.decisions, IsEmpty());
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(20)));
}

}  // namespace
}  // namespace pianissimo
