#include "experiments/testbed/medium/phy.hpp"

#include <gtest/gtest.h>

namespace pianissimo::testbed {
namespace {

constexpr Rate vht80(int mcs, int streams) {
  return {.modulation = Modulation::vht,
          .mcs = mcs,
          .streams = streams,
          .width_mhz = 80,
          .short_gi = true};
}

TEST(Phy, DecodesTheRatesOfHwsim) {
  constexpr std::uint16_t vht80_sgi = RateFlags::vht | RateFlags::mhz80 | RateFlags::short_gi;
  EXPECT_EQ(decode_rate(0x19, vht80_sgi, 5180), vht80(9, 2));
  EXPECT_EQ(decode_rate(15, RateFlags::ht | RateFlags::mhz40, 5180),
            (Rate{.modulation = Modulation::ht, .mcs = 7, .streams = 2, .width_mhz = 40}));
  EXPECT_EQ(decode_rate(4, 0, 5180), control_rate);
  EXPECT_EQ(decode_rate(8, 0, 2412), control_rate) << "four CCK rates come first on 2.4 GHz";
}

TEST(Phy, TakesImpossibleRatesDownToPossibleOnes) {
  EXPECT_EQ(decode_rate(0x7f, RateFlags::vht, 5180).mcs, 9);
  EXPECT_EQ(decode_rate(-1, 0, 5180).mcs, 0);
  EXPECT_EQ(decode_rate(100, 0, 5180).mcs, 7);
}

TEST(Phy, KnowsTheDataRatesOfTheStandard) {
  EXPECT_NEAR(data_rate_mbps(vht80(9, 2)), 866.7, 0.1);
  EXPECT_NEAR(data_rate_mbps(vht80(0, 1)), 32.5, 0.1);
  EXPECT_NEAR(data_rate_mbps({.modulation = Modulation::ht, .mcs = 7, .streams = 1}), 65, 0.1);
  EXPECT_NEAR(data_rate_mbps({.mcs = 7}), 54, 0.1);
}

TEST(Phy, NoiseGrowsWithTheWidth) {
  const Receiver receiver{.noise_figure_db = 7};
  EXPECT_NEAR(noise_dbm(20, receiver), -94.0, 0.05);
  EXPECT_NEAR(noise_dbm(80, receiver), -88.0, 0.05);
}

TEST(Phy, ASecondStreamCostsHalfThePowerAndThePenalty) {
  const Receiver receiver{.noise_figure_db = 7, .stream_penalty_db = 3};
  const double one = stream_snr_db(vht80(5, 1), -60, receiver);
  const double two = stream_snr_db(vht80(5, 2), -60, receiver);
  EXPECT_NEAR(one, 28.0, 0.05);
  EXPECT_NEAR(one - two, 6.0, 0.05);
}

TEST(Phy, ErrorRatesPassThroughTheTable) {
  EXPECT_NEAR(packet_error_rate(vht80(7, 1), 17.33, 1458), .9, 1e-9);
  EXPECT_NEAR(packet_error_rate(vht80(7, 1), 17.65, 1458), .5, 1e-9);
  EXPECT_NEAR(packet_error_rate(vht80(7, 1), 18.00, 1458), .1, 1e-9);
  EXPECT_NEAR(packet_error_rate(vht80(7, 1), 18.42, 1458), .01, 1e-9);
  EXPECT_NEAR(packet_error_rate(control_rate, 8.92, 1458), .5, 1e-9);
}

TEST(Phy, ErrorRatesFallWithSnrAndRiseWithMcsAndLength) {
  for (int mcs = 0; mcs < 10; ++mcs) {
    double previous = 1;
    for (double snr = -10; snr < 40; snr += 0.25) {
      const double error = packet_error_rate(vht80(mcs, 1), snr, 1458);
      ASSERT_LE(error, previous) << "MCS " << mcs << " at " << snr << " dB";
      ASSERT_GE(error, 0);
      previous = error;
      if (mcs > 0) {
        ASSERT_GE(error, packet_error_rate(vht80(mcs - 1, 1), snr, 1458));
      }
      ASSERT_LE(packet_error_rate(vht80(mcs, 1), snr, 100), error);
    }
    EXPECT_LT(previous, 1e-6);
  }
}

TEST(Phy, DurationsAreThoseOfTheStandard) {
  // An ACK at 24 Mbit/s; 1500 bytes at 54 Mbit/s; VHT: preamble 36 + 4 per stream.
  EXPECT_DOUBLE_EQ(ppdu_duration(control_rate, 14).count(), 28);
  EXPECT_DOUBLE_EQ(ppdu_duration({.mcs = 7}, 1500).count(), 20 + 56 * 4);
  EXPECT_DOUBLE_EQ(ppdu_duration(vht80(9, 2), 390).count(), 44 + 2 * 3.6);
}

}  // namespace
}  // namespace pianissimo::testbed
