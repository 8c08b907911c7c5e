#include "experiments/evaluate/grid.hpp"

#include <gmock/gmock.h>

namespace pianissimo::evaluate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Axis axis(std::string_view text) { return std::get<Axis>(parse_axis(text)); }

TEST(Axis, IsAKeyAndItsValues) {
  EXPECT_EQ(axis("descend.keep=0.8,0.9").key, "descend.keep");
  EXPECT_THAT(axis("descend.keep=0.8,0.9").values, ElementsAre("0.8", "0.9"));
  EXPECT_THAT(axis("policy=fixed").values, ElementsAre("fixed"));
}

TEST(Axis, WithoutAKeyOrAValueIsSaidToBeNone) {
  for (const char* const text : {"", "keep", "=1", "keep=", "keep=1,,2", "keep=1,"}) {
    const auto parsed = parse_axis(text);
    ASSERT_TRUE(std::holds_alternative<UsageError>(parsed)) << text;
    EXPECT_THAT(std::get<UsageError>(parsed).message, HasSubstr(text));
  }
}

TEST(Combinations, AreAllOfThemAndTheLastAxisChangesFastest) {
  EXPECT_THAT(combinations(std::vector{axis("a=1,2"), axis("b=x,y")}),
              ElementsAre(ElementsAre("a=1", "b=x"), ElementsAre("a=1", "b=y"),
                          ElementsAre("a=2", "b=x"), ElementsAre("a=2", "b=y")));
}

TEST(Combinations, OfNoAxisAreOneWithoutSettings) {
  EXPECT_THAT(combinations({}), ElementsAre(IsEmpty()));
}

TEST(Shard, IsAPartOfSoMany) {
  const auto shard = std::get<Shard>(parse_shard("3/10"));
  EXPECT_EQ(shard.index, 3U);
  EXPECT_EQ(shard.count, 10U);

  for (const char* const text : {"", "3", "0/3", "4/3", "1/0", "-1/3", "1/3x", "a/b"}) {
    EXPECT_TRUE(std::holds_alternative<UsageError>(parse_shard(text))) << text;
  }
}

TEST(Shard, EveryRunIsInExactlyOne) {
  for (std::uint64_t run = 0; run < 100; ++run) {
    const std::string id = run_id(Hash{}.add(run));
    int times = 0;
    for (std::uint64_t i = 1; i <= 7; ++i) times += is_in({.index = i, .count = 7}, id) ? 1 : 0;
    EXPECT_EQ(times, 1) << id;
  }
}

TEST(Shard, SharesTheRunsAboutEvenly) {
  int first = 0;
  for (std::uint64_t run = 0; run < 1000; ++run) {
    first += is_in({.index = 1, .count = 4}, run_id(Hash{}.add(run))) ? 1 : 0;
  }
  EXPECT_NEAR(first, 250, 60);
}

// FNV-1a of no bytes at all.
TEST(Hash, OfNothingIsItsBasis) { EXPECT_EQ(run_id(Hash{}), "cbf29ce484222325"); }

TEST(Hash, TellsWhereAPieceEnds) {
  EXPECT_NE(Hash{}.add("ab").add("c").value(), Hash{}.add("a").add("bc").value());
  EXPECT_EQ(Hash{}.add("ab").add("c").value(), Hash{}.add("ab").add("c").value());
}

TEST(Hash, OfAScenarioKnowsItsTraces) {
  sim::Scenario one;
  one.stations.emplace_back().path_loss = {testbed::LossProfile::constant(70)};
  sim::Scenario other = one;
  other.stations[0].path_loss[0] = testbed::LossProfile::constant(71);

  EXPECT_NE(hash_of(one, "the same text").value(), hash_of(other, "the same text").value());
}

}  // namespace
}  // namespace pianissimo::evaluate
