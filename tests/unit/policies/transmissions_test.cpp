#include "experiments/policies/transmissions.hpp"

#include <gmock/gmock.h>

#include "tests/unit/core/words.hpp"

namespace pianissimo::policies {
namespace {

using namespace pianissimo::test;

StationTotals totals(std::uint64_t packets, std::uint64_t retries, std::uint64_t failed) {
  return {.tx_packets = packets, .tx_retries = retries, .tx_failed = failed};
}

TEST(Transmissions, ArePacketsAndTheirRepetitions) {
  const auto sent = transmissions_between(totals(100, 10, 1), totals(180, 30, 6));

  EXPECT_EQ(sent, (Transmissions{.attempts = 100, .delivered = 75}));
  EXPECT_DOUBLE_EQ(sent->success(), 0.75);
}

TEST(Transmissions, AreUnknownWhereTheDriverDoesNotCountThem) {
  const StationTotals no_retries{.tx_packets = 7};

  EXPECT_EQ(transmissions_between(totals(0, 0, 0), no_retries), std::nullopt);
}

TEST(Transmissions, WithoutACounterOfFailuresAllPacketsCountAsDelivered) {
  const StationTotals before{.tx_packets = 0, .tx_retries = 0};
  const StationTotals after{.tx_packets = 30, .tx_retries = 10};

  EXPECT_EQ(transmissions_between(before, after), (Transmissions{.attempts = 40, .delivered = 30}));
}

TEST(TransmissionMeter, SaysNothingOfAStationThatItSeesForTheFirstTime) {
  TransmissionMeter meter;
  const StationView old{.station = alice, .totals = totals(10, 0, 0)};
  const StationView now{.station = alice, .totals = totals(25, 5, 0)};
  const StationView newcomer{.station = bob, .totals = totals(99, 0, 0)};

  EXPECT_THAT(meter.on_reading(std::array{old}), testing::IsEmpty());
  EXPECT_THAT(meter.on_reading(std::array{now, newcomer}),
              testing::ElementsAre(testing::Pair(alice, Transmissions{20, 15})));
}

}  // namespace
}  // namespace pianissimo::policies
