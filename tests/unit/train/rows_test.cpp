// Windows of simulated runs and what is true of them.
#include "experiments/train/rows.hpp"

#include <gmock/gmock.h>

#include "controller/policy/fixed.hpp"

namespace pianissimo::train {
namespace {

std::vector<Row> rows_with(const std::string& station) {
  const auto parsed = sim::parse_scenario(
      "description: A test.\nduration_s: 10\nstations:\n  - {" + station + "}\n", "test.yaml");
  const auto* const scenario = std::get_if<sim::Scenario>(&parsed);
  if (scenario == nullptr) {
    ADD_FAILURE() << std::get<sim::ScenarioError>(parsed).message;
    return {};
  }
  return rows_of(*scenario, 1, [] { return make_fixed({}); });
}

TEST(Rows, AreTwoInASecond) {
  const auto rows = rows_with("path_loss: 60");

  EXPECT_GE(rows.size(), 18u);
  EXPECT_LE(rows.size(), 20u);
}

TEST(Rows, OfTheFullBufferAreSaturated) {
  EXPECT_THAT(rows_with("path_loss: 60"), Each(testing::Field(&Row::truth, LoadClass::saturated)));
}

TEST(Rows, OfACameraAreLight) {
  EXPECT_THAT(rows_with("path_loss: 60, traffic: {frames_per_second: 300}"),
              Each(testing::Field(&Row::truth, LoadClass::light)));
}

TEST(Rows, OfAStreamThatDoesNotFitAreSaturatedOnceTheQueueIsFull) {
  const auto rows = rows_with("path_loss: 101, traffic: {frames_per_second: 20000}");

  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.back().truth, LoadClass::saturated);
}

TEST(Rows, OfAPhoneInAPocketAreIdle) {
  EXPECT_THAT(rows_with("path_loss: 60, traffic: idle"),
              Each(testing::Field(&Row::truth, LoadClass::idle)));
}

TEST(Rows, TellThePacketsOfTheWindow) {
  // 300 frames a second come evenly, and all of them are sent at once: 150 in half a second, and
  // one more or less at the ends, and those that an aggregate held back.
  for (const Row& row : rows_with("path_loss: 56, traffic: {frames_per_second: 300}")) {
    EXPECT_NEAR(row.features[static_cast<std::size_t>(Feature::packets)], 150, 5);
  }
}

TEST(Rows, AreTheSameWithTheSameSeed) {
  const auto first = rows_with("path_loss: 70, traffic: web");
  const auto second = rows_with("path_loss: 70, traffic: web");

  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].features, second[i].features);
}

}  // namespace
}  // namespace pianissimo::train
