#include "controller/core/box.hpp"

#include <gtest/gtest.h>

namespace pianissimo {
namespace {

TEST(Box, HoldsFloorCeilingAndAllBetween) {
  const Box box{dbm(5), dbm(20)};

  EXPECT_EQ(box.floor(), dbm(5));
  EXPECT_EQ(box.ceiling(), dbm(20));
  EXPECT_EQ(box.levels(), 16);
  EXPECT_TRUE(box.contains(dbm(5)));
  EXPECT_TRUE(box.contains(dbm(20)));
  EXPECT_FALSE(box.contains(dbm(4)));
  EXPECT_FALSE(box.contains(Dbm::from_mbm(2001)));
}

TEST(Box, TakesItsEdgesDownToWholeLevels) {
  EXPECT_EQ(Box(Dbm::from_mbm(550), Dbm::from_mbm(2050)), Box(dbm(5), dbm(20)));
  EXPECT_EQ(Box(Dbm::from_mbm(-150), Dbm::from_mbm(-50)), Box(dbm(-2), dbm(-1)));
}

TEST(Box, ACeilingBelowTheFloorLeavesOneLevel) {
  const Box box{dbm(10), dbm(7)};

  EXPECT_EQ(box.floor(), dbm(7));
  EXPECT_EQ(box.ceiling(), dbm(7));
  EXPECT_EQ(box.levels(), 1);
}

TEST(Box, ClampsToWholeLevelsInside) {
  const Box box{dbm(5), dbm(20)};

  EXPECT_EQ(box.clamp(dbm(12)), dbm(12));
  EXPECT_EQ(box.clamp(Dbm::from_mbm(1299)), dbm(12));
  EXPECT_EQ(box.clamp(dbm(30)), dbm(20));
  EXPECT_EQ(box.clamp(dbm(-3)), dbm(5));
  EXPECT_EQ(box.clamp(Dbm::from_mbm(550)), dbm(5));
}

// "0" means "not set" to half of this field: the daemon never uses it unless told to.
TEST(BoxParams, BeginAtOneDbmWithoutACeiling) {
  EXPECT_EQ(BoxParams{}.floor, dbm(1));
  EXPECT_EQ(BoxParams{}.ceiling, std::nullopt);
}

}  // namespace
}  // namespace pianissimo
