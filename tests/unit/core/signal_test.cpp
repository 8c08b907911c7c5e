// Where a station is, by the frames that are received of it.
#include "controller/core/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/core/words.hpp"

namespace pianissimo {
namespace {

using test::alice;
using test::at_ms;

StationSample heard(std::int32_t signal, std::uint32_t frames) {
  StationSample out = test::sample(alice);
  out.signal = out.signal_avg = dbm(signal);
  out.rx_packets = frames;
  return out;
}

TEST(Signal, IsUnknownWithoutOne) {
  SignalTracker signal;

  signal.on_reading(at_ms(0), test::sample(alice), true);

  EXPECT_FALSE(signal.level());
}

TEST(Signal, StandsStillWhileNoFrameComes) {
  SignalTracker signal;
  signal.on_reading(at_ms(0), heard(-60, 1), false);

  for (int i = 1; i < 20; ++i) signal.on_reading(at_ms(50 * i), heard(-70, 1), false);

  EXPECT_EQ(signal.frames(), 1U);
  EXPECT_DOUBLE_EQ(*signal.level(), -60);
}

TEST(Signal, EvensNoiseOut) {
  SignalTracker signal;
  for (std::uint32_t i = 0; i < 100; ++i) {
    signal.on_reading(at_ms(50 * i), heard(i % 2 == 0 ? -58 : -62, i + 1), false);
  }

  EXPECT_NEAR(*signal.level(), -60, 0.7);
  EXPECT_LT(signal.uncertainty(), 1);
}

TEST(Signal, FollowsADoorWithinTwoFrames) {
  SignalTracker signal;
  std::uint32_t frames = 0;
  std::int64_t ms = 0;
  for (; frames < 40; ms += 50) signal.on_reading(at_ms(ms), heard(-60, ++frames), false);

  signal.on_reading(at_ms(ms), heard(-70, ++frames), false);
  EXPECT_NEAR(*signal.level(), -60, 1) << "one frame may be wrong";
  signal.on_reading(at_ms(ms + 50), heard(-70, ++frames), false);

  EXPECT_NEAR(*signal.level(), -70, 0.5);
}

TEST(Signal, IsThatOfAcknowledgementsWhereTheDriverTellsIt) {
  SignalTracker signal;
  StationSample sample = heard(-60, 1);
  sample.ack_signal = dbm(-66);

  signal.on_reading(at_ms(0), sample, true);

  EXPECT_DOUBLE_EQ(*signal.level(), -66);
}

TEST(Signal, IsThatOfTheFrameWhereNothingWasAcknowledged) {
  SignalTracker signal;
  StationSample sample = heard(-60, 1);
  sample.ack_signal = dbm(-66);

  signal.on_reading(at_ms(0), sample, false);

  EXPECT_DOUBLE_EQ(*signal.level(), -60);
}

TEST(Signal, AFrameThatCameWithAnAcknowledgementIsNotTakenAgain) {
  SignalTracker signal;
  StationSample sample = heard(-60, 7);
  sample.ack_signal = dbm(-66);
  signal.on_reading(at_ms(0), sample, true);

  signal.on_reading(at_ms(50), sample, false);

  EXPECT_EQ(signal.frames(), 1U);
}

// Noise of 1.5 dB in a frame, and a twelfth of a square decibel from whole dBm.
TEST(Signal, OfOneFrameIsAsUncertainAsAFrame) {
  SignalTracker signal;

  signal.on_reading(at_ms(0), heard(-60, 1), false);

  EXPECT_NEAR(signal.uncertainty(), std::sqrt(1.5 * 1.5 + 1.0 / 12), 1e-9);
}

TEST(Signal, TakesTheDriversMeanFromTwelveFramesOn) {
  for (const std::uint32_t frames : {11U, 12U, 13U}) {
    SignalTracker signal;
    signal.on_reading(at_ms(0), heard(-60, 1), false);
    StationSample more = heard(-60, 1 + frames);
    more.signal_avg = dbm(-62);

    signal.on_reading(at_ms(0), more, false);

    // Two frames weigh the same. A mean of twelve weighs twelve times as much as the one before.
    EXPECT_NEAR(*signal.level(), frames < 12 ? -60 : -60 - 2 * 12.0 / 13, 1e-9) << frames;
  }
}

TEST(Signal, TakesTheMeanOfADriverThatTellsNothingElse) {
  SignalTracker signal;
  StationSample sample = heard(-60, 1);
  sample.signal.reset();

  signal.on_reading(at_ms(0), sample, false);

  ASSERT_TRUE(signal.level());
  EXPECT_DOUBLE_EQ(*signal.level(), -60);
  EXPECT_NEAR(signal.uncertainty(), 1.5275, 1e-3);
}

TEST(Signal, EachReadingOfADriverThatDoesNotCountFramesIsANewOne) {
  SignalTracker signal;
  StationSample sample = heard(-60, 1);
  sample.rx_packets.reset();

  for (int i = 0; i < 3; ++i) signal.on_reading(at_ms(50 * i), sample, false);

  EXPECT_EQ(signal.frames(), 3U);
}

// A station that walks changes its signal by about a decibel in a second.
TEST(Signal, IsLessCertainTheOlderItIs) {
  const auto after = [](std::int64_t ms, std::int32_t dbm) {
    SignalTracker signal;
    signal.on_reading(at_ms(10'000), heard(-60, 1), false);
    signal.on_reading(at_ms(10'000 + ms), heard(dbm, 2), false);
    return signal;
  };
  constexpr double frame = 1.5 * 1.5 + 1.0 / 12;

  EXPECT_NEAR(*after(0, -58).level(), -59, 1e-9);
  EXPECT_NEAR(*after(4'000, -58).level(), -60 + 2 * (frame + 4) / (2 * frame + 4), 1e-9);
  EXPECT_NEAR(after(4'000, -58).uncertainty(), std::sqrt((frame + 4) * frame / (2 * frame + 4)),
              1e-9);
  EXPECT_NEAR(*after(1'000'000, -50).level(), -60 + 10 * 100 / (100 + frame), 1e-9)
      << "but never more than by 10 dB";
  EXPECT_NEAR(*after(-5'000, -58).level(), -59, 1e-9) << "time does not make it surer";
}

TEST(Signal, ThreeDeviationsAreNoChanceAnyMore) {
  // Two frames at the same time: each may be off by 1.53 dB, and their difference by 2.16 dB.
  for (const int way : {1, -1}) {
    SignalTracker within;
    within.on_reading(at_ms(0), heard(-60, 1), false);
    within.on_reading(at_ms(0), heard(-60 + 6 * way, 2), false);
    EXPECT_NEAR(*within.level(), -60 + 3 * way, 1e-9);

    SignalTracker beyond;
    beyond.on_reading(at_ms(0), heard(-60, 1), false);
    beyond.on_reading(at_ms(0), heard(-60 + 7 * way, 2), false);
    EXPECT_DOUBLE_EQ(*beyond.level(), -60);
    beyond.on_reading(at_ms(0), heard(-60 + 7 * way, 3), false);
    EXPECT_DOUBLE_EQ(*beyond.level(), -60 + 7 * way) << "two of them are a door";
    EXPECT_NEAR(beyond.uncertainty(), 1.5275, 1e-3);
  }
}

TEST(Signal, FramesThatAreFarOffDifferentWaysAreNoDoor) {
  SignalTracker signal;
  std::uint32_t frames = 0;
  for (; frames < 40;) signal.on_reading(at_ms(0), heard(-60, ++frames), false);

  for (const std::int32_t dbm : {-75, -45, -75, -45}) {
    signal.on_reading(at_ms(0), heard(dbm, ++frames), false);
    EXPECT_NEAR(*signal.level(), -60, 1e-9) << dbm;
  }
}

TEST(Signal, AFrameBetweenTwoThatAreFarOffMakesThemNoDoor) {
  SignalTracker signal;
  std::uint32_t frames = 0;
  for (const std::int32_t dbm : {-60, -60, -75, -60, -75}) {
    signal.on_reading(at_ms(0), heard(dbm, ++frames), false);
    EXPECT_NEAR(*signal.level(), -60, 1e-9) << frames;
  }
}

TEST(Signal, ADoorIsForgottenWhenItWasFollowed) {
  SignalTracker signal;
  std::uint32_t frames = 0;
  for (const std::int32_t dbm : {-60, -75, -75}) {
    signal.on_reading(at_ms(0), heard(dbm, ++frames), false);
  }
  ASSERT_DOUBLE_EQ(*signal.level(), -75);

  signal.on_reading(at_ms(0), heard(-90, ++frames), false);

  EXPECT_DOUBLE_EQ(*signal.level(), -75) << "the next one needs two frames, too";
}

}  // namespace
}  // namespace pianissimo
