#include "experiments/policies/registry.hpp"

#include <gmock/gmock.h>

#include "tests/unit/policies/bench.hpp"

namespace pianissimo::policies {
namespace {

using namespace pianissimo::test;

TEST(Registry, KnowsTheLawsByTheirNames) {
  std::vector<std::string_view> names;
  for (const Law& law : laws()) names.push_back(law.name);

  EXPECT_THAT(names,
              testing::IsSupersetOf({"fixed-max", "fixed-min", "descend", "blues", "parf", "rrm"}));
  EXPECT_EQ(find_law("bleus"), nullptr);
}

TEST(Registry, MakesEachOfThem) {
  for (const Law& law : laws()) {
    Bench bench{law.make(0.9)(), 1, 20};
    bench[alice];

    bench.run_until(2'000);

    EXPECT_THAT(bench.levels(), testing::Each(testing::AllOf(testing::Ge(1), testing::Le(20))))
        << law.name;
    EXPECT_FALSE(bench.reasons().empty()) << law.name;
  }
}

TEST(Registry, GivesTheKeepToThoseThatHaveOne) {
  const auto lowest = [](double keep) {
    Bench bench{find_law("descend")->make(keep)(), 10, 20};
    bench[alice].rate = [](std::int32_t dbm) { return dbm >= 15 ? mbps(100) : mbps(95); };
    bench.run_until(5'000);
    return bench.usual_level();
  };

  EXPECT_EQ(lowest(0.97), 15);
  EXPECT_EQ(lowest(0.90), 10);
}

}  // namespace
}  // namespace pianissimo::policies
