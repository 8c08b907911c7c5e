// What one station says to the level in force, and how long a level that it did not keep waits.
#include "tests/unit/policy/one_station.hpp"

namespace pianissimo::anchor {
namespace {

using namespace std::chrono_literals;

using VoteTest = OneStation;

// --- when it says anything

TEST_F(VoteTest, TheCeilingIsWatchedTwiceAsLongAsALevelBelow) {
  go_to(dbm(20), 0);
  read_for(10s);
  go_to(dbm(20), 0);
  read_for(750ms);
  EXPECT_FALSE(vote().is_good);
  read();
  EXPECT_TRUE(vote().is_good);

  go_to(dbm(19), 1);
  read_for(350ms);
  EXPECT_FALSE(vote().is_good);
  read();
  EXPECT_TRUE(vote().is_good);
}

TEST_F(VoteTest, WhoHasJustAssociatedSaysNothingForThreeSeconds) {
  air.connected = 0s;
  read();
  const Instant associated = now;
  while (now - associated < 2950ms) {
    read();
    EXPECT_FALSE(vote().is_good);
  }

  read_for(1s);

  EXPECT_TRUE(vote().is_good);
}

TEST_F(VoteTest, AFewTransmissionsSayNothing) {
  know_the_ceiling_and_go_down(1);
  air.delivered = 3;
  read_for(650ms);
  EXPECT_FALSE(vote().is_good) << "39 of them";
}

// --- losses

TEST_F(VoteTest, ACollapseIsWorthFourDecibelsAndThenEverything) {
  know_the_ceiling_and_go_down(2);
  read_for(1s);
  air.acknowledged = 0.3;

  read();
  EXPECT_EQ(vote().up, 4);
  EXPECT_EQ(vote().reason, Reason::losses);
  read();
  EXPECT_EQ(vote().up, box.levels());
}

TEST_F(VoteTest, ACollapseIsOneThoughItIsTheFirstThatVaries) {
  know_the_ceiling_and_go_down(1);
  read_for(1s);
  air.acknowledged = 0.5;
  read(1);

  EXPECT_EQ(vote().reason, Reason::losses);
}

TEST_F(VoteTest, ACollapseThatIsOverIsNone) {
  know_the_ceiling_and_go_down(2);
  read_for(1s);
  air.acknowledged = 0.3;
  read();
  air.acknowledged = 1;
  read();

  EXPECT_NE(vote().reason, Reason::losses);
}

TEST_F(VoteTest, LessThanAThirdIsNoCollapse) {
  for (const auto& [acknowledged, is_collapse] : {std::pair{0.66, false}, {0.64, true}}) {
    know_the_ceiling_and_go_down(2);
    read_for(1s);
    air.acknowledged = acknowledged;
    read();
    EXPECT_EQ(vote().reason == Reason::losses, is_collapse) << acknowledged;
    air.acknowledged = 1;
  }
}

TEST_F(VoteTest, TheCeilingHasNothingAboveIt) {
  go_to(dbm(20), 0);
  read_for(10s);
  air.acknowledged = 0.3;
  read(3);

  EXPECT_EQ(vote().up, 0);
}

TEST_F(VoteTest, WithoutItsAlarmsItSaysNothingOfACollapse) {
  make({.watchman = false, .emergency = false});
  know_the_ceiling_and_go_down(2);
  read_for(300ms);
  air.acknowledged = 0.3;
  read(2);

  EXPECT_EQ(vote().up, 0);
}

TEST_F(VoteTest, SmallLossesAddUp) {
  know_the_ceiling_and_go_down(1);
  go_to(dbm(19), 0);
  read_for(2s);
  ASSERT_EQ(vote().up, 0);
  air.acknowledged = 0.93;
  read();
  EXPECT_EQ(vote().up, 0) << "one reading may be chance";

  read_for(1s);

  EXPECT_GE(vote().up, 1);
  EXPECT_EQ(vote().reason, Reason::throughput_fell);
}

TEST_F(VoteTest, WhatItShouldKeepMayBeLost) {
  know_the_ceiling_and_go_down(1);
  go_to(dbm(19), 0);
  read_for(2s);
  air.acknowledged = 0.99;  // 0.97 has to be kept
  read_for(20s);

  EXPECT_EQ(vote().up, 0);
}

TEST_F(VoteTest, AlarmsThatFollowEachOtherAskForADecibelMoreEach) {
  const auto alarm = [&] {
    go_to(dbm(10), 0);
    read_for(500ms);
    air.acknowledged = 0.9;
    read_for(1s);
    const int up = vote().up;
    station->bad(now, trial, {.up = 1});
    air.acknowledged = 1;
    return up;
  };
  know_the_ceiling_and_go_down(10);

  const int first = alarm();
  EXPECT_GE(first, 1);
  EXPECT_EQ(alarm(), first);
  EXPECT_EQ(alarm(), first + 1);
  EXPECT_EQ(alarm(), first + 2);
  EXPECT_EQ(alarm(), first + 3);
  EXPECT_EQ(alarm(), first + 3) << "and no more than three";
  read_for(6s);
  alarm();
  EXPECT_EQ(alarm(), first) << "six seconds after the last one they count anew";
}

// --- steps down

TEST_F(VoteTest, TheMoreItHasToSpareTheLargerTheStep) {
  const auto step_at = [&](double acknowledged) {
    go_to(dbm(15), 2);
    air.acknowledged = acknowledged;
    read_for(3s);
    EXPECT_TRUE(vote().is_good) << acknowledged;
    return vote().step;
  };
  know_the_ceiling_and_go_down(5);

  EXPECT_EQ(step_at(1), 3);
  EXPECT_TRUE(vote().is_fast);
  EXPECT_EQ(step_at(0.995), 2);
  EXPECT_TRUE(vote().is_fast);
}

TEST_F(VoteTest, WithoutCoarseStepsItGoesDecibelByDecibel) {
  make({.coarse = false});
  know_the_ceiling_and_go_down(2);
  read_for(1s);

  EXPECT_EQ(vote().step, 1);
  EXPECT_FALSE(vote().is_fast);
}

TEST_F(VoteTest, GoesDownAtOnceToJustAboveWhatWasEnoughNotLongAgo) {
  know_the_ceiling_and_go_down(10);
  read_for(1s);
  station->good(now, dbm(8), false);
  go_to(dbm(18), 0);
  read_for(1s);

  EXPECT_EQ(vote().step, 9);
}

TEST_F(VoteTest, GoesNotAsLowAsALevelThatWaits) {
  know_the_ceiling_and_go_down(5);
  read_for(1s);
  station->avoid(now, dbm(13));

  EXPECT_EQ(vote().step, 1);
  station->avoid(now, dbm(14));
  EXPECT_EQ(vote().step, 0);
}

TEST_F(VoteTest, WhoHasNothingToSpareTakesOneDeepStep) {
  air.mcs = 9;
  read();
  air.mcs = 7;
  go_to(dbm(20), 0);
  read_for(4900ms);
  ASSERT_EQ(spare(), 0);
  EXPECT_EQ(vote().step, 0) << "not before it was there, and at the ceiling, for five seconds";

  read_for(200ms);

  EXPECT_EQ(vote().step, 6);
  EXPECT_FALSE(vote().is_fast);
}

TEST_F(VoteTest, AfterADeepStepThatFailedTheNextComesAMinuteLater) {
  read();
  air.mcs = 7;
  go_to(dbm(20), 0);
  read_for(6s);
  ASSERT_EQ(vote().step, 6);
  station->good(now, dbm(20), false);
  go_to(dbm(14), 6);
  station->bad(now, trial, {.up = 1});
  const Instant failed = now;

  go_to(dbm(20), 0);
  while (now - failed < 59'900ms) {
    read();
    ASSERT_EQ(vote().step, 0) << test::ms_of(now) - test::ms_of(failed);
  }
  read_for(200ms);

  EXPECT_GT(vote().step, 3);
}

// --- how long what failed has to wait

TEST_F(VoteTest, WhatWentWrongForLongWaitsFiftyTimesAsLong) {
  know_the_ceiling_and_go_down(1);
  read_for(2s);

  EXPECT_EQ(station->bad(now, trial, {.up = 1}), 100s);
}

TEST_F(VoteTest, WhatNobodyCanTellWaitsAsShortAsPossible) {
  know_the_ceiling_and_go_down(1);
  read_for(2s);

  EXPECT_EQ(station->bad(now, trial, {.up = 1, .reason = Reason::step_inconclusive}), 20s);
}

TEST_F(VoteTest, ALevelThatWasGoodWaitsAsShortAsPossible) {
  know_the_ceiling_and_go_down(0);
  read_for(2s);

  EXPECT_EQ(station->bad(now, trial, {.up = 1}), 20s);
}

// Losses fall to a sixth with each decibel: 30 % becomes 5 % and then not quite 1 %.
TEST_F(VoteTest, WhatLostMuchSaysThatTheLevelsAboveItAreTooLowToo) {
  know_the_ceiling_and_go_down(6);
  air.acknowledged = 0.7;
  read_for(1s);
  station->bad(now, trial, {.up = 1});

  const Dbm failed = trial.level;
  go_to(dbm(20), 0);
  air.acknowledged = 1;
  read_for(2s);
  // At least a level above the one that failed waits as well.
  EXPECT_LT(vote().step, (dbm(20) - failed).mb() / 100);
  EXPECT_GT(*station->needs(), failed + db(1));
}

TEST_F(VoteTest, WhoseLossesCannotBeSeenKeepsThreeDecibelsMore) {
  air.counts_retries = false;
  read(40);
  go_to(dbm(10), 0);
  station->bad(now, trial, {.up = 1, .margin = 3});

  EXPECT_EQ(station->needs(), dbm(14));
}

// --- while it is quiet

TEST_F(VoteTest, WhileItIsQuietThePowerMayGoToJustBelowWhatItNeeds) {
  EXPECT_EQ(station->room_while_quiet(now, dbm(15)), 0) << "nothing is known";

  station->good(now, dbm(9), false);

  EXPECT_EQ(station->room_while_quiet(now, dbm(15)), 7);
  EXPECT_EQ(station->room_while_quiet(now, dbm(9)), 1);
  EXPECT_EQ(station->room_while_quiet(now, dbm(5)), 0);
  station->avoid(now, dbm(8));
  EXPECT_EQ(station->room_while_quiet(now, dbm(15)), 6) << "which waits";
}

TEST_F(VoteTest, WhileItIsQuietThePowerStaysAtWhatItAskedFor) {
  station->good(now, dbm(9), false);
  go_to(dbm(9), 0);
  station->bad(now, trial, {.up = 4});

  EXPECT_EQ(station->room_while_quiet(now, dbm(13)), 0);
  EXPECT_EQ(station->room_while_quiet(now, dbm(15)), 2);
  EXPECT_EQ(station->needs(), dbm(13));
}

TEST_F(VoteTest, WhatItAskedForIsForgottenWhenALowerLevelWasGood) {
  station->good(now, dbm(9), false);
  go_to(dbm(9), 0);
  station->bad(now, trial, {.up = 4});

  station->good(now, dbm(11), false);

  EXPECT_EQ(station->room_while_quiet(now, dbm(13)), 2);
  EXPECT_EQ(station->needs(), dbm(11));
}

TEST_F(VoteTest, WhatItAskedForStaysThoughItSeemsToHaveComeNearer) {
  air.signal = dbm(-57);
  read_for(1s);
  station->good(now, dbm(9), false);
  go_to(dbm(9), 0);
  station->bad(now, trial, {.up = 4});

  air.signal = dbm(-50);
  read_for(5s);
  ASSERT_LT(station->needs(), dbm(13)) << "it is at another place";

  EXPECT_EQ(station->room_while_quiet(now, dbm(13)), 0);
}

// --- who is sent a page now and then

TEST_F(VoteTest, WhoIsNotBusyAndWasNeverSeenAtTheCeilingAsksForIt) {
  go_to(dbm(8), 0);
  for (int page = 0; page < 8; ++page) {
    air.delivered = 300;
    air.acknowledged = 0.9;
    read(1);
    air.delivered = 0;
    read(10);
  }

  EXPECT_EQ(vote().up, box.levels());
  EXPECT_EQ(vote().reason, Reason::newcomer);
}

TEST_F(VoteTest, WhoIsNotBusyAndLosesNothingAtItsFastestRateDoesNot) {
  go_to(dbm(8), 0);
  for (int page = 0; page < 8; ++page) {
    air.delivered = 300;
    read(1);
    air.delivered = 0;
    read(10);
  }

  EXPECT_EQ(vote().up, 0);
}

// --- the numbers that go with it

TEST_F(VoteTest, SaysWhatItHasAndWhatTheCeilingGaveIt) {
  EXPECT_FALSE(vote().evidence.observed);
  EXPECT_FALSE(vote().evidence.reference);

  know_the_ceiling_and_go_down(1);
  air.acknowledged = 0.9;
  read_for(1s);
  const Evidence evidence = vote().evidence;

  EXPECT_EQ(evidence.station, test::alice);
  EXPECT_EQ(evidence.keep, 0.97);
  EXPECT_EQ(evidence.acknowledged_permille, 900);
  EXPECT_EQ(evidence.reference_permille, 1000);
  EXPECT_NEAR(evidence.observed->mbps() / evidence.reference->mbps(), 0.9, 0.005);
}

}  // namespace
}  // namespace pianissimo::anchor
