// What is known of one station: whether it counts, what it has to spare, where it goes.
#include "tests/unit/policy/one_station.hpp"

namespace pianissimo::anchor {
namespace {

using namespace std::chrono_literals;

using StationTest = OneStation;

// --- whether it counts

TEST_F(StationTest, IsActiveForThreeHundredMillisecondsAndHasASayForAMinute) {
  read(5);

  EXPECT_TRUE(station->is_active(now + 300ms));
  EXPECT_FALSE(station->is_active(now + 301ms));
  EXPECT_TRUE(station->has_say(now + 60s));
  EXPECT_FALSE(station->has_say(now + 60'001ms));
}

TEST_F(StationTest, IsNothingOfThatBeforeItWasSentSomething) {
  air.delivered = 0;
  read(5);

  EXPECT_FALSE(station->is_active(now));
  EXPECT_FALSE(station->has_say(now));
}

TEST_F(StationTest, AFrameOrTwoMakeNobodyActive) {
  air.delivered = 0;
  read();
  air.delivered = 2;
  read();
  EXPECT_FALSE(station->is_active(now));

  air.delivered = 3;
  read();

  EXPECT_TRUE(station->is_active(now));
}

TEST_F(StationTest, ComesAnewWhenItsTimeOfConnectionGoesBack) {
  read(2);
  EXPECT_FALSE(is_anew);

  air.connected = 999s;
  read();
  EXPECT_TRUE(is_anew);
  read();
  EXPECT_FALSE(is_anew) << "told once";
}

TEST_F(StationTest, WhoLeavesIsNotHereUntilItComesBack) {
  EXPECT_TRUE(station->is_here());

  station->leave(test::at_ms(7));
  EXPECT_FALSE(station->is_here());
  EXPECT_EQ(station->left_at(), test::at_ms(7));
  station->come_back(now);

  EXPECT_TRUE(station->is_here());
}

// --- what it has to spare

TEST_F(StationTest, NobodyKnowsWhatIsToSpareBeforeAReading) { EXPECT_EQ(spare(), 0); }

TEST_F(StationTest, HasTheMoreToSpareTheLessIsLostAtItsFastestRate) {
  know_the_ceiling_and_go_down(1);
  const auto spare_at = [&](double acknowledged) {
    go_to(dbm(19), 1);
    air.acknowledged = acknowledged;
    read(10);
    return spare();
  };

  EXPECT_EQ(spare_at(1), 3);
  EXPECT_EQ(spare_at(0.998), 3);
  EXPECT_EQ(spare_at(0.995), 2);
  EXPECT_EQ(spare_at(0.98), 1);
}

TEST_F(StationTest, HasNothingToSpareAtASlowerRate) {
  read(20);
  air.mcs = 8;
  read(40);

  EXPECT_EQ(spare(), 0);
}

TEST_F(StationTest, AFewReadingsAtASlowerRateAreNoSlowerRate) {
  go_to(dbm(20), 0);
  read(20);
  air.mcs = 8;
  read();
  air.mcs = 9;
  read();

  EXPECT_GT(spare(), 0);
}

TEST_F(StationTest, WhoIsCleanForAMomentHasOnlyALittleToSpare) {
  know_the_ceiling_and_go_down(1);
  read(4);
  EXPECT_EQ(spare(), 1);

  read();

  EXPECT_EQ(spare(), 3);
}

TEST_F(StationTest, AfterHalfASecondWithoutAFrameThereMayBeLessToSpare) {
  know_the_ceiling_and_go_down(1);
  read(10);

  EXPECT_EQ(station->spare(now + 500ms), 3);
  EXPECT_EQ(station->spare(now + 501ms), 1);
}

TEST_F(StationTest, WhoseRetriesAreNotCountedHasOnlyALittleToSpare) {
  air.counts_retries = false;
  go_to(dbm(20), 0);
  read(40);

  EXPECT_EQ(spare(), 1);
}

// --- what would do for it

// The best receiver: noise of -174 + 60 + 10 log10(80) + 3 dBm, 23.1 dB for MCS 9, and 3 dB for two
// streams are -65.9 dBm. 12 dB more over a path of 17 + 50 dB are 13.1 dBm.
TEST_F(StationTest, WouldDoWithTwelveDecibelsMoreThanTheBestReceiverNeeds) {
  read_for(10s);

  EXPECT_EQ(station->enough(now, dbm(20)), dbm(14));
}

TEST_F(StationTest, WouldDoWithNoMoreThanWhatIsInForce) {
  air.signal = dbm(-65);
  read_for(10s);

  EXPECT_EQ(station->enough(now, dbm(20)), dbm(20));
}

TEST_F(StationTest, ShowsNothingOfWhatWouldDoWhileItLosesFrames) {
  air.acknowledged = 0.95;
  read_for(10s);

  EXPECT_EQ(station->enough(now, dbm(20)), std::nullopt);
}

TEST_F(StationTest, ShowsNothingOfWhatWouldDoAtASlowerRate) {
  read_for(10s);
  air.mcs = 8;
  read_for(10s);

  EXPECT_EQ(station->enough(now, dbm(20)), std::nullopt);
}

TEST_F(StationTest, ShowsNothingOfWhatWouldDoWithoutASignal) {
  air.signal.reset();
  read_for(10s);

  EXPECT_EQ(station->enough(now, dbm(20)), std::nullopt);
}

// --- the rate that it is served with

TEST_F(StationTest, IsMeasuredAnewWhenItsRetriesTurnOutNotToBeCounted) {
  read(20);
  EXPECT_FALSE(station->is_to_be_measured_anew());

  air.mcs = 7;
  read(20);

  EXPECT_TRUE(station->is_to_be_measured_anew());
  EXPECT_FALSE(station->is_to_be_measured_anew()) << "told once";
  EXPECT_EQ(spare(), 0);
  EXPECT_EQ(vote().evidence.reference, vote().evidence.observed) << "what was before is forgotten";
  // The level in force, and three more that may lose something, too.
  EXPECT_EQ(station->needs(), dbm(24));
}

TEST_F(StationTest, AVisitElsewhereDoesNotCountAndForgetsNothing) {
  go_to(dbm(12), 0);
  air.acknowledged = 0.9;
  read(10);
  const auto before = vote().evidence;

  station->begin_visit();
  air.acknowledged = 1;
  trial.level = box.ceiling();
  read(10);
  EXPECT_EQ(vote().evidence.acknowledged_permille, 1000);
  trial.level = dbm(12);
  station->end_visit();

  EXPECT_EQ(vote().evidence.acknowledged_permille, before.acknowledged_permille);
  EXPECT_EQ(vote().evidence.observed, before.observed);
}

TEST_F(StationTest, ARateIsSustainedAfterAQuarterOfASecond) {
  go_to(dbm(20), 0);
  read(6);
  EXPECT_FALSE(station->sustained_rate());

  read();

  ASSERT_TRUE(station->sustained_rate());
  EXPECT_EQ(station->sustained_rate()->mcs, 9);
}

TEST_F(StationTest, ARateThatLosesAFifthIsNotSustained) {
  const auto is_sustained_at = [&](double acknowledged) {
    go_to(dbm(20), 0);
    air.acknowledged = acknowledged;
    read(20);
    return station->sustained_rate().has_value();
  };

  EXPECT_TRUE(is_sustained_at(0.81));
  EXPECT_FALSE(is_sustained_at(0.79));
}

TEST_F(StationTest, ASlowerRateIsNotSustained) {
  read(5);
  go_to(dbm(20), 0);
  air.mcs = 8;
  read(20);

  EXPECT_FALSE(station->sustained_rate());
}

// --- where it goes

class SignalTest : public StationTest {
 protected:
  void SetUp() override {
    read(2);
    air.mcs = 7;  // nothing to spare
    read(100);
  }
  // The most that it says within a second.
  int falls_to(Dbm signal) {
    air.signal = signal;
    int most = 0;
    for (int i = 0; i < 20; ++i) {
      read();
      most = std::max(most, station->fell(now));
    }
    return most;
  }
};

TEST_F(SignalTest, ASignalThatFallsIsWorthHalfAsMuchMore) {
  const int fell = falls_to(dbm(-60));

  // 10 dB, less what it has got used to meanwhile.
  EXPECT_LE(fell, 15);
  EXPECT_GE(fell, 13);
  EXPECT_EQ(falls_to(dbm(-60)), 0) << "told once";
}

TEST_F(SignalTest, TwoDecibelsAreNoFall) { EXPECT_EQ(falls_to(dbm(-52)), 0); }

TEST_F(SignalTest, ASignalThatRisesIsNoFall) { EXPECT_EQ(falls_to(dbm(-40)), 0); }

TEST_F(SignalTest, OneFrameIsNoFall) {
  air.signal = dbm(-60);
  read();
  EXPECT_EQ(station->fell(now), 0);

  EXPECT_EQ(falls_to(dbm(-50)), 0);
}

TEST_F(SignalTest, WhoHasEnoughToSpareMayFall) {
  air.mcs = 9;
  know_the_ceiling_and_go_down(1);
  read(20);
  ASSERT_EQ(spare(), 3);

  EXPECT_EQ(falls_to(dbm(-60)), 0);
}

TEST_F(SignalTest, WithoutFeedForwardNobodyFalls) {
  make({.feed_forward = false});
  air.mcs = 9;
  read(2);
  air.mcs = 7;
  read(100);

  EXPECT_EQ(falls_to(dbm(-60)), 0);
}

TEST_F(SignalTest, WhatItNeedsMovesWithIt) {
  station->good(now, dbm(8), false);
  ASSERT_EQ(station->needs(), dbm(8));
  falls_to(dbm(-60));

  EXPECT_EQ(station->needs(), dbm(18));
}

TEST_F(SignalTest, ALittleMovesNothing) {
  station->good(now, dbm(8), false);
  falls_to(dbm(-54));

  EXPECT_EQ(station->needs(), dbm(8));
}

TEST_F(SignalTest, WithoutPlacesItsNeedStaysWhereItIs) {
  make({.places = false});
  read(100);
  station->good(now, dbm(8), false);
  falls_to(dbm(-60));

  EXPECT_EQ(station->needs(), dbm(8));
}

}  // namespace
}  // namespace pianissimo::anchor
