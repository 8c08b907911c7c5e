#include "experiments/testbed/medium/exchange.hpp"

#include <gtest/gtest.h>

namespace pianissimo::testbed {
namespace {

constexpr std::uint16_t vht80 = RateFlags::vht | RateFlags::mhz80 | RateFlags::short_gi;
constexpr std::int8_t mcs9_two_streams = 0x19;

Transmission transmission(int mpdus = 1) {
  Transmission out{.chain = {}, .frequency_mhz = 5180, .bytes = 1242, .mpdus = mpdus};
  out.chain[0] = {.index = mcs9_two_streams, .tries = 2, .flags = vht80};
  out.chain[1] = {.index = 0, .tries = 3, .flags = vht80};
  return out;
}

constexpr LinkState loud{.rssi_dbm = -30, .ack_rssi_dbm = -30};
constexpr LinkState silent{.rssi_dbm = -300, .ack_rssi_dbm = -300};

TEST(Exchange, ALoudLinkNeedsOneAttempt) {
  std::mt19937_64 random{1};
  const Outcome outcome = draw_unicast(transmission(), loud, random);
  EXPECT_TRUE(outcome.acked);
  EXPECT_EQ(outcome.attempts, 1);
  EXPECT_EQ(outcome.mpdus_received, 1);
  EXPECT_EQ(outcome.used[0].tries, 1);
  EXPECT_EQ(outcome.used[1].index, -1);
}

TEST(Exchange, ASilentLinkTriesTheWholeChain) {
  std::mt19937_64 random{1};
  const Outcome outcome = draw_unicast(transmission(16), silent, random);
  EXPECT_FALSE(outcome.acked);
  EXPECT_EQ(outcome.attempts, 5);
  EXPECT_EQ(outcome.mpdus_received, 0);
  EXPECT_EQ(outcome.used[0].tries, 2);
  EXPECT_EQ(outcome.used[1].tries, 3);
  EXPECT_EQ(outcome.used[2].index, -1);
}

TEST(Exchange, ALostAckIsARetryAlthoughTheFrameArrived) {
  std::mt19937_64 random{1};
  const LinkState deaf{.rssi_dbm = -30, .ack_rssi_dbm = -300};
  const Outcome outcome = draw_unicast(transmission(), deaf, random);
  EXPECT_FALSE(outcome.acked);
  EXPECT_EQ(outcome.attempts, 5);
  EXPECT_EQ(outcome.mpdus_received, 1);
}

TEST(Exchange, AggregatesLosePartsOfThemselves) {
  std::mt19937_64 random{1};
  // MCS 9, one stream, 80 MHz at an SNR where about half of the MPDUs survive.
  Transmission aggregate = transmission(32);
  aggregate.chain[0] = {.index = 9, .tries = 1, .flags = vht80};
  aggregate.chain[1] = {};
  const LinkState middling{.rssi_dbm = -88 + 23.1, .ack_rssi_dbm = -30};
  int received = 0;
  for (int i = 0; i < 200; ++i) {
    const Outcome outcome = draw_unicast(aggregate, middling, random);
    EXPECT_EQ(outcome.mpdus, 32);
    received += outcome.mpdus_received;
  }
  EXPECT_GT(received, 200 * 32 * 3 / 10);
  EXPECT_LT(received, 200 * 32 * 7 / 10);
}

TEST(Exchange, AggregatesAreWorthTheirWhile) {
  std::mt19937_64 random{1};
  double alone = 0;
  double together = 0;
  for (int i = 0; i < 200; ++i) {
    alone += draw_unicast(transmission(1), loud, random).airtime.count();
    together += draw_unicast(transmission(16), loud, random).airtime.count() / 16;
  }
  EXPECT_LT(together, alone / 5);
}

TEST(Exchange, NoAggregateIsLongerThanTheStandardAllows) {
  EXPECT_EQ(aggregate_size(transmission(), 16), 16);
  Transmission slow = transmission();
  slow.chain[1] = {.index = 0, .tries = 1, .flags = RateFlags::vht};  // 6.5 Mbit/s: 1.6 ms each
  EXPECT_EQ(aggregate_size(slow, 16), 3);
  slow.bytes = 100000;
  EXPECT_EQ(aggregate_size(slow, 16), 1) << "one frame always goes";
}

TEST(Exchange, TheSameSeedMeetsTheSameFate) {
  const LinkState middling{.rssi_dbm = -60, .ack_rssi_dbm = -60, .packet_sd_db = 3};
  std::mt19937_64 one{5};
  std::mt19937_64 two{5};
  for (int i = 0; i < 100; ++i) {
    const Outcome a = draw_unicast(transmission(16), middling, one);
    const Outcome b = draw_unicast(transmission(16), middling, two);
    ASSERT_EQ(a.mpdus_received, b.mpdus_received);
    ASSERT_EQ(a.airtime, b.airtime);
  }
}

TEST(Exchange, MulticastIsSentOnceAndHeardByWhoIsNearEnough) {
  std::mt19937_64 random{1};
  Transmission beacon{.chain = {}, .frequency_mhz = 5180, .bytes = 300};
  beacon.chain[0] = {.index = 0, .tries = 1};
  const Outcome outcome = draw_multicast(beacon, random);
  EXPECT_EQ(outcome.attempts, 1);
  EXPECT_TRUE(outcome.acked);
  EXPECT_GT(outcome.airtime.count(), 400);
  EXPECT_TRUE(draw_reception(beacon, loud, random));
  EXPECT_FALSE(draw_reception(beacon, silent, random));
}

}  // namespace
}  // namespace pianissimo::testbed
