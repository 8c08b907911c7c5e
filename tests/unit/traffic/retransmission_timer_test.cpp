#include "experiments/traffic/retransmission_timer.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace pianissimo::traffic {
namespace {

using namespace std::chrono_literals;

TEST(RetransmissionTimer, WaitsASecondBeforeAnythingWasMeasured) {
  RetransmissionTimer timer;

  timer.start(5s);

  EXPECT_FALSE(timer.is_due(6s - 1ns));
  EXPECT_TRUE(timer.is_due(6s));
}

// RFC 6298, 2.2: SRTT = R, RTTVAR = R / 2, RTO = SRTT + 4 RTTVAR.
TEST(RetransmissionTimer, TheFirstRoundTripIsTripled) {
  RetransmissionTimer timer;

  timer.measured(100ms);

  EXPECT_EQ(timer.round_trip(), 100ms);
  EXPECT_EQ(timer.timeout(), 300ms);
}

// RFC 6298, 2.3: RTTVAR = 3/4 * 50 + 1/4 * |100 - 180| = 57.5; SRTT = 7/8 * 100 + 1/8 * 180 = 110.
TEST(RetransmissionTimer, LaterRoundTripsAreSmoothed) {
  RetransmissionTimer timer;

  timer.measured(100ms);
  timer.measured(180ms);

  EXPECT_EQ(timer.round_trip(), 110ms);
  EXPECT_EQ(timer.timeout(), 340ms);
}

TEST(RetransmissionTimer, NeverWaitsLessThanAFifthOfASecond) {
  RetransmissionTimer timer;

  for (int i = 0; i < 100; ++i) timer.measured(20us);

  EXPECT_EQ(timer.timeout(), 200ms);
}

TEST(RetransmissionTimer, WaitsTwiceAsLongEachTimeUpToAMinute) {
  RetransmissionTimer timer;
  timer.start(0s);

  timer.expired(1s);
  EXPECT_FALSE(timer.is_due(3s - 1ns));
  EXPECT_TRUE(timer.is_due(3s));

  for (int i = 0; i < 100; ++i) timer.expired(3s);
  EXPECT_EQ(timer.timeout(), 60s);
}

TEST(RetransmissionTimer, NeverWaitsLongerThanItsOwner) {
  RetransmissionTimer timer{250ms};

  EXPECT_EQ(timer.timeout(), 250ms);
  timer.measured(100ms);
  EXPECT_EQ(timer.timeout(), 250ms);
}

TEST(RetransmissionTimer, ForgetsTheDoublingWhenBytesAreAcknowledged) {
  RetransmissionTimer timer;
  timer.measured(100ms);
  timer.start(0s);
  timer.expired(1s);
  timer.expired(2s);

  timer.acknowledged(10s);

  EXPECT_FALSE(timer.is_due(10s + 300ms - 1ns));
  EXPECT_TRUE(timer.is_due(10s + 300ms));
}

TEST(RetransmissionTimer, StartingAgainDoesNotPutItOff) {
  RetransmissionTimer timer;
  timer.start(0s);

  timer.start(900ms);

  EXPECT_TRUE(timer.is_due(1s));
}

TEST(RetransmissionTimer, IsNeverDueWhenNothingWaits) {
  RetransmissionTimer timer;
  EXPECT_FALSE(timer.is_due(24h));

  timer.start(0s);
  timer.stop();

  EXPECT_FALSE(timer.is_due(24h));
}

}  // namespace
}  // namespace pianissimo::traffic
