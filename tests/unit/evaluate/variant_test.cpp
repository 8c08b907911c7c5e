#include "experiments/evaluate/variant.hpp"

#include <gmock/gmock.h>

#include "experiments/evaluate/suite.hpp"

namespace pianissimo::evaluate {
namespace {

using policies::Observation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Variant variant(std::string_view text) { return std::get<Variant>(parse_variant(text)); }
std::string error(std::string_view text) {
  return std::get<UsageError>(parse_variant(text)).message;
}

TEST(VariantTest, IsANameWithSettingsAndWhatIsHidden) {
  const Variant out = variant("blind:policy=descend,hide=signal+failed,descend.probe.every=20");

  EXPECT_EQ(out.name, "blind");
  EXPECT_THAT(out.settings, ElementsAre("policy=descend", "descend.probe.every=20"));
  EXPECT_THAT(out.hidden, ElementsAre(Observation::signal, Observation::failed));
}

TEST(VariantTest, WithANameAloneIsTheDefaultConfiguration) {
  const Variant out = variant("as-it-is");

  EXPECT_THAT(out.settings, IsEmpty());
  EXPECT_THAT(out.hidden, IsEmpty());
}

TEST(VariantTest, SaysWhatIsWrong) {
  EXPECT_THAT(error(""), HasSubstr("is not NAME:key=value"));
  EXPECT_THAT(error("descend.keep=0.9"), HasSubstr("is not NAME:key=value"));
  EXPECT_THAT(error("a\x1b[2J:descend.keep=0.9"), HasSubstr("is not NAME:key=value"));
  EXPECT_THAT(error("a:"), HasSubstr("is not key=value"));
  EXPECT_THAT(error("a:descend.kep=0.9"), HasSubstr("descend.kep: unknown key"));
  EXPECT_THAT(error("a:hide=signals"),
              HasSubstr("'signals' cannot be hidden, only signal, failed"));
  EXPECT_THAT(error("a:box.floor_dbm=5"), HasSubstr("one box"));
}

TEST(VariantTest, AimsAtTheKeepItIsJudgedBy) {
  const Config config = config_of(variant("a:policy=descend"), 0.97).config;

  EXPECT_EQ(config.descend.keep, 0.97);
  EXPECT_EQ(config.descend.probe_keep, 0.97);
}

TEST(VariantTest, KeepsAKeepThatItsSettingsName) {
  const Config config = config_of(variant("a:policy=descend,descend.keep=0.8"), 0.97).config;

  EXPECT_EQ(config.descend.keep, 0.8);
  EXPECT_EQ(config.descend.probe_keep, 0.97);
}

TEST(VariantTest, MayBeALawOfTheLaboratory) {
  const auto lab = config_of(variant("a:policy=parf,interval_ms=100"), 0.97);

  EXPECT_EQ(law_name(lab), "parf");
  EXPECT_EQ(lab.config.interval, std::chrono::milliseconds{100});
}

std::vector<Row> rows_of(SuiteOptions options) {
  options.seeds = 1;
  const std::vector scenarios{std::get<sim::Scenario>(sim::parse_scenario(
      "description: a test\nduration_s: 10\nwarm_up_s: 1\nstations:\n  - path_loss: 66\n",
      "near.yaml"))};
  return evaluate(scenarios, options).value();
}

TEST(VariantTest, OfNothingIsTheLawItself) {
  const auto rows =
      rows_of({.contenders = {"descend", "same"}, .variants = {variant("same:policy=descend")}});

  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].by_seed, rows[1].by_seed);
  EXPECT_EQ(rows[2].by_seed, rows[3].by_seed);
  EXPECT_NE(rows[1].by_seed, rows[3].by_seed);  // each keep is aimed at
}

TEST(VariantTest, HasItsSettingsAndWhatIsHiddenInEffect) {
  const auto rows = rows_of({.contenders = {"low", "blind"},
                             .variants = {variant("low:policy=fixed,fixed.level=min"),
                                          variant("blind:policy=descend,hide=estimate")},
                             .keeps = {0.90}});

  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NEAR(*rows[0].by_seed.front()[Figure::saved_db], 19, 0.01);
  // All that descend goes by is the estimate.
  EXPECT_EQ(rows[1].by_seed.front()[Figure::saved_db], 0);
}

}  // namespace
}  // namespace pianissimo::evaluate
