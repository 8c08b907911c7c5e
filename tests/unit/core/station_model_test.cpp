#include "controller/core/station_model.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace pianissimo {
namespace {

using namespace std::chrono_literals;

StationSample counting(std::uint64_t bytes, std::uint32_t packets) {
  StationSample sample;
  sample.tx_bytes = bytes;
  sample.tx_packets = packets;
  return sample;
}

StationSample connected(std::chrono::seconds since, std::uint64_t bytes) {
  StationSample sample;
  sample.connected = since;
  sample.tx_bytes = bytes;
  return sample;
}

StationSample retrying(std::uint32_t retries, std::uint32_t failed) {
  StationSample sample;
  sample.tx_retries = retries;
  sample.tx_failed = failed;
  return sample;
}

TEST(StationModel, KnowsNothingBeforeTheFirstReading) {
  const StationModel model;

  EXPECT_EQ(model.last(), std::nullopt);
  EXPECT_EQ(model.totals(), StationTotals{});
  EXPECT_EQ(model.expected_throughput(), std::nullopt);
}

TEST(StationModel, WhatWasCountedBeforeTheFirstReadingIsNotOurs) {
  StationModel model;

  model.on(counting(1'000'000, 700));

  EXPECT_EQ(model.totals().tx_bytes, 0u);
  EXPECT_EQ(model.totals().tx_packets, 0u);
}

TEST(StationModel, TotalsAreWhatCountersGrewBy) {
  StationModel model;

  model.on(counting(1'000'000, 700));
  model.on(counting(1'030'000, 720));
  model.on(counting(1'030'100, 721));

  EXPECT_EQ(model.totals().tx_bytes, 30'100u);
  EXPECT_EQ(model.totals().tx_packets, 21u);
}

TEST(StationModel, ACounterTheDriverDoesNotGiveStaysAbsent) {
  StationModel model;

  model.on(counting(10, 1));
  model.on(counting(20, 2));

  EXPECT_EQ(model.totals().tx_retries, std::nullopt);
  EXPECT_EQ(model.totals().tx_failed, std::nullopt);
}

TEST(StationModel, ACounterMayBeMissingFromAReading) {
  StationModel model;
  model.on(counting(1'000, 10));

  model.on(StationSample{});
  model.on(StationSample{});
  model.on(counting(1'500, 14));

  EXPECT_EQ(model.totals().tx_bytes, 500u);
  EXPECT_EQ(model.totals().tx_packets, 4u);
}

TEST(StationModel, ACounterThatShowsLateBeginsThere) {
  StationModel model;
  model.on(StationSample{});

  model.on(retrying(5'000, 70));
  model.on(retrying(5'003, 71));

  EXPECT_EQ(model.totals().tx_retries, 3u);
  EXPECT_EQ(model.totals().tx_failed, 1u);
}

TEST(StationModel, AfterAResetEverythingShownIsNew) {
  StationModel model;
  model.on(counting(1'000'000, 900));
  model.on(counting(1'000'100, 901));

  model.on(counting(40, 2));
  model.on(counting(50, 3));

  EXPECT_EQ(model.totals().tx_bytes, 100u + 40 + 10);
  EXPECT_EQ(model.totals().tx_packets, 1u + 2 + 1);
}

TEST(StationModel, A32BitCounterWraps) {
  StationModel model;
  model.on(counting(0, std::numeric_limits<std::uint32_t>::max() - 9));

  model.on(counting(0, 6));

  EXPECT_EQ(model.totals().tx_packets, 16u);
}

TEST(StationModel, TotalsGoOnBeyond32Bit) {
  StationModel model;
  model.on(retrying(0, 0));

  for (int lap = 0; lap < 3; ++lap) {
    model.on(retrying(0x6000'0000, 0));
    model.on(retrying(0xc000'0000, 0));
    model.on(retrying(0, 0));
  }

  EXPECT_EQ(model.totals().tx_retries, std::uint64_t{3} << 32);
}

TEST(StationModel, SeesANewAssociationByItsTime) {
  StationModel model;

  EXPECT_FALSE(model.on(connected(100s, 5'000)));
  EXPECT_FALSE(model.on(connected(100s, 6'000)));
  EXPECT_FALSE(model.on(connected(101s, 7'000)));
  EXPECT_TRUE(model.on(connected(0s, 9'000)));
  EXPECT_FALSE(model.on(connected(1s, 9'500)));
}

// The new counter may already stand higher than the old one did.
TEST(StationModel, CountersOfANewAssociationBeginAtZero) {
  StationModel model;
  model.on(connected(100s, 5'000));
  model.on(connected(101s, 7'000));

  model.on(connected(0s, 9'000));

  EXPECT_EQ(model.totals().tx_bytes, 2'000u + 9'000);
}

// What an earlier association had counted says nothing of this one.
TEST(StationModel, ACounterThatShowsLateInANewAssociationBeginsThere) {
  StationModel model;
  StationSample before = connected(100s, 5'000);
  before.tx_packets = before.tx_retries = before.tx_failed = 100;
  model.on(before);
  model.on(connected(0s, 0));

  StationSample late = connected(1s, 0);
  late.tx_packets = late.tx_retries = late.tx_failed = 200;
  model.on(late);

  EXPECT_EQ(model.totals().tx_packets, 0u);
  EXPECT_EQ(model.totals().tx_retries, 0u);
  EXPECT_EQ(model.totals().tx_failed, 0u);
}

TEST(StationModel, EachCounterMayBeMissingFromAReading) {
  StationModel model;
  StationSample all = retrying(10, 20);
  all.tx_packets = 30;
  model.on(all);

  model.on(StationSample{});
  all.tx_packets = 37;
  all.tx_retries = 15;
  all.tx_failed = 26;
  model.on(all);

  EXPECT_EQ(model.totals().tx_packets, 7u);
  EXPECT_EQ(model.totals().tx_retries, 5u);
  EXPECT_EQ(model.totals().tx_failed, 6u);
}

TEST(StationModel, WithoutAConnectedTimeNothingIsANewAssociation) {
  StationModel model;
  model.on(connected(100s, 5'000));

  EXPECT_FALSE(model.on(counting(10, 1)));
}

TEST(StationModel, AnEstimateThatIsAbsentOrZeroIsNone) {
  StationModel model;
  StationSample sample;

  model.on(sample);
  EXPECT_EQ(model.expected_throughput(), std::nullopt);

  sample.expected_throughput = Throughput{};
  model.on(sample);
  EXPECT_EQ(model.expected_throughput(), std::nullopt);

  sample.expected_throughput = Throughput::from_kbps(1);
  model.on(sample);
  EXPECT_EQ(model.expected_throughput(), Throughput::from_kbps(1));

  sample.expected_throughput.reset();
  model.on(sample);
  EXPECT_EQ(model.expected_throughput(), std::nullopt);
}

TEST(BytesBetween, IsTheDifferenceOfTheTotals) {
  EXPECT_EQ(bytes_between({.tx_bytes = 100}, {.tx_bytes = 1'600}), 1'500u);
  EXPECT_EQ(bytes_between({}, {.tx_bytes = 700}), 700u);
  EXPECT_EQ(bytes_between({.tx_bytes = 100}, {}), std::nullopt);
  EXPECT_EQ(bytes_between({}, {}), std::nullopt);
  EXPECT_EQ(bytes_between({.tx_bytes = 700}, {.tx_bytes = 100}), 0u);
}

}  // namespace
}  // namespace pianissimo
