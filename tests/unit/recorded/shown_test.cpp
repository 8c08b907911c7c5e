#include "experiments/recorded/shown.hpp"

#include <gmock/gmock.h>

#include "controller/core/estimate.hpp"
#include "tests/unit/recorded/tables.hpp"

namespace pianissimo::recorded {
namespace {

using testing::DoubleNear;

Sample sample(std::int64_t kbps, double drop_percent) {
  return {.throughput = Throughput::from_kbps(kbps),
          .drop_percent = drop_percent,
          .receiver_hears = dbm(-60)};
}

double estimated_mbps(const Shown& shown) {
  return throughput_of(shown.rate, shown.acknowledged).mbps();
}

TEST(Shown, TheEstimateIsTheThroughputThatWasMeasured) {
  for (const auto& [level, all] : shown(test::record(test::uneven_knob(), test::far_db))) {
    for (const Shown& one : all) {
      EXPECT_THAT(estimated_mbps(one),
                  DoubleNear(one.throughput.mbps(), 0.01 * one.throughput.mbps()));
    }
  }
}

TEST(Shown, WhatWasDroppedIsNotAcknowledged) {
  const Shown one = shown({{{dbm(12), {sample(9000, 10)}}}}).at(dbm(12)).front();

  EXPECT_DOUBLE_EQ(one.acknowledged, 0.9);
  EXPECT_NEAR(one.frames_per_s, 1e7 / (8 * 1470), 1e-6);
  EXPECT_NEAR(estimated_mbps(one), 9, 0.001);
}

TEST(Shown, WhereAllThatIsOfferedIsSentTheRateIsTheSame) {
  const auto all =
      shown({{{dbm(12), {sample(9950, 0), sample(10'000, 0), sample(10'040, 0), sample(9000, 0)}}}})
          .at(dbm(12));

  EXPECT_EQ(all[0].rate, all[1].rate);
  EXPECT_EQ(all[0].rate, all[2].rate);
  EXPECT_LT(all[3].rate, all[0].rate);
}

TEST(Shown, WhereNothingArrivesAllThatIsOfferedIsLost) {
  const auto all = shown({{{dbm(12), {sample(0, 0), sample(10'000, 0), sample(0, 100)}}}});

  for (const std::size_t i : {0U, 2U}) {
    EXPECT_EQ(all.at(dbm(12))[i].acknowledged, 0);
    EXPECT_EQ(all.at(dbm(12))[i].rate, all.at(dbm(12))[1].rate);
    EXPECT_EQ(all.at(dbm(12))[i].frames_per_s, all.at(dbm(12))[1].frames_per_s);
  }
}

TEST(Shown, ASignalIsAsIfTheReceiverHadKeptItsPower) {
  const auto heard = [](std::int32_t dbm_heard, std::int32_t power) {
    Sample out = sample(10'000, 0);
    out.sender_hears = dbm(dbm_heard);
    out.receiver_power = dbm(power);
    return out;
  };
  const auto all =
      shown({{{dbm(12), {heard(-60, 20), heard(-62, 20), heard(-66, 12), heard(-70, 12)}}}})
          .at(dbm(12));

  EXPECT_EQ(all[0].signal, dbm(-60));
  EXPECT_EQ(all[2].signal, dbm(-59));
  EXPECT_EQ(all[3].signal, dbm(-63));
}

TEST(Shown, ASignalThatWasNotRecordedIsNotShown) {
  EXPECT_EQ(shown({{{dbm(12), {sample(10'000, 0)}}}}).at(dbm(12)).front().signal, std::nullopt);
}

}  // namespace
}  // namespace pianissimo::recorded
