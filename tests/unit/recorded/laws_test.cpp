// Every law on recordings with irregular knobs.
#include <gmock/gmock.h>

#include "experiments/policies/registry.hpp"
#include "tests/unit/recorded/tables.hpp"

namespace pianissimo::recorded {
namespace {

using namespace std::chrono_literals;

class LawsOnRecordings : public testing::TestWithParam<policies::Law> {};

TEST_P(LawsOnRecordings, NeverLeaveTheLevelsThatWereRecorded) {
  for (const NamedTable& recording : test::recordings()) {
    const auto result = run(recording.table, {.policy = GetParam().make(0.97), .length = 60s});

    Duration all{};
    for (const auto& [level, spent] : result.spent) {
      EXPECT_TRUE(recording.table.levels.contains(level)) << recording.name << ' ' << level.value();
      all += spent;
    }
    EXPECT_EQ(all, Duration{60s});
  }
}

INSTANTIATE_TEST_SUITE_P(All, LawsOnRecordings, testing::ValuesIn(policies::laws()),
                         [](const auto& info) {
                           std::string name{info.param.name};
                           std::erase(name, '-');
                           return name;
                         });

class AnchorOnRecordings : public testing::TestWithParam<NamedTable> {};

TEST_P(AnchorOnRecordings, KeepsWhatTheCeilingGives) {
  const PowerTable& table = GetParam().table;
  for (const std::uint64_t seed : {1U, 2U}) {
    const auto result = run(
        table, {.seed = seed, .policy = policies::find_law("anchor")->make(0.97), .length = 300s});

    EXPECT_GE(judge(table, result, 0.97).kept, 0.97);
  }
}

INSTANTIATE_TEST_SUITE_P(All, AnchorOnRecordings, testing::ValuesIn(test::recordings()),
                         [](const auto& info) {
                           std::string name{info.param.name};
                           std::erase_if(name, [](char c) { return c == ' ' || c == ','; });
                           return name;
                         });

TEST(AnchorOnRecording, SavesWhereAllLevelsAreEqual) {
  const PowerTable table = test::record(test::uneven_knob(), test::near_db);
  const auto result =
      run(table, {.policy = policies::find_law("anchor")->make(0.97), .length = 300s});
  const Figures figures = judge(table, result, 0.97);

  EXPECT_GE(figures.kept, 0.99);
  EXPECT_GE(figures.saved_db, 3);
}

}  // namespace
}  // namespace pianissimo::recorded
