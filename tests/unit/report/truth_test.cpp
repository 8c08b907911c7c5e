#include "experiments/report/truth.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr auto first_second = [] { return Span{at(100), at(101)}; };

TEST(Truth, ReadsColumnsByTheirNames) {
  const Folder folder;
  const auto file = folder.write("truth.csv",
                                 "airtime_us,news,delivered_bytes,station,t_s,power_dbm\n"
                                 "500,x,1000,02:00:00:00:01:00,100.1,17.5\n");

  const Truth truth = read_truth(file, first_second());

  const TruthRow& row = truth.stations.at(station_a).at(0);
  EXPECT_EQ(row.airtime_us, 500);
  EXPECT_EQ(row.delivered_bytes, 1000);
  EXPECT_EQ(row.power_dbm, 17.5);
  EXPECT_EQ(row.path_loss_db, std::nullopt);
  EXPECT_EQ(row.capacity_at_ceiling_mbps, std::nullopt);
}

TEST(Truth, OfASimulatorHasTheChannelsCapacities) {
  const Folder folder;
  const auto file = folder.write("truth.csv",
                                 "t_s,station,power_dbm,delivered_bytes,airtime_us,capacity_mbps,"
                                 "capacity_at_ceiling_mbps,lowest_90_dbm\n"
                                 "100.1,02:00:00:00:01:00,17,1000,500,48.5,50.25,9\n");

  const Truth truth = read_truth(file, first_second());

  const TruthRow& row = truth.stations.at(station_a).at(0);
  EXPECT_EQ(row.capacity_mbps, 48.5);
  EXPECT_EQ(row.capacity_at_ceiling_mbps, 50.25);
  EXPECT_EQ(row.enough_dbm, 9);
}

TEST(Truth, ARowCoversTheTimeSinceTheLastOne) {
  const Folder folder;
  const auto file = folder.write(
      "truth.csv", truth_header + truth_line(100.1, 20, 70, 50) + truth_line(100.2, 20, 70, 50) +
                       truth_line(100.35, 20, 70, 50) + truth_line(100.45, 20, 70, 50));

  const auto rows = read_truth(file, first_second()).stations.at(station_a);

  EXPECT_EQ(rows[0].span, (Span{at(100), at(100.1)}));
  EXPECT_EQ(rows[2].span, (Span{at(100.2), at(100.35)}));
}

// Numbers that no medium measures would be drawn, and divided by.
TEST(Truth, HasPlausibleNumbersOnly) {
  const Folder folder;
  const std::string header =
      "t_s,station,power_dbm,delivered_bytes,airtime_us,path_loss_db,frames,lowest_90_dbm,"
      "capacity_mbps,capacity_at_ceiling_mbps\n";
  const std::vector<std::string> good{
      "100.1", "02:00:00:00:01:00", "20", "1", "1", "70", "1", "9", "1", "1"};
  const auto error_with = [&](std::size_t column, const std::string& text) {
    std::string row;
    for (std::size_t i = 0; i < good.size(); ++i) {
      row += (i == 0 ? "" : ",") + (i == column ? text : good[i]);
    }
    const auto file = folder.write("truth.csv", header + row + '\n');
    return error_of([&] { read_truth(file, first_second()); });
  };
  ASSERT_EQ(error_with(0, "100.1"), "");

  for (std::size_t column = 0; column < good.size(); ++column) {
    if (column == 1) continue;
    for (const char* const text : {"1e308", "-1e308", "inf", "nan", "1e16"}) {
      EXPECT_THAT(error_with(column, text), HasSubstr("truth.csv:2: ")) << column << ' ' << text;
    }
  }
  EXPECT_THAT(error_with(2, "10000"), EndsWith("power_dbm: 10000 is not in -100..100"));
  EXPECT_THAT(error_with(4, "1e-308"),
              EndsWith("airtime_us: 1e-308 is neither 0 nor 1e-06 or more"));
  EXPECT_EQ(error_with(4, "0"), "");
}

TEST(Truth, SaysWithoutControlCharactersWhatIsWrong) {
  const Folder folder;
  const auto file = folder.write("truth.csv", truth_header + "1,\x1b[2J,1,1,1,1,1,1,1,1,1\n");

  EXPECT_THAT(error_of([&] { read_truth(file, first_second()); }),
              EndsWith("station: not a MAC address: '?[2J'"));
}

TEST(Truth, WhatIsMissingIsNotFilled) {
  const Folder folder;
  const auto file = folder.write("truth.csv", truth_header + truth_lines(100, 100.3, 20, 70, 50) +
                                                  truth_lines(100.7, 100.9, 10, 70, 50));

  const auto rows = read_truth(file, first_second()).stations.at(station_a);

  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[3].span, (Span{at(100.7), at(100.8)}));
}

TEST(Truth, KeepsOnlyWhatTouchesThePart) {
  const Folder folder;
  const auto file = folder.write("truth.csv", truth_header + truth_lines(99, 102, 20, 70, 50));

  const auto rows = read_truth(file, first_second()).stations.at(station_a);

  EXPECT_EQ(rows.size(), 10U);
  EXPECT_EQ(rows.front().span.end, at(100.1));
}

TEST(Truth, ATornLastLineIsLeftOutAndCounted) {
  const Folder folder;
  const std::string whole = truth_header + truth_line(100.1, 20, 70, 50);
  const std::string next = truth_line(100.2, 20, 70, 50);
  // Even one that looks whole: "1000" may have been "10000".
  for (const std::size_t length : {std::size_t{5}, next.size() - 1}) {
    const auto file = folder.write("truth.csv", whole + next.substr(0, length));

    const Truth truth = read_truth(file, first_second());

    EXPECT_EQ(truth.torn_lines, 1);
    EXPECT_EQ(truth.stations.at(station_a).size(), 1U);
  }
}

TEST(Truth, SaysWhereAFileIsWrong) {
  const Folder folder;
  const auto error = [&](const std::string& text) {
    const auto file = folder.write("truth.csv", text);
    return error_of([&] { read_truth(file, first_second()); });
  };
  const std::string good = truth_line(100.1, 20, 70, 50);

  EXPECT_THAT(error("t_s,station\n"), EndsWith("truth.csv:1: column 'power_dbm' is missing"));
  EXPECT_THAT(error(truth_header + good + "1,2\n"), EndsWith(":3: 2 fields, the header has 11"));
  EXPECT_THAT(error(truth_header + "x" + good), EndsWith(":2: t_s: not a number: 'x100.100000'"));
  EXPECT_THAT(error(truth_header + good + good), HasSubstr(":3: t_s: not after"));
  EXPECT_THAT(error(truth_header + "nan" + good.substr(good.find(','))), HasSubstr("not a number"));
  EXPECT_THAT(error(truth_header + "-1" + good.substr(good.find(','))),
              HasSubstr("t_s: -1 is not in 0..1e+09"));
  EXPECT_THAT(error(""), HasSubstr("empty"));
}

TEST(Truth, WithoutAFileThereIsNoInput) {
  const Folder folder;
  try {
    read_truth(folder / "truth.csv", first_second());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.exit_status(), 66);
  }
}

}  // namespace
}  // namespace pianissimo::report
