// What a station was found to need, and what has to wait.
#include "controller/policy/anchor_places.hpp"

#include <gtest/gtest.h>

#include "controller/policy/effect_test.hpp"
#include "tests/unit/core/words.hpp"

namespace pianissimo::anchor {
namespace {

using namespace std::chrono_literals;
using test::at_ms;

TEST(Places, ALevelThatFailedWaitsTwiceAsLongEachTime) {
  Places places{10s, 35s};

  EXPECT_EQ(places.bad(at_ms(0), dbm(10)), 10s);
  EXPECT_EQ(places.bad(at_ms(0), dbm(10)), 20s);
  EXPECT_EQ(places.bad(at_ms(0), dbm(10)), 35s);
}

TEST(Places, ALevelWaitsAsLongAsItsTrialWasDear) {
  Places places{10s, 100s};

  EXPECT_EQ(places.bad(at_ms(0), dbm(10), 40s), 40s);
  EXPECT_EQ(places.bad(at_ms(0), dbm(10), 40s), 80s) << "and then twice as long";
  EXPECT_EQ(places.bad(at_ms(0), dbm(10), 500s), 100s) << "up to the longest";
}

TEST(Places, WhatWasEnoughIsKnownForTwoMinutes) {
  Places places{10s, 100s};
  places.good(at_ms(0), dbm(8), 3);

  EXPECT_EQ(places.known_room(at_ms(60'000), dbm(20)), 11) << "to just above it";
  EXPECT_EQ(places.known_room(at_ms(60'000), dbm(9)), 0);
  EXPECT_EQ(places.known_room(at_ms(121'000), dbm(20)), 0);
}

TEST(Places, NothingIsTriedAsLowAsALevelThatWaits) {
  Places places{10s, 100s};
  places.bad(at_ms(0), dbm(10));

  EXPECT_EQ(places.room_below(at_ms(9'000), dbm(13), false), 2);
  EXPECT_EQ(places.room_below(at_ms(9'000), dbm(11), false), 0);
  EXPECT_EQ(places.room_below(at_ms(11'000), dbm(13), false), 3) << "but not beyond it";
  EXPECT_EQ(places.opens_below(at_ms(0), dbm(13)), at_ms(10'000));
}

TEST(Places, NeedsTheLevelAboveOneThatFailed) {
  Places places{10s, 100s};
  EXPECT_FALSE(places.needs());

  places.good(at_ms(0), dbm(12), 3);
  EXPECT_EQ(places.needs(), dbm(12));
  places.good(at_ms(0), dbm(9), 1);
  EXPECT_EQ(places.needs(), dbm(9));
  places.bad(at_ms(0), dbm(9));
  EXPECT_EQ(places.needs(), dbm(10));
}

TEST(Places, MoveWithTheSignal) {
  Places places{10s, 100s};
  places.move_to(-60);
  places.good(at_ms(0), dbm(10), 1);
  places.bad(at_ms(0), dbm(9));

  places.move_to(-66);

  EXPECT_EQ(places.needs(), dbm(16));
  EXPECT_EQ(places.room_below(at_ms(0), dbm(16), false), 0);
  EXPECT_DOUBLE_EQ(places.distance(-61), 5);
}

TEST(Places, WhatWasHeldForAMinuteHasNotFailed) {
  Places places{10s, 100s};
  places.bad(at_ms(0), dbm(10));
  places.good(at_ms(20'000), dbm(10), 1);
  places.good(at_ms(90'000), dbm(10), 1);

  EXPECT_EQ(places.bad(at_ms(91'000), dbm(10)), 10s);
}

TEST(Places, WhatFailedWithLittleToSpareNeedNotWaitWhenThereIsMuch) {
  Places places{10s, 100s};
  places.good(at_ms(0), dbm(11), 1);
  places.bad(at_ms(0), dbm(10));

  EXPECT_EQ(places.room_below(at_ms(1'000), dbm(11), false), 0);
  EXPECT_EQ(places.room_below(at_ms(1'000), dbm(11), true), 1);
}

TEST(Places, WhatWasHeldForAMinuteToTheMomentHasFailedYet) {
  Places places{10s, 100s};
  places.bad(at_ms(0), dbm(10));
  places.good(at_ms(20'000), dbm(10), 1);
  places.good(at_ms(80'000), dbm(10), 1);

  EXPECT_EQ(places.bad(at_ms(81'000), dbm(10)), 20s);
}

TEST(Places, AFailureBeginsTheMinuteAnew) {
  Places places{10s, 100s};
  places.bad(at_ms(0), dbm(10));
  places.good(at_ms(20'000), dbm(10), 1);
  places.bad(at_ms(50'000), dbm(10));
  places.good(at_ms(60'000), dbm(10), 1);
  places.good(at_ms(90'000), dbm(10), 1);

  EXPECT_EQ(places.bad(at_ms(91'000), dbm(10)), 40s);
}

TEST(Places, ALevelBelowThatIsGoodForgivesWhatFailedAboveIt) {
  Places places{10s, 100s};
  places.bad(at_ms(0), dbm(10));

  places.good(at_ms(1'000), dbm(9), 1);

  EXPECT_EQ(places.bad(at_ms(2'000), dbm(10)), 10s);
}

TEST(Places, ALevelAboveThatIsGoodForgivesNothingBelowIt) {
  Places places{10s, 100s};
  places.bad(at_ms(0), dbm(10));

  places.good(at_ms(1'000), dbm(11), 1);
  places.good(at_ms(90'000), dbm(11), 1);

  EXPECT_EQ(places.bad(at_ms(91'000), dbm(10)), 20s);
}

TEST(Places, WhatIsSixDecibelsBelowAFailureIsForgotten) {
  Places near{10s, 100s};
  near.bad(at_ms(0), dbm(4));
  near.bad(at_ms(0), dbm(10));
  EXPECT_EQ(near.room_below(at_ms(0), dbm(9), false), 4);

  Places far{10s, 100s};
  far.bad(at_ms(0), dbm(3));
  far.bad(at_ms(0), dbm(10));
  EXPECT_EQ(far.room_below(at_ms(0), dbm(9), false), 40) << "nothing is in the way";
}

TEST(Places, ALevelMayBeTriedAgainAtTheVeryEndOfItsWait) {
  Places places{10s, 100s};
  places.bad(at_ms(5'000), dbm(10));

  EXPECT_EQ(places.room_below(at_ms(14'999), dbm(12), false), 1);
  EXPECT_EQ(places.room_below(at_ms(15'000), dbm(12), false), 2);
  EXPECT_EQ(places.opens_below(at_ms(14'999), dbm(12)), at_ms(15'000));
  EXPECT_FALSE(places.opens_below(at_ms(15'000), dbm(12)));
  EXPECT_FALSE(places.opens_below(at_ms(5'000), dbm(10))) << "what is below, not the level itself";
}

TEST(Places, TheHighestOfTheLevelsThatWaitOpensFirst) {
  Places places{10s, 100s};
  places.bad(at_ms(0), dbm(10));
  places.bad(at_ms(3'000), dbm(8));

  EXPECT_EQ(places.opens_below(at_ms(4'000), dbm(12)), at_ms(10'000));
  EXPECT_EQ(places.room_below(at_ms(4'000), dbm(12), false), 1);
  EXPECT_EQ(places.opens_below(at_ms(11'000), dbm(12)), at_ms(13'000));
}

TEST(Places, WhatIsEnoughIsKnownForTwoMinutesToTheMoment) {
  Places places{10s, 100s};
  places.good(at_ms(1'000), dbm(8), 3);

  EXPECT_EQ(places.known_room(at_ms(121'000), dbm(12)), 3);
  EXPECT_EQ(places.known_room(at_ms(121'001), dbm(12)), 0);
  places.good(at_ms(130'000), dbm(8), 3);
  EXPECT_EQ(places.known_room(at_ms(200'000), dbm(12)), 3) << "it was enough once more";
  EXPECT_EQ(places.known_room(at_ms(200'000), dbm(4)), 0);
}

TEST(Places, AHigherLevelThatIsGoodIsNoNeed) {
  Places places{10s, 100s};
  places.good(at_ms(0), dbm(8), 3);

  places.good(at_ms(100'000), dbm(12), 2);

  EXPECT_EQ(places.needs(), dbm(8));
  EXPECT_EQ(places.known_room(at_ms(121'000), dbm(12)), 0) << "nor does it make the lower one new";
  EXPECT_EQ(places.spare(), 2);
}

TEST(Places, AFailureFarBelowWhatWasEnoughChangesNoNeed) {
  Places places{10s, 100s};
  places.good(at_ms(0), dbm(12), 1);

  places.bad(at_ms(0), dbm(8));

  EXPECT_EQ(places.needs(), dbm(12));
}

TEST(Places, WhatFailedThoughThereWasMuchToSpareWaitsAllTheSame) {
  for (const int spare : {0, 1, 2, 3}) {
    Places places{10s, 100s};
    places.good(at_ms(0), dbm(11), spare);
    places.bad(at_ms(0), dbm(10));

    EXPECT_EQ(places.room_below(at_ms(1'000), dbm(11), true), spare <= 1 ? 1 : 0) << spare;
  }
}

constexpr BitRate vht_9{
    .rate = {}, .format = RateFormat::vht, .mcs = 9, .nss = 2, .width = Mhz{80}};

TEST(EffectTest, NoReceiverHearsMcs9OfTwoStreamsBelowItsNoise) {
  // -174 dBm/Hz + 79 dB (80 MHz) + 3 dB + 23 dB + 3 dB (two streams)
  EXPECT_NEAR(*weakest_dbm(vht_9), -65.9, 0.2);
  EXPECT_FALSE(weakest_dbm(BitRate{}));
}

// HT has its streams in the number of the MCS: 15 is 7 of two.
TEST(EffectTest, HtHasItsStreamsInItsMcs) {
  BitRate rate{.rate = {}, .format = RateFormat::ht, .mcs = 15, .nss = {}, .width = Mhz{40}};
  EXPECT_NEAR(*weakest_dbm(rate), -174 + 76.02 + 3 + 17.7 + 3.01, 0.01);

  rate.mcs = 7;
  EXPECT_NEAR(*weakest_dbm(rate), -174 + 76.02 + 3 + 17.7, 0.01);
}

TEST(EffectTest, WhatIsNoRateOfItsTablesNeedsNothingKnown) {
  BitRate rate = vht_9;
  rate.mcs = 13;
  EXPECT_TRUE(weakest_dbm(rate));
  rate.mcs = 14;
  EXPECT_FALSE(weakest_dbm(rate));
  rate = vht_9;
  rate.nss = 0;
  EXPECT_FALSE(weakest_dbm(rate));
  rate.nss.reset();
  EXPECT_NEAR(*weakest_dbm(rate), *weakest_dbm(vht_9) - 3.01, 0.01) << "one stream at least";
  rate.width = Mhz{0};
  EXPECT_FALSE(weakest_dbm(rate));
  rate = vht_9;
  rate.format = RateFormat::legacy;
  EXPECT_FALSE(weakest_dbm(rate));
}

// -65.86 dBm, less 3 dB to spare; the station's own power is taken for 17 dBm.
TEST(EffectTest, ThreeDecibelsBelowTheWeakestAreImpossible) {
  EXPECT_FALSE(is_impossible(vht_9, dbm(6), -57.8));
  EXPECT_TRUE(is_impossible(vht_9, dbm(6), -57.9));
}

TEST(EffectTest, AFarStationAtFullSpeedAtTheFloorIsImpossible) {
  EXPECT_TRUE(is_impossible(vht_9, dbm(1), -58));
  EXPECT_FALSE(is_impossible(vht_9, dbm(20), -58));
  EXPECT_FALSE(is_impossible(vht_9, dbm(1), -40)) << "a near one may well";
}

}  // namespace
}  // namespace pianissimo::anchor
