#include "experiments/evaluate/spread.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace pianissimo::evaluate {
namespace {

TEST(Spread, OfNothingIsNothing) { EXPECT_EQ(spread_of({}), std::nullopt); }

TEST(Spread, OfOneValueHasNoInterval) {
  EXPECT_EQ(spread_of(std::array{7.0}), (Spread{.mean = 7, .ci95 = {}, .n = 1}));
}

// t(0.975, 4) = 2.7764 in every table; the standard deviation of 1..5 is sqrt(2.5).
TEST(Spread, HasStudentsIntervalOfTheMean) {
  const auto spread = spread_of(std::array{1.0, 2.0, 3.0, 4.0, 5.0});

  ASSERT_TRUE(spread);
  EXPECT_DOUBLE_EQ(spread->mean, 3);
  EXPECT_NEAR(*spread->ci95, 2.7764 * std::sqrt(2.5 / 5), 1e-4);
}

}  // namespace
}  // namespace pianissimo::evaluate
