#include "experiments/recorded/power_table.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/unit/recorded/tables.hpp"

namespace pianissimo::recorded {
namespace {

using testing::ElementsAre;

Sample sample(std::int64_t bps, std::int32_t dbm = -60) {
  return {.throughput = Throughput::from_bps(bps), .receiver_hears = pianissimo::dbm(dbm)};
}

std::optional<CsvError> read(std::string_view text, TableReader& reader) {
  std::istringstream in{std::string{text}};
  for (std::string line; std::getline(in, line);) {
    if (auto error = reader.take(line)) return error;
  }
  return reader.finish();
}

TEST(PowerTable, AMeanIsOfTheSamplesAndAMedianTheMiddleOne) {
  EXPECT_EQ(mean_throughput({sample(1), sample(2), sample(6)}).bps(), 3);
  EXPECT_EQ(median_throughput({sample(6), sample(1), sample(2)}).bps(), 2);
  EXPECT_EQ(median_throughput({sample(6), sample(1), sample(2), sample(5)}).bps(), 3);
  EXPECT_EQ(mean_signal({sample(1, -60), sample(1, -63)}), -61.5);
}

TEST(PowerTable, TheLowestLevelThatKeepsMayLieBelowOneThatDoesNot) {
  const PowerTable table{{{dbm(12), {sample(50)}},
                          {dbm(13), {sample(98)}},
                          {dbm(14), {sample(96)}},
                          {dbm(20), {sample(100)}}}};

  EXPECT_EQ(lowest_level_that_keeps(table, 0.97), dbm(13));
  EXPECT_EQ(lowest_level_that_keeps(table, 0.99), dbm(20));
}

TEST(PowerTable, TheBestLevelNeedNotBeTheHighest) {
  EXPECT_EQ(best_level({{{dbm(12), {sample(5)}},
                         {dbm(13), {sample(9)}},
                         {dbm(14), {sample(9)}},
                         {dbm(20), {sample(8)}}}}),
            dbm(13));
}

TEST(PowerTable, IsReadBackToTheDigit) {
  PowerTable table = test::record(test::uneven_knob(), test::far_db);
  table.levels[dbm(14)].front().sender_hears.reset();
  table.levels[dbm(14)].front().receiver_power.reset();
  std::ostringstream out;
  write(out, table);

  TableReader reader{table_names};
  EXPECT_EQ(read(out.str(), reader), std::nullopt);

  EXPECT_EQ(reader.table(), table);
  EXPECT_TRUE(out.str().starts_with(table_header));
}

TEST(PowerTable, IsWrittenByLevelInTheOrderOfTheRecording) {
  TableReader reader{table_names};
  ASSERT_EQ(read("level_dbm,throughput_bps,drop_percent,receiver_hears_dbm\r\n"
                 "13,2500000.4,0.5,-61\r\n"
                 "12,1000000,0,-64.25\r\n"
                 "13,1500000,1,-62\r\n",
                 reader),
            std::nullopt);
  std::ostringstream out;
  write(out, reader.table());

  EXPECT_EQ(out.str(), std::string{table_header} +
                           "12,1000000,0,-64.25,,\n"
                           "13,2500000,0.5,-61,,\n"
                           "13,1500000,1,-62,,\n");
}

TEST(PowerTable, TheSummaryShowsTheKnobsSteps) {
  const PowerTable table{{{dbm(12), {sample(1'000'000, -64)}},
                          {dbm(13), {sample(2'000'000, -61), sample(4'000'000, -62)}},
                          {dbm(15), {sample(3'000'000, -62)}}}};

  EXPECT_EQ(summary(table),
            "  level    rows  median Mbit/s  signal dBm  step dB\n"
            " 12 dBm       1          1.000       -64.0         \n"
            " 13 dBm       2          3.000       -61.5     +2.5\n"
            " 15 dBm       1          3.000       -62.0     -0.5\n");
}

TEST(TableReader, WithoutACompleteRowThereIsNoTable) {
  TableReader empty{table_names};
  TableReader header{table_names};
  TableReader incomplete{table_names};

  EXPECT_EQ(read("", empty), (CsvError{1, "empty"}));
  EXPECT_EQ(read(table_header, header), (CsvError{1, "no complete row"}));
  EXPECT_EQ(read(std::string{table_header} + "12,,1,-60,,\n", incomplete),
            (CsvError{1, "no complete row"}));
  EXPECT_EQ(incomplete.incomplete(), 1);
}

TEST(TableReader, HasARangeForEachColumn) {
  const auto said = [](std::string_view row) {
    TableReader reader{table_names};
    const auto error = read(std::string{table_header}.append(row), reader);
    return error ? error->message : "";
  };

  EXPECT_EQ(said("37,1,0,-60,-60,20"), "level_dbm: 37 is not within 0..36");
  EXPECT_EQ(said("12.5,1,0,-60,-60,20"), "level_dbm: 12.5 is not whole");
  EXPECT_EQ(said("12,-1,0,-60,-60,20"), "throughput_bps: -1 is not within 0..100000000000");
  EXPECT_EQ(said("12,1,101,-60,-60,20"), "drop_percent: 101 is not within 0..100");
  EXPECT_EQ(said("12,1,0,21,-60,20"), "receiver_hears_dbm: 21 is not within -120..20");
  EXPECT_EQ(said("12,1,0,-60,-121,20"), "sender_hears_dbm: -121 is not within -120..20");
  EXPECT_EQ(said("12,1,0,-60,-60,-1"), "receiver_power_dbm: -1 is not within 0..36");
  EXPECT_EQ(said("12,1,0,-60,-60,20"), "");
}

TEST(TableReader, TakesNoMoreRowsThanItsBudget) {
  TableReader reader{table_names};
  EXPECT_EQ(reader.take("level_dbm,throughput_bps,drop_percent,receiver_hears_dbm"), std::nullopt);
  for (std::uint64_t i = 0; i < TableReader::most_rows; ++i) {
    ASSERT_EQ(reader.take("12,1,0,-60"), std::nullopt);
  }

  EXPECT_EQ(reader.take("12,1,,-60"), std::nullopt);
  EXPECT_EQ(reader.take("12,1,0,-60"),
            (CsvError{1, "more than 250000 rows: cut the recording in parts"}));
}

}  // namespace
}  // namespace pianissimo::recorded
