// Every scenario of the suite is readable, says what it is for, and runs.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "tests/unit/sim/plant.hpp"

namespace pianissimo::sim {
namespace {

std::vector<std::string> suite() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{PIANISSIMO_SCENARIOS}) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

class Suite : public ::testing::TestWithParam<std::string> {};

TEST_P(Suite, LoadsAndRunsTwoSeconds) {
  auto loaded = load_scenario(std::string{PIANISSIMO_SCENARIOS} + "/" + GetParam() + ".yaml");
  ASSERT_TRUE(std::holds_alternative<Scenario>(loaded)) << std::get<ScenarioError>(loaded).message;
  Scenario plan = std::get<Scenario>(std::move(loaded));
  EXPECT_GE(plan.description.size(), 40U);
  plan.duration_s = 2;

  const RunResult result = run_with(plan, descend());

  double delivered = 0;
  double offered = 0;
  for (std::size_t i = 0; i < result.stations.size(); ++i) {
    // Rows come every 100 ms.
    EXPECT_EQ(result.stations[i].truth.size(), static_cast<std::size_t>(plan.warm_up_s + 2) * 10);
    for (const StationTruth& truth : result.stations[i].truth) {
      delivered += static_cast<double>(truth.delivered_bytes);
      offered += static_cast<double>(truth.offered_bytes);
    }
  }
  EXPECT_LE(delivered, offered);
  EXPECT_EQ(delivered > 0, offered > 0);
  for (const AccessPointRun& ap : result.access_points) {
    for (const PowerStep& step : ap.power) EXPECT_TRUE(ap.box.contains(step.level));
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Suite, ::testing::ValuesIn(suite()), [](const auto& given) {
  std::string name = given.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(Suite, HasAtLeastTheSixteen) { EXPECT_GE(suite().size(), 16U); }

}  // namespace
}  // namespace pianissimo::sim
