#include "controller/core/elementary.hpp"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

namespace pianissimo {
namespace {

using testing::IsNan;

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(Elementary, ExponentialIsTheCLibrarysToAFewUnitsInTheLastPlace) {
  std::mt19937 random{1};
  std::uniform_real_distribution<double> any{-700, 700};
  for (int i = 0; i < 10'000; ++i) {
    const double x = i % 2 == 0 ? any(random) : any(random) / 700;

    ASSERT_NEAR(exponential(x) / std::exp(x), 1, 1e-15) << x;
  }
}

TEST(Elementary, LogarithmIsTheCLibrarysToAFewUnitsInTheLastPlace) {
  std::mt19937 random{1};
  std::uniform_real_distribution<double> any{-300, 300};
  for (int i = 0; i < 10'000; ++i) {
    const double x = std::pow(10, i % 2 == 0 ? any(random) : any(random) / 300);

    ASSERT_NEAR(logarithm(x), std::log(x), 1e-15 * std::max(std::abs(std::log(x)), 0.1)) << x;
    ASSERT_NEAR(logarithm10(x), std::log10(x), 1e-15 * std::max(std::abs(std::log10(x)), 0.1)) << x;
  }
}

TEST(Elementary, PowerIsWhatRepeatedMultiplicationGives) {
  double product = 1;
  for (int times = 0; times < 200; ++times, product *= 0.85) {
    ASSERT_NEAR(power(0.85, times) / product, 1, 1e-13) << times;
  }
}

TEST(Elementary, KnowsTheEndsOfItsRange) {
  EXPECT_EQ(exponential(0), 1);
  EXPECT_EQ(exponential(1000), infinity);
  EXPECT_EQ(exponential(infinity), infinity);
  EXPECT_EQ(exponential(-1000), 0);
  EXPECT_EQ(exponential(-infinity), 0);
  EXPECT_EQ(logarithm(1), 0);
  EXPECT_EQ(logarithm(0), -infinity);
  EXPECT_EQ(logarithm(infinity), infinity);
  EXPECT_THAT(logarithm(-1), IsNan());
  EXPECT_THAT(exponential(std::nan("")), IsNan());
  EXPECT_THAT(logarithm(std::nan("")), IsNan());
}

// What the same steps give in Python, whose numbers are IEEE 754 doubles, too.
TEST(Elementary, GivesTheSameBitsOnEveryProcessor) {
  std::uint64_t bits = 0;
  for (int i = 1; i < 20'000; ++i) {
    for (const double value :
         {exponential(-i * 137e-6), power(0.97, i * 1e-4), logarithm(i / 977.0)}) {
      bits = (bits ^ std::bit_cast<std::uint64_t>(value)) * 1'099'511'628'211U;
    }
  }

  EXPECT_EQ(bits, 0x64a1a5248160179aU);
}

}  // namespace
}  // namespace pianissimo
