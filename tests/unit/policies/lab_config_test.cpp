#include "experiments/policies/lab_config.hpp"

#include <gmock/gmock.h>

#include "experiments/policies/blues.hpp"
#include "tests/unit/policies/bench.hpp"

namespace pianissimo::policies {
namespace {

using namespace pianissimo::test;
using testing::HasSubstr;

LabConfig blues() { return {Config{.descend = {.keep = 0.83}}, find_law("blues")}; }

TEST(LabConfig, OfADaemonSaysWhatTheDaemonWould) {
  Config config;
  config.policy = PolicyName::fixed;
  config.box.floor = dbm(3);

  const LabConfig lab{config};

  EXPECT_EQ(law_name(lab), "fixed");
  EXPECT_EQ(to_json(lab), to_json(config));
  EXPECT_EQ(std::get<LabConfig>(parse_lab_config(to_json(lab))), lab);
}

TEST(LabConfig, NamesALawOfTheLaboratoryAsItsPolicyAndKeepsTheRest) {
  std::string expected = to_json(blues().config);
  expected.replace(expected.find("\"anchor\""), 8, "\"blues\"");

  EXPECT_EQ(law_name(blues()), "blues");
  EXPECT_EQ(to_json(blues()), expected);
}

TEST(LabConfig, OfEveryLawIsReadBackFromItsJson) {
  for (const Law& law : laws()) {
    if (law.has_keep) continue;
    const LabConfig lab{Config{.descend = {.keep = 0.83}}, &law};

    EXPECT_EQ(std::get<LabConfig>(parse_lab_config(to_json(lab))), lab) << law.name;
  }
}

TEST(LabConfig, OfTheLaboratoryIsRefusedByTheDaemon) {
  const auto parsed = parse_config(to_json(blues()));

  const auto* const errors = std::get_if<std::vector<ConfigError>>(&parsed);
  ASSERT_NE(errors, nullptr);
  EXPECT_THAT(errors->front().message, HasSubstr("'blues' is none of"));
}

TEST(LabConfig, OfALawThatNobodyKnowsIsRefused) {
  std::string json = to_json(blues());
  json.replace(json.find("blues"), 5, "reds!");

  const auto parsed = parse_lab_config(json);

  const auto* const errors = std::get_if<std::vector<ConfigError>>(&parsed);
  ASSERT_NE(errors, nullptr);
  EXPECT_EQ(errors->front().key, "policy");
}

TEST(LabConfig, IsNotMisledByATextThatHoldsTheNameOfALaw) {
  Config config;
  config.journal.path = "/run/\"policy\":\"blues\"";

  EXPECT_EQ(std::get<LabConfig>(parse_lab_config(to_json(LabConfig{config}))), LabConfig{config});
}

TEST(LabConfig, MakesTheLawThatItNames) {
  const auto levels = [](const PolicyFactory& make) {
    Bench bench{make(), 1, 20};
    bench[alice];
    bench.run_until(20'000);
    return bench.levels();
  };

  EXPECT_EQ(levels(policy_of(blues())), levels([] { return make_blues(); }));
  EXPECT_NE(levels(policy_of(blues())), levels(policy_of(LabConfig{})));
}

// descend's keep is the configuration's.
TEST(LabConfig, LeavesLawsWithAKeepToTheDaemonsConfiguration) {
  EXPECT_EQ(find_laboratory_law("descend"), nullptr);
  EXPECT_EQ(find_laboratory_law("oracle"), nullptr);
  EXPECT_EQ(find_laboratory_law("parf"), find_law("parf"));
}

}  // namespace
}  // namespace pianissimo::policies
