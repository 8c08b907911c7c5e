// Whether a driver's counter of retries shows what is lost.
#include "controller/core/retry_witness.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/words.hpp"

namespace pianissimo {
namespace {

using test::at_ms;
using test::mbps;

class Retries : public ::testing::Test {
 protected:
  /// So many readings 50 ms apart: at this rate, with 1000 transmissions each unless said.
  void read(int times, std::int64_t megabits, double lost_share = 0, double transmissions = 1000) {
    for (int i = 0; i < times; ++i) {
      witness.on_reading({.at = at_ms(now += 50),
                          .rate = mbps(megabits),
                          .transmissions = transmissions,
                          .lost = lost_share * transmissions});
    }
  }
  /// From 780 to 650 Mbit/s for half a second, and back. Losses are those of the readings at which
  /// the rate goes.
  void fall(double lost_share) {
    read(8, 780, lost_share);
    read(2, 650, lost_share);
    read(8, 650);
    read(8, 780);
  }
  bool is_believed() const { return witness.is_believed(); }

  RetryWitness witness;
  std::int64_t now = 0;
};

TEST_F(Retries, AreBelievedAsLongAsNothingSpeaksAgainstThem) {
  EXPECT_TRUE(is_believed());
  read(1000, 780);
  EXPECT_TRUE(is_believed()) << "nothing lost, and the rate stays";
}

TEST_F(Retries, AreNotBelievedWhenTheRateGoesDownAndNoneWereCounted) {
  fall(0);
  EXPECT_FALSE(is_believed());
}

TEST_F(Retries, AreBelievedWhenTheRateGoesDownWithMany) {
  for (int i = 0; i < 10; ++i) fall(0.1);
  EXPECT_TRUE(is_believed());
}

TEST_F(Retries, SayNothingAtAFallWithAFew) {
  fall(0.02);
  EXPECT_TRUE(is_believed());
  fall(0);
  EXPECT_FALSE(is_believed()) << "as if there had been none before";
}

TEST_F(Retries, AreBelievedAtTheFirstSilentFallAfterALoudOne) {
  fall(0.1);
  fall(0);
  EXPECT_TRUE(is_believed());
  fall(0);
  EXPECT_FALSE(is_believed());
}

TEST_F(Retries, AreBelievedAgainAfterThreeLoudFalls) {
  fall(0);
  fall(0.1);
  fall(0.1);
  ASSERT_FALSE(is_believed());
  fall(0.1);
  EXPECT_TRUE(is_believed());
}

TEST_F(Retries, ARateThatIsTriedForAFifthOfASecondIsNoFall) {
  read(20, 780);
  read(5, 650);
  read(20, 780);
  EXPECT_TRUE(is_believed());
}

TEST_F(Retries, ARateWithAnotherGuardIntervalIsNoFall) {
  read(20, 780);
  read(20, 780 * 95 / 100);
  EXPECT_TRUE(is_believed());
}

TEST_F(Retries, SingleReadingsAtAFasterRateMakeNoFall) {
  for (int i = 0; i < 20; ++i) {
    read(1, 867);
    read(9, 650);
  }
  EXPECT_TRUE(is_believed());
}

TEST_F(Retries, AFallWithFewTransmissionsSaysNothing) {
  read(20, 780, 0, 20);
  read(20, 650, 0, 20);
  EXPECT_TRUE(is_believed());
}

TEST_F(Retries, AFallIsOneEvenWhereReadingsAreRare) {
  const auto rare = [this](int times, std::int64_t megabits) {
    for (int i = 0; i < times; ++i) {
      now += 950;
      read(1, megabits, 0, 10'000);
    }
  };
  rare(10, 780);
  rare(2, 650);
  EXPECT_TRUE(is_believed()) << "two readings may be of frames that try another rate";
  rare(1, 650);
  EXPECT_FALSE(is_believed());
}

}  // namespace
}  // namespace pianissimo
