#include "controller/core/load.hpp"

#include <gtest/gtest.h>

namespace pianissimo {
namespace {

using namespace std::chrono_literals;

StationTotals sent(std::uint64_t bytes) { return {.tx_bytes = bytes}; }

Throughput mbps(std::int64_t megabits) { return Throughput::from_kbps(1000 * megabits); }

TEST(Load, UtilisationIsWhatWasOfferedOfWhatFits) {
  // 8 Mbit/s are 100 000 bytes in 100 ms.
  const auto load = load_between(sent(1'000), sent(26'000), 100ms, mbps(8), {});

  ASSERT_TRUE(load);
  EXPECT_EQ(load->bytes, 25'000u);
  EXPECT_EQ(load->utilisation, 0.25);
  EXPECT_EQ(load->kind, LoadClass::light);
}

TEST(Load, IsSaturatedFromNinetyFivePercentOn) {
  EXPECT_EQ(load_between(sent(0), sent(94'999), 100ms, mbps(8), {})->kind, LoadClass::light);
  EXPECT_EQ(load_between(sent(0), sent(95'000), 100ms, mbps(8), {})->kind, LoadClass::saturated);
}

TEST(Load, MayExceedWhatFits) {
  const auto load = load_between(sent(0), sent(300'000), 100ms, mbps(8), {});

  EXPECT_EQ(load->utilisation, 3.0);
  EXPECT_EQ(load->kind, LoadClass::saturated);
}

TEST(Load, IsIdleBelowOneFullFrame) {
  EXPECT_EQ(load_between(sent(0), sent(1'499), 100ms, mbps(8), {})->kind, LoadClass::idle);
  EXPECT_EQ(load_between(sent(0), sent(1'500), 100ms, mbps(8), {})->kind, LoadClass::light);
}

TEST(Load, FewBytesAreIdleHoweverSlowTheStation) {
  const auto load = load_between(sent(0), sent(1'000), 100ms, Throughput::from_bps(1), {});

  EXPECT_EQ(load->kind, LoadClass::idle);
}

TEST(Load, WithoutAnEstimateAnActiveStationIsLight) {
  const auto load = load_between(sent(0), sent(1'000'000), 100ms, std::nullopt, {});

  EXPECT_EQ(load->utilisation, std::nullopt);
  EXPECT_EQ(load->kind, LoadClass::light);
}

TEST(Load, OfNoTimeHasNoUtilisation) {
  EXPECT_EQ(load_between(sent(0), sent(9'000), 0ms, mbps(8), {})->utilisation, std::nullopt);
}

TEST(Load, IsUnknownWhereNothingIsCounted) {
  EXPECT_EQ(load_between({}, {}, 100ms, mbps(8), {}), std::nullopt);
}

}  // namespace
}  // namespace pianissimo
