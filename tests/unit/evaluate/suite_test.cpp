#include "experiments/evaluate/suite.hpp"

#include <gmock/gmock.h>

#include <array>

namespace pianissimo::evaluate {
namespace {

using testing::Gt;
using testing::Lt;
using testing::Optional;

sim::Scenario scenario(const std::string& name, const std::string& yaml) {
  return std::get<sim::Scenario>(sim::parse_scenario(yaml, name + ".yaml"));
}

std::vector<sim::Scenario> two_scenarios() {
  return {
      scenario("near",
               "description: a test\nduration_s: 2\nwarm_up_s: 1\nstations:\n  - path_loss: 60\n"),
      scenario("middling",
               "description: a test\nduration_s: 2\nwarm_up_s: 1\nstations:\n  - path_loss: 74\n")};
}

SuiteOptions options(int jobs) {
  return {.contenders = contender_names(), .seeds = 2, .jobs = jobs};
}

const Row& row_of(const std::vector<Row>& rows, std::string_view scenario,
                  std::string_view contender, double keep) {
  return *std::ranges::find_if(rows, [&](const Row& row) {
    return row.scenario == scenario && row.contender == contender && row.keep == keep;
  });
}

TEST(Evaluate, GivesTheSameTableWhateverTheNumberOfJobs) {
  const auto scenarios = two_scenarios();

  const auto alone = evaluate(scenarios, options(1));
  const auto together = evaluate(scenarios, options(3));

  ASSERT_TRUE(alone && together);
  ASSERT_EQ(alone->size(), together->size());
  for (std::size_t i = 0; i < alone->size(); ++i) {
    EXPECT_EQ((*alone)[i].by_seed, (*together)[i].by_seed) << (*alone)[i].contender;
  }
}

TEST(Evaluate, OrdersTheYardsticksAsTheyMust) {
  SuiteOptions one = options(2);
  one.seeds = 1;
  const auto scenarios = two_scenarios();
  const auto rows = evaluate(std::span{scenarios}.last(1), one);
  ASSERT_TRUE(rows);
  const auto of = [&](std::string_view contender, double keep = 0.97) {
    return row_of(*rows, "middling", contender, keep).by_seed.front();
  };

  EXPECT_THAT(of("fixed-max")[Figure::saved_db], Optional(0.0));
  // All but the knob's 0.3 ms.
  EXPECT_THAT(of("fixed-min")[Figure::saved_db], Optional(testing::DoubleNear(19, 0.01)));
  EXPECT_THAT(of("fixed-min")[Figure::retained], Optional(Lt(0.9)));
  EXPECT_THAT(of("oracle")[Figure::retained], Optional(Gt(0.9)));
  EXPECT_THAT(of("best-fixed")[Figure::capacity_retained_worst], Optional(testing::Ge(0.97)));
  // Whoever gives more away saves at least as much.
  EXPECT_GE(*of("oracle", 0.90)[Figure::saved_db], *of("oracle", 0.97)[Figure::saved_db]);
  EXPECT_GE(*of("best-fixed", 0.90)[Figure::saved_db], *of("best-fixed", 0.97)[Figure::saved_db]);
  // An oracle is on the frontier, but where another one beats it in both.
  EXPECT_THAT(of("oracle")[Figure::oracle_gap_db], Optional(testing::Ge(0.0)));
  // What it leaves unspent, beside itself; and what the ceiling does, beside it.
  EXPECT_THAT(of("oracle")[Figure::unspent_db], Optional(0.0));
  EXPECT_EQ(of("fixed-max")[Figure::unspent_db], of("oracle")[Figure::saved_db]);
  EXPECT_THAT(of("fixed-max")[Figure::harm], Optional(0.0));
  EXPECT_THAT(of("fixed-min")[Figure::harm_90], Optional(Gt(0.9)));
}

TEST(Evaluate, JudgesBitRatesAtTheCeiling) {
  SuiteOptions rates{
      .contenders = {"fixed-max", "rate-slowest", "rate-fixed:9x1"}, .keeps = {0.97}, .seeds = 1};
  rates.gap = false;
  const auto scenarios = two_scenarios();

  const auto rows = evaluate(std::span{scenarios}.first(1), rates).value();

  for (const Row& row : rows) {
    EXPECT_THAT(row.by_seed.front()[Figure::saved_db], Optional(0.0)) << row.contender;
    EXPECT_THAT(row.by_seed.front()[Figure::harm], Optional(0.0)) << row.contender;
  }
  const auto kept = [&](std::size_t row) { return *rows[row].by_seed.front()[Figure::retained]; };
  // Two streams at their fastest beside one stream at its slowest, and at its fastest.
  EXPECT_LT(kept(1), 0.2);
  EXPECT_GT(kept(2), kept(1));
  EXPECT_LT(kept(2), 1);
}

TEST(Evaluate, AnOracleThatLagsLosesOnAMovingChannelAndItsMarginHelps) {
  SuiteOptions late{.contenders = {"oracle", "oracle-late:1", "oracle-late:1+6"},
                    .keeps = {0.97},
                    .seeds = 1,
                    .gap = false};
  const std::array moving{scenario("moving",
                                   "description: a test\nduration_s: 12\nstations:\n"
                                   "  - path_loss: {walk: [[0, 2], [10, 30]]}\n")};

  const auto rows = evaluate(moving, late).value();

  const auto figure = [&](std::size_t row, Figure what) {
    return *rows[row].by_seed.front()[what];
  };
  EXPECT_GT(figure(1, Figure::harm), figure(0, Figure::harm));
  EXPECT_LT(figure(2, Figure::harm), figure(1, Figure::harm));
  EXPECT_LT(figure(2, Figure::saved_db), figure(1, Figure::saved_db));
}

TEST(Evaluate, KnowsItsContenders) {
  for (const std::string& name : contender_names()) EXPECT_TRUE(is_contender(name)) << name;
  EXPECT_TRUE(is_contender("rate-fixed:7"));
  EXPECT_TRUE(is_contender("rate-fixed:7x1"));
  EXPECT_TRUE(is_contender("oracle-late:0.2+1"));
  for (const char* const name : {"", "rate-fixed", "rate-fixed:", "rate-fixed:12", "rate-fastest",
                                 "oracle-late", "oracle-late:"}) {
    EXPECT_FALSE(is_contender(name)) << name;
  }
}

TEST(Evaluate, WithoutTheGapAllElseIsTheSame) {
  SuiteOptions with{.contenders = {"descend", "oracle"}, .seeds = 1, .jobs = 1};
  SuiteOptions without = with;
  without.gap = false;
  const auto scenarios = two_scenarios();

  auto rows = evaluate(scenarios, with).value();
  const auto fewer = evaluate(scenarios, without).value();

  ASSERT_EQ(rows.size(), fewer.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Figures& figures = rows[i].by_seed.front();
    EXPECT_TRUE(figures[Figure::oracle_gap_db]);
    figures[Figure::oracle_gap_db].reset();
    EXPECT_EQ(figures, fewer[i].by_seed.front());
  }
}

TEST(Evaluate, OrdersItsRowsByScenarioKeepAndContender) {
  SuiteOptions two{.contenders = {"rrm", "fixed-max"}, .seeds = 1, .jobs = 2};

  const auto rows = evaluate(two_scenarios(), two);

  ASSERT_TRUE(rows);
  std::vector<std::tuple<std::string, double, std::string>> order;
  for (const Row& row : *rows) order.emplace_back(row.scenario, row.keep, row.contender);
  EXPECT_THAT(order,
              testing::ElementsAre(
                  std::tuple{"near", 0.90, "rrm"}, std::tuple{"near", 0.90, "fixed-max"},
                  std::tuple{"near", 0.97, "rrm"}, std::tuple{"near", 0.97, "fixed-max"},
                  std::tuple{"middling", 0.90, "rrm"}, std::tuple{"middling", 0.90, "fixed-max"},
                  std::tuple{"middling", 0.97, "rrm"}, std::tuple{"middling", 0.97, "fixed-max"}));
}

TEST(Evaluate, StopsWhenItIsAskedTo) {
  SuiteOptions stopped = options(2);
  stopped.stop = [] { return true; };

  EXPECT_EQ(evaluate(two_scenarios(), stopped), std::nullopt);
}

TEST(OverScenarios, IsTheMeanOfThoseThatHaveTheFigure) {
  Figures one;
  one[Figure::saved_db] = 4;
  one[Figure::recovery_s] = 3;
  Figures other;
  other[Figure::saved_db] = 8;

  const auto rows = over_scenarios(std::vector<Row>{
      {"near", "rrm", 0.9, {one}}, {"far", "rrm", 0.9, {other}}, {"far", "rrm", 0.97, {one}}});

  ASSERT_EQ(rows.size(), 2U);
  EXPECT_THAT(rows[0].by_seed.at(0)[Figure::saved_db], Optional(6.0));
  EXPECT_THAT(rows[0].by_seed.at(0)[Figure::recovery_s], Optional(3.0));
  EXPECT_EQ(rows[0].by_seed.at(0)[Figure::harm], std::nullopt);
  EXPECT_THAT(rows[1].by_seed.at(0)[Figure::saved_db], Optional(4.0));
}

}  // namespace
}  // namespace pianissimo::evaluate
