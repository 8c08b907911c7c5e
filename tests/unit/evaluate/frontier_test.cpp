#include "experiments/evaluate/frontier.hpp"

#include <gtest/gtest.h>

namespace pianissimo::evaluate {
namespace {

TEST(Frontier, LiesBetweenTwoOraclesOnTheLineBetweenThem) {
  const Frontier frontier{{{0.9, 8}, {1.0, 4}}};

  EXPECT_DOUBLE_EQ(frontier.saved_at(0.95), 6);
  EXPECT_DOUBLE_EQ(frontier.saved_at(0.9), 8);
  EXPECT_DOUBLE_EQ(frontier.saved_at(1.0), 4);
}

TEST(Frontier, BeyondItsEndsIsAsAtThem) {
  const Frontier frontier{{{1.0, 4}, {0.9, 8}}};

  EXPECT_DOUBLE_EQ(frontier.saved_at(1.002), 4);
  EXPECT_DOUBLE_EQ(frontier.saved_at(0.3), 8);
}

TEST(Frontier, PassesByAnOracleThatAnotherOneBeatsInBoth) {
  const Frontier frontier{{{0.90, 5}, {0.92, 7}, {1.0, 3}}};

  EXPECT_DOUBLE_EQ(frontier.saved_at(0.90), 7);
  EXPECT_DOUBLE_EQ(frontier.saved_at(0.96), 5);
}

}  // namespace
}  // namespace pianissimo::evaluate
