#include "experiments/replay/settings.hpp"

#include <gmock/gmock.h>

namespace pianissimo::replay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> errors_of(const Config& base, std::vector<std::string> settings) {
  const auto result = with_settings({base}, settings);
  std::vector<std::string> texts;
  if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&result)) {
    for (const ConfigError& error : *errors) texts.push_back(to_string(error, "--set"));
  }
  return texts;
}

policies::LabConfig lab_config_of(const policies::LabConfig& base,
                                  std::vector<std::string> settings) {
  return std::get<policies::LabConfig>(with_settings(base, settings));
}

Config config_of(const Config& base, std::vector<std::string> settings) {
  return lab_config_of({base}, std::move(settings)).config;
}

TEST(Settings, WithoutAnyTheConfigurationStays) {
  Config base;
  base.interfaces = {"wlan0", "wlan1"};
  base.descend.keep = 0.83;
  base.box.ceiling = dbm(17);
  base.journal.path = "/run/a \"quoted\" path";

  EXPECT_EQ(config_of(base, {}), base);
}

TEST(Settings, ChangeTheirKeysAndNoOthers) {
  Config base;
  base.descend.probe_every = 4;
  Config wanted = base;
  wanted.descend.keep = 0.95;
  wanted.box.floor = dbm(3);
  wanted.policy = PolicyName::fixed;
  wanted.interfaces = {"wlan0", "wlan1"};

  EXPECT_EQ(config_of(base, {"descend.keep=0.95", "box.floor_dbm=3", "policy=fixed",
                             "interfaces=[wlan0, wlan1]"}),
            wanted);
}

TEST(Settings, OfTheSameKeyTheLastOneHolds) {
  EXPECT_EQ(config_of({}, {"box.floor_dbm=3", "box.floor_dbm=4"}).box.floor, dbm(4));
}

// The floor of the base is 0: a ceiling of 0 is no fault then.
TEST(Settings, AreJudgedTogetherWithTheBase) {
  Config base;
  base.box.floor = dbm(0);

  EXPECT_EQ(config_of(base, {"box.ceiling_dbm=0"}).box.ceiling, dbm(0));
  EXPECT_THAT(errors_of({}, {"box.ceiling_dbm=0"}), ElementsAre(HasSubstr("below the floor")));
}

TEST(Settings, MayNameALawOfTheLaboratory) {
  const policies::LabConfig parf = lab_config_of({}, {"policy=parf", "box.floor_dbm=3"});

  EXPECT_EQ(parf.law, policies::find_law("parf"));
  EXPECT_EQ(parf.config.box.floor, dbm(3));
  EXPECT_EQ(lab_config_of(parf, {"box.floor_dbm=4"}).law, parf.law);
  EXPECT_EQ(lab_config_of(parf, {"policy=fixed"}),
            lab_config_of({}, {"box.floor_dbm=3", "policy=fixed"}));
  EXPECT_THAT(errors_of({}, {"policy=bleus"}),
              ElementsAre(testing::AllOf(HasSubstr("--set: policy: 'bleus' is none of"),
                                         HasSubstr("blues, parf, rrm"))));
}

TEST(Settings, HaveTheErrorsOfTheFile) {
  EXPECT_THAT(
      errors_of({}, {"descend.keep=1.5"}),
      ElementsAre("--set: descend.keep: 1.5 is out of range: a share above 0, up to 1 (90 % "
                  "is 0.9)"));
  EXPECT_THAT(errors_of({}, {"descend.kep=0.5"}),
              ElementsAre("--set: descend.kep: unknown key (did you mean 'keep'?)"));
  EXPECT_THAT(errors_of({}, {"descend.probe.every="}), ElementsAre(HasSubstr("no value")));
}

TEST(Settings, ThatAreNoneAreRefused) {
  for (const std::string setting :
       {"", "=1", "descend.keep", "a b=1", "descend.keep: 1=2", "descend=0.5", "policy.name=x",
        "descend.keep=0.5\nbox: 1", "box.floor_dbm={", "{a}=1", "descend..keep=1"}) {
    EXPECT_THAT(errors_of({}, {setting}), testing::Not(testing::IsEmpty())) << setting;
  }
}

}  // namespace
}  // namespace pianissimo::replay
