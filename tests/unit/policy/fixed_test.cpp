#include "controller/policy/fixed.hpp"

#include <gmock/gmock.h>

#include "tests/unit/policy/loop.hpp"

namespace pianissimo {
namespace {

using namespace test;
using testing::ElementsAre;

struct Case {
  const char* name;
  FixedParams params;
  std::int32_t dbm;
  std::int64_t commands;
};

class Fixed : public testing::TestWithParam<Case> {};

// An interface found at 20 dBm with a floor of 5 dBm; a station that would lose everything.
TEST_P(Fixed, StaysAtItsLevelWhateverHappens) {
  Loop loop{[] { return make_fixed(GetParam().params); }, 5, 20};
  loop.add(alice, by_level({{20, 100'000}, {5, 1'000}}));

  loop.run_until(10'000);

  EXPECT_THAT(loop.table(), ElementsAre(Line{0, GetParam().dbm, Reason::fixed},
                                        Line{0, GetParam().dbm, Reason::fixed}));
  EXPECT_EQ(loop.commands(), GetParam().commands);
}

INSTANTIATE_TEST_SUITE_P(Levels, Fixed,
                         testing::Values(Case{"max", {FixedParams::Edge::max}, 20, 0},
                                         Case{"min", {FixedParams::Edge::min}, 5, 1},
                                         Case{"level", {dbm(12)}, 12, 1},
                                         Case{"above", {dbm(30)}, 20, 0},
                                         Case{"below", {dbm(-3)}, 5, 1},
                                         Case{"fraction", {Dbm::from_mbm(1250)}, 12, 1}),
                         [](const auto& chosen) { return chosen.param.name; });

TEST(FixedAndItsBox, MaxFollowsTheCeiling) {
  Loop loop{[] { return make_fixed({FixedParams::Edge::max}); }, 5, 20};
  loop.run_until(100);
  InterfaceUp lowered = access_point();
  lowered.at = loop.now();
  lowered.channel_maximum = dbm(14);

  loop.tell(lowered);

  EXPECT_EQ(loop.table().back(), (Line{100, 14, Reason::fixed}));
}

TEST(FixedAndItsBox, ALevelComesBackWithABoxThatHoldsIt) {
  Loop loop{[] { return make_fixed({dbm(17)}); }, 5, 20};
  loop.run_until(100);
  InterfaceUp told = access_point();
  told.at = loop.now();
  told.channel_maximum = dbm(14);
  loop.tell(told);
  EXPECT_EQ(loop.table().back(), (Line{100, 14, Reason::fixed}));

  told.channel_maximum = dbm(20);
  loop.tell(told);

  EXPECT_EQ(loop.table().back(), (Line{100, 17, Reason::fixed}));
}

TEST(Fixed, IsMaxUnlessToldOtherwise) {
  EXPECT_EQ(FixedParams{}.level, FixedParams{FixedParams::Edge::max}.level);
}

}  // namespace
}  // namespace pianissimo
