#include "experiments/testbed/medium/channel.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace pianissimo::testbed {
namespace {

using Join = LossProfile::Join;

const std::vector<LossPoint> up_and_down{{Seconds{0}, 74}, {Seconds{20}, 84}, {Seconds{40}, 74}};

TEST(LossProfile, AConstantIsConstant) {
  EXPECT_EQ(LossProfile::constant(72).at(Seconds{0}), 72);
  EXPECT_EQ(LossProfile::constant(72).at(Seconds{1e6}), 72);
}

TEST(LossProfile, StepsHoldUntilTheNext) {
  const LossProfile profile{up_and_down, Join::step};
  EXPECT_EQ(profile.at(Seconds{19.99}), 74);
  EXPECT_EQ(profile.at(Seconds{20}), 84);
  EXPECT_EQ(profile.at(Seconds{39.99}), 84);
  EXPECT_EQ(profile.at(Seconds{100}), 74);
}

TEST(LossProfile, LinesJoinThePoints) {
  const LossProfile profile{up_and_down, Join::line};
  EXPECT_DOUBLE_EQ(profile.at(Seconds{10}), 79);
  EXPECT_DOUBLE_EQ(profile.at(Seconds{30}), 79);
  EXPECT_DOUBLE_EQ(profile.at(Seconds{41}), 74);
}

TEST(Fading, WithoutFadingThereIsNone) {
  Fading fading{FadingParams::none(), 1};
  EXPECT_EQ(fading.at(Seconds{0}), 0);
  EXPECT_EQ(fading.at(Seconds{60}), 0);
}

TEST(Fading, IsAFunctionOfSeedAndTimeNotOfHowOftenItIsAsked) {
  Fading often{FadingParams{}, 5};
  Fading seldom{FadingParams{}, 5};
  Fading other{FadingParams{}, 6};
  for (int i = 0; i < 3000; ++i) often.at(Seconds{i * 0.003});
  EXPECT_EQ(often.at(Seconds{10}), seldom.at(Seconds{10}));
  EXPECT_NE(often.at(Seconds{10}), other.at(Seconds{10}));
}

TEST(Fading, HasTheSizeAndTheMemoryOfMeasuredLinks) {
  Fading fading{FadingParams{}, 3};
  constexpr int count = 100000;
  constexpr int lag = 10;  // 1 s
  std::vector<double> x;
  x.reserve(count);
  for (int i = 0; i < count; ++i) x.push_back(fading.at(Seconds{i * 0.1}));
  double square = 0;
  double product = 0;
  for (std::size_t i = 0; i + lag < x.size(); ++i) {
    square += x[i] * x[i];
    product += x[i] * x[i + lag];
  }

  EXPECT_NEAR(std::sqrt(square / count), std::hypot(0.5, 0.4), 0.05);
  // After 1 s the fast part (tau 0.3 s) is gone and the slow one (tau 10 s) is not.
  EXPECT_NEAR(product / square, 0.25 / 0.41 * std::exp(-0.1) + 0.16 / 0.41 * std::exp(-1 / 0.3),
              0.06);
}

TEST(Fading, ShadowsComeAsOftenAsAsked) {
  FadingParams params = FadingParams::none();
  params.shadows_per_minute = 6;
  Fading fading{params, 1};
  int begun = 0;
  bool shadowed = false;
  for (int i = 0; i < 600 * 100; ++i) {
    const double gain = fading.at(Seconds{i * 0.01});
    ASSERT_TRUE(gain == 0 || (gain <= -3 && gain >= -8)) << gain;
    if (gain != 0 && !shadowed) ++begun;
    shadowed = gain != 0;
  }
  EXPECT_GT(begun, 15);  // ten minutes; while a shadow lasts no other one begins
  EXPECT_LT(begun, 60);
}

}  // namespace
}  // namespace pianissimo::testbed
