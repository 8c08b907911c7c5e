// Where a station is, by the frames that are received of it.
#include "controller/core/signal.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace pianissimo
