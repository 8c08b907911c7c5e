#include "experiments/sim/bit_rate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sim/plant.hpp"

namespace pianissimo::sim {
namespace {

using testbed::Modulation;
using testbed::Rate;
using ::testing::AllOf;
using ::testing::Gt;
using ::testing::Lt;
using ::testing::Optional;

constexpr Capability two_streams{
    .standard = Capability::Standard::vht, .streams = 2, .width_mhz = 80};

Rate left_by(const Capability& capability, std::string_view mask) {
  const RateSet rates{capability};
  return rates.rate(rate_of(rates, parse_bit_rate(mask).value()));
}

TEST(BitRate, IsAnMcsOfAllStreamsOrOfSoMany) {
  EXPECT_THAT(parse_bit_rate("7"), Optional(MaskedRate{.mcs = 7}));
  EXPECT_THAT(parse_bit_rate("0x3"), Optional(MaskedRate{.mcs = 0, .streams = 3}));
  EXPECT_THAT(parse_bit_rate("slowest"),
              Optional(MaskedRate{.mcs = 0, .streams = 1, .short_gi = false}));
}

TEST(BitRate, IsNothingElse) {
  for (const char* const text :
       {"", "10", "-1", "7x", "7x0", "7x4", "x1", "7X1", "7 x1", "7x11", "fast"}) {
    EXPECT_EQ(parse_bit_rate(text), std::nullopt) << text;
  }
}

TEST(BitRate, LeavesTheLinksWidthAndTheShortGuardInterval) {
  EXPECT_EQ(left_by(two_streams, "7"), (Rate{Modulation::vht, 7, 2, 80, true}));
  EXPECT_EQ(left_by(two_streams, "7x1"), (Rate{Modulation::vht, 7, 1, 80, true}));
  EXPECT_EQ(left_by(two_streams, "slowest"), (Rate{Modulation::vht, 0, 1, 80, false}));
}

TEST(BitRate, IsOfTheStreamsAndTheGuardIntervalThatTheStationHas) {
  EXPECT_EQ(left_by({.streams = 1, .width_mhz = 80}, "7x2"),
            (Rate{Modulation::vht, 7, 1, 80, true}));
  EXPECT_EQ(left_by({.streams = 1, .width_mhz = 80, .short_gi = false}, "7"),
            (Rate{Modulation::vht, 7, 1, 80, false}));
}

TEST(BitRate, GivesWayToTheNextSlowerOneWhereItDoesNotExist) {
  EXPECT_EQ(left_by({.streams = 2, .width_mhz = 20}, "9").mcs, 8);
  EXPECT_EQ(left_by({.streams = 3, .width_mhz = 80}, "6").mcs, 5);
  EXPECT_EQ(left_by({.standard = Capability::Standard::ht, .streams = 1, .width_mhz = 40}, "9"),
            (Rate{Modulation::ht, 7, 1, 40, true}));
}

TEST(BitRate, StaysWhateverBecomesOfTheFrames) {
  const RateSet rates{two_streams};
  FixedRate fixed{rates, {.mcs = 9}};
  const Chain first = fixed.next_chain({});

  for (int i = 0; i < 100; ++i) fixed.on_status({}, {.used = first, .mpdus = 16, .acked = 0});

  EXPECT_EQ(fixed.next_chain({}), first);
  EXPECT_EQ(first[1].rate, no_rate);
}

// Delivered bytes per airtime of a station beside its access point, Mbit/s.
double throughput_at(std::optional<MaskedRate> rate) {
  const Scenario near = scenario("duration_s: 2\nstations: [{path_loss: 56}]\n");
  const RunResult result = run(near, {.policy = at_ceiling(), .bit_rate = rate, .record = {}});
  double bytes = 0;
  double airtime_us = 0;
  for (const StationTruth& truth : result.stations.front().truth) {
    bytes += static_cast<double>(truth.delivered_bytes);
    airtime_us += truth.airtime_us;
  }
  return 8 * bytes / airtime_us;
}

TEST(BitRate, IsWhatAStationIsSentAt) {
  // Of 29.3 and 292.5 Mbit/s (VHT, 80 MHz, one stream: MCS 0 long, MCS 6 short guard interval)
  // preamble, contention and acknowledgement take their part.
  EXPECT_THAT(throughput_at(slowest_bit_rate), AllOf(Gt(20), Lt(29.3)));
  EXPECT_THAT(throughput_at(MaskedRate{.mcs = 6, .streams = 1}), AllOf(Gt(100), Lt(292.5)));
}

}  // namespace
}  // namespace pianissimo::sim
