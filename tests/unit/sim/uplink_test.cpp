#include "experiments/sim/uplink.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

TEST(SignalReading, KnowsNothingBeforeTheFirstFrame) {
  const SignalReading reading;

  EXPECT_EQ(reading.last(), std::nullopt);
  EXPECT_EQ(reading.average(), std::nullopt);
}

TEST(SignalReading, AveragesAnEighthOfEachFrameAndCutsToWholeDbm) {
  SignalReading reading;
  reading.take(-70.4);
  EXPECT_EQ(reading.last(), dbm(-70));
  EXPECT_EQ(reading.average(), dbm(-70));

  reading.take(-50);  // 70 - 20/8 = 67.5
  EXPECT_EQ(reading.last(), dbm(-50));
  EXPECT_EQ(reading.average(), dbm(-67));

  reading.take(-50);  // 67.5 - 17.5/8 = 65.31
  EXPECT_EQ(reading.average(), dbm(-65));
}

TEST(Uplink, SendsItsOwnFramesAtTheRateAskedForWithPausesOfSeconds) {
  Uplink uplink{{.frames_per_second = 2}, 1, 0, Instant{}};
  int frames = 0;
  Duration longest{};
  while (uplink.next_frame() < Instant{} + 1000s) {
    const Instant before = uplink.next_frame();
    uplink.frame_sent();
    longest = std::max(longest, uplink.next_frame() - before);
    ++frames;
  }

  EXPECT_NEAR(frames, 2000, 150);  // three standard deviations: 134
  EXPECT_GT(longest, 2s);
  EXPECT_LT(longest, 10s);
}

TEST(Uplink, OfNoFramesPerSecondNoneEverComes) {
  const Uplink uplink{{.frames_per_second = 0}, 1, 0, Instant{}};

  EXPECT_EQ(uplink.next_frame(), Instant::max());
}

TEST(Uplink, AnswersAShareOfWhatIsDeliveredAndKeepsTheRest) {
  Uplink uplink{{.share = 0.25}, 1, 0, Instant{}};

  EXPECT_EQ(uplink.answers(3), 0);
  EXPECT_EQ(uplink.answers(1), 1);
  EXPECT_EQ(uplink.answers(9), 2);
  EXPECT_EQ(uplink.answers(3), 1);
}

TEST(Uplink, TheWayBackDriftsWithTheDeviationAndTheTimeConstantAskedFor) {
  Uplink uplink{{.reciprocity_sd_db = 2, .reciprocity_tau_s = 60}, 1, 0, Instant{}};
  constexpr int minutes = 4000;
  double squares = 0;
  double products = 0;
  double before = uplink.offset_db(Instant{});
  for (int minute = 1; minute <= minutes; ++minute) {
    const double offset = uplink.offset_db(Instant{} + minute * 60s);
    squares += offset * offset;
    products += offset * before;
    before = offset;
  }

  EXPECT_NEAR(std::sqrt(squares / minutes), 2, 0.15);
  EXPECT_NEAR(products / squares, std::exp(-1), 0.06);
}

TEST(Uplink, TheWayBackIsTheSameHoweverOftenItIsAskedFor) {
  Uplink often{{}, 7, 3, Instant{} + 4s};
  Uplink once{{}, 7, 3, Instant{} + 4s};
  const double held = often.offset_db(Instant{});
  EXPECT_EQ(often.offset_db(Instant{} + 4900ms), held);
  for (int i = 0; i < 500; ++i) {
    often.offset_db(Instant{} + 5s + i * 100ms);
    often.reading_noise_db();
  }

  EXPECT_EQ(often.offset_db(Instant{} + 60s), once.offset_db(Instant{} + 60s));
  EXPECT_NE(often.offset_db(Instant{} + 60s), held);
}

}  // namespace
}  // namespace pianissimo::sim
