// The kernel's arithmetic against lines that a kernel wrote.
#include "experiments/import/minstrel.hpp"

#include <gmock/gmock.h>

namespace pianissimo::orca {
namespace {

constexpr std::uint32_t always = 4096;

const Group vht80_two_streams{
    0x270, RateKind::vht,
    2,     2,
    true,  {0x241a0, 0x12158, 0xc0ac, 0x9134, 0x60e0, 0x4924, 0x4058, 0x3a34, 0x3088, 0x2c24}};
const Group ht40_one_stream{
    0xc0, RateKind::ht, 1,
    1,    true,         {0x9c4a0, 0x4e2e0, 0x34240, 0x271f0, 0x1a1a0, 0x13910, 0x116c0, 0xfaa0}};

TEST(Minstrel, EstimatesAsTheKernelDoes) {
  EXPECT_EQ(estimated_throughput(always, 108, 11'300, 1), 754U);   // 279;3e8;2f2
  EXPECT_EQ(estimated_throughput(always, 108, 12'424, 1), 747U);   // 278
  EXPECT_EQ(estimated_throughput(always, 108, 106'912, 1), 418U);  // c4;3e8;1a2
  EXPECT_EQ(estimated_throughput(always, 108, 11'300, 16), 4985U);
}

TEST(Minstrel, TakesNineTenthsForAllAndLessThanATenthForNothing) {
  EXPECT_EQ(estimated_throughput(3686, 108, 11'300, 1), 754U);
  EXPECT_LT(estimated_throughput(3600, 108, 11'300, 1), 754U);
  EXPECT_EQ(estimated_throughput(408, 108, 11'300, 1), 0U);
  EXPECT_GT(estimated_throughput(409, 108, 11'300, 1), 0U);
}

TEST(Minstrel, SaysOfAnEstimateWhatNl80211Says) {
  EXPECT_EQ(expected_throughput(754).kbps(), 70'687);
  EXPECT_EQ(expected_throughput(0).kbps(), 0);
}

TEST(Minstrel, ExplainsTheLinesOfARealTrace) {
  EXPECT_TRUE(is_explained({.rate = 0x279, .success_permille = 1000, .throughput = 754},
                           vht80_two_streams, {}));
  EXPECT_TRUE(is_explained({.rate = 0xc4, .success_permille = 1000, .throughput = 418},
                           ht40_one_stream, {}));
  EXPECT_FALSE(is_explained({.rate = 0x279, .success_permille = 1000, .throughput = 755},
                            vht80_two_streams, {}));
  EXPECT_FALSE(is_explained({.rate = 0x279, .success_permille = 50, .throughput = 754},
                            vht80_two_streams, {}));
}

// Half of 4096 shows as 500 per mille; 2047 shows as 499.
TEST(Minstrel, ExplainsARateThatIsRoundedInTheLine) {
  EXPECT_TRUE(is_explained({.rate = 0x279,
                            .success_permille = 499,
                            .throughput = estimated_throughput(2047, 108, 11'300, 1)},
                           vht80_two_streams, {}));
}

TEST(Minstrel, NamesRatesAsNl80211Does) {
  const auto vht = bit_rate(vht80_two_streams, 0x279);
  const auto ht = bit_rate(ht40_one_stream, 0xc7);
  const Group cck{0x100, RateKind::cck, 1, 0, false, {1, 1, 1, 1, 1, 1, 1, 1}};
  const Group ofdm{0x110, RateKind::ofdm, 1, 0, false, {1, 1, 1, 1, 1, 1, 1, 1}};

  ASSERT_TRUE(vht && ht);
  EXPECT_EQ(vht->rate.kbps(), 866'666);
  EXPECT_EQ(vht->format, RateFormat::vht);
  EXPECT_EQ(vht->mcs, 9);
  EXPECT_EQ(vht->nss, 2);
  EXPECT_EQ(vht->width, Mhz{80});
  EXPECT_TRUE(vht->short_gi);
  EXPECT_EQ(ht->rate.kbps(), 150'000);
  EXPECT_EQ(ht->mcs, 7);
  EXPECT_EQ(ht->nss, std::nullopt);
  EXPECT_EQ(bit_rate(cck, 0x103)->rate.kbps(), 11'000);
  EXPECT_EQ(bit_rate(cck, 0x106)->rate.kbps(), 5'500);
  EXPECT_EQ(bit_rate(ofdm, 0x117)->rate.kbps(), 54'000);
  EXPECT_EQ(bit_rate(ht40_one_stream, 0xc8), std::nullopt);
  EXPECT_EQ(bit_rate(vht80_two_streams, 0x27f), std::nullopt);
}

TEST(Minstrel, TheRatesOfOneStreamAreTheStandards) {
  const auto kbps = [](std::size_t mcs, std::uint32_t width, bool short_gi) {
    return ofdm_rate(mcs, 1, Mhz{width}, short_gi)->kbps();
  };

  EXPECT_EQ(kbps(0, 20, false), 6'500);
  EXPECT_EQ(kbps(7, 20, true), 72'222);
  EXPECT_EQ(kbps(7, 40, false), 135'000);
  EXPECT_EQ(kbps(9, 80, false), 390'000);
  EXPECT_EQ(kbps(9, 160, true), 866'666);
  EXPECT_EQ(ofdm_rate(10, 1, Mhz{20}, false), std::nullopt);
  EXPECT_EQ(ofdm_rate(0, 1, Mhz{30}, false), std::nullopt);
  EXPECT_EQ(ofdm_rate(0, 0, Mhz{20}, false), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::orca
