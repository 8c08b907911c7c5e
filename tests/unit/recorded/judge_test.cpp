#include "experiments/recorded/judge.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "experiments/recorded/figure_table.hpp"
#include "tests/unit/recorded/tables.hpp"

namespace pianissimo::recorded {
namespace {

using namespace std::chrono_literals;

Sample sample(std::int64_t mbps, std::int32_t dbm) {
  return {.throughput = Throughput::from_kbps(1000 * mbps), .receiver_hears = pianissimo::dbm(dbm)};
}

PowerTable three_levels() {
  return {{{dbm(12), {sample(4, -70)}}, {dbm(15), {sample(10, -65)}}, {dbm(20), {sample(8, -63)}}}};
}

TEST(RecordedFigures, AreSharesOfTheRunsTime) {
  const Figures figures = judge(three_levels(),
                                {.delivered_bits = 30e6 * 4 + 60e6 * 10 + 30e6 * 8,
                                 .spent = {{dbm(12), 30s}, {dbm(15), 60s}, {dbm(20), 30s}},
                                 .changes = 6},
                                0.97);

  EXPECT_DOUBLE_EQ(figures.kept, 1.0);
  EXPECT_DOUBLE_EQ(figures.kept_of_best, 0.8);
  EXPECT_DOUBLE_EQ(figures.saved_db, (8.0 + 2 * 5 + 0) / 4);
  EXPECT_DOUBLE_EQ(figures.saved_at_receiver_db, (7.0 + 2 * 2 + 0) / 4);
  EXPECT_DOUBLE_EQ(figures.below_keep, 0.25);
  EXPECT_DOUBLE_EQ(figures.changes_per_minute, 3);
}

JudgeOptions options(std::vector<std::string> laws, int jobs = 1) {
  return {.laws = std::move(laws),
          .keep = 0.97,
          .seeds = 2,
          .jobs = jobs,
          .length = 20s,
          .progress = {},
          .stop = {}};
}

TEST(RecordedJudge, TheBestFixedLevelIsKnownInHindsight) {
  const std::vector<NamedTable> tables{{"three", three_levels()}};
  const auto rows = judge_all(tables, options({"best-fixed"}));

  ASSERT_EQ(rows->size(), 1);
  EXPECT_NEAR(rows->front().by_seed.front().saved_db, 5, 0.001);
  EXPECT_EQ(rows->front().by_seed.front().below_keep, 0);
}

TEST(RecordedJudge, RowsAreTheSameWhateverTheNumberOfJobs) {
  const auto tables = test::recordings();
  const auto one = judge_all(tables, options({"anchor", "parf"}, 1));
  const auto three = judge_all(tables, options({"anchor", "parf"}, 3));

  ASSERT_EQ(one->size(), 2 * tables.size());
  for (std::size_t i = 0; i < one->size(); ++i) {
    EXPECT_EQ((*one)[i].recording, (*three)[i].recording);
    EXPECT_EQ((*one)[i].law, (*three)[i].law);
    EXPECT_EQ((*one)[i].by_seed, (*three)[i].by_seed);
  }
}

TEST(RecordedJudge, StopsWhenItIsAskedTo) {
  JudgeOptions how = options({"fixed-max"});
  how.stop = [] { return true; };

  EXPECT_EQ(judge_all(test::recordings(), how), std::nullopt);
}

TEST(RecordedJudge, TheTotalIsTheMeanOfTheRecordings) {
  const std::vector<Row> rows{{"a", "x", {{.kept = 1.0, .saved_db = 2}, {.kept = 0.5}}},
                              {"a", "y", {{.kept = 0.1}, {.kept = 0.3}}},
                              {"b", "x", {{.kept = 0.8, .saved_db = 6}, {.kept = 0.7}}},
                              {"b", "y", {{.kept = 0.3}, {.kept = 0.3}}}};
  const auto total = over_recordings(rows);

  ASSERT_EQ(total.size(), 2);
  EXPECT_EQ(total[0].law, "x");
  EXPECT_DOUBLE_EQ(total[0].by_seed[0].kept, 0.9);
  EXPECT_DOUBLE_EQ(total[0].by_seed[0].saved_db, 4);
  EXPECT_DOUBLE_EQ(total[0].by_seed[1].kept, 0.6);
  EXPECT_DOUBLE_EQ(total[1].by_seed[0].kept, 0.2);
}

TEST(RecordedTables, ShowEachRecordingAndTheTotal) {
  const std::vector<NamedTable> tables{{"a", three_levels()}, {"b", three_levels()}};
  const JudgeOptions how = options({"fixed-max"});
  const std::vector<Row> rows{{"a", "fixed-max", {{.kept = 1}, {.kept = 1}}},
                              {"b", "fixed-max", {{.kept = 0.5}, {.kept = 0.5}}}};

  const std::string text = markdown_of(tables, rows, how);
  EXPECT_THAT(text, testing::HasSubstr("### All\n\n| law | kept, % |"));
  EXPECT_THAT(text, testing::HasSubstr("| fixed-max | 75.0 ± 0.0 |"));
  EXPECT_THAT(text, testing::HasSubstr("### a\n\n3 levels; ceiling 20 dBm (8.000 Mbit/s); best 15 "
                                       "dBm (10.000 Mbit/s); lowest that keeps 0.97: 15 dBm"));

  const auto json = boost::json::parse(json_of(tables, rows, how)).as_array();
  ASSERT_EQ(json.size(), 3);
  EXPECT_EQ(json[1].at("recording").as_string(), "b");
  EXPECT_EQ(json[1].at("policy").as_string(), "fixed-max");
  EXPECT_EQ(json[1].at("kept").as_double(), 0.5);
  EXPECT_EQ(json[1].at("kept_ci95").as_double(), 0);
  EXPECT_EQ(json[1].at("best_fixed_dbm").as_double(), 15);
  EXPECT_TRUE(json[2].at("recording").is_null());
}

}  // namespace
}  // namespace pianissimo::recorded
