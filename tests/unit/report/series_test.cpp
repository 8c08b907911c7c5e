#include "experiments/report/series.hpp"

#include "experiments/report/story.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::pair<double, Figure>> pairs(const Series& series) {
  std::vector<std::pair<double, Figure>> out;
  for (const SeriesPoint& point : series) out.emplace_back(point.t, point.value);
  return out;
}

TEST(LevelInUse, LeavesOutTheVisits) {
  const Folder folder;
  const auto run = run_of(folder, 2, "",
                          up_line(98) + power_line(99, 12) + stations_line(99.5, 50'000) +
                              decision_line(100.5, Reason::visit, 12, 20) + power_line(100.5, 20) +
                              decision_line(100.56, Reason::visit_over, 20, 12) +
                              power_line(100.561, 12) + power_line(101, 11));

  EXPECT_THAT(pairs(level_in_use(run, station_a)),
              ElementsAre(std::pair{0., Figure{12}}, std::pair{1., Figure{11}}));
}

TEST(LevelInUse, LeavesOutAVisitThatTheEndCutsOff) {
  const Folder folder;
  const auto run =
      run_of(folder, 2, "",
             up_line(98) + power_line(99, 12) + stations_line(99.5, 50'000) +
                 decision_line(101.98, Reason::visit, 12, 20) + power_line(101.98, 20));

  EXPECT_THAT(pairs(level_in_use(run, station_a)), ElementsAre(std::pair{0., Figure{12}}));
}

TEST(LevelInUse, IsThatOfTheAirWhereItIsKnown) {
  const Folder folder;
  const auto run =
      run_of(folder, 2, truth_lines(100, 101, 14, 74, 50) + truth_lines(101, 102, 20, 74, 50));

  const auto level = pairs(level_in_use(run, station_a));

  ASSERT_THAT(level, SizeIs(2));
  EXPECT_EQ(level[0].second, 14);
  EXPECT_NEAR(level[1].first, 1, 1e-6);
  EXPECT_EQ(level[1].second, 20);
}

TEST(LevelInUse, IsNotKnownWhileAStationIsElsewhere) {
  const Folder folder;
  const auto run =
      run_of(folder, 6, truth_lines(100, 101, 14, 74, 50) + truth_lines(103, 104, 14, 74, 50));

  const auto level = pairs(level_in_use(run, station_a));

  ASSERT_THAT(level, SizeIs(4));
  EXPECT_EQ(level[1].second, std::nullopt);
  EXPECT_NEAR(level[1].first, 1, 1e-6);
  EXPECT_NEAR(level[2].first, 3, 1e-6);
  EXPECT_EQ(level[3].second, std::nullopt);
}

// Cumulative counters of station A by the driver.
std::string counted_line(double t_s, std::uint64_t bytes, std::int64_t expected_kbps = 80'000) {
  StationSample sample{.station = station_a,
                       .expected_throughput = Throughput::from_kbps(expected_kbps)};
  sample.tx_bytes = bytes;
  return line(t_s, StationReport{at(t_s), InterfaceIndex{3}, {sample}});
}
std::string traffic_line(double t_s, std::uint64_t bytes) {
  return line(
      t_s, TrafficReport{at(t_s), InterfaceIndex{3}, {{.station = station_a, .tx_bytes = bytes}}});
}
std::string source_line(double t_s, TrafficOrigin origin, const std::string& how) {
  return line(t_s, TrafficSourceSet{at(t_s), InterfaceIndex{3}, origin, how});
}

TEST(LoadOfAStation, IsWhatWasOfferedOfWhatWasExpected) {
  const Folder folder;
  // 10 Mbit/s are 10 MB/s: 4 MB in the first second, nothing in the second.
  const auto run = run_of(folder, 2, "",
                          up_line(99) + counted_line(100, 7) + counted_line(100.5, 2'000'007) +
                              counted_line(101, 4'000'007) + counted_line(102, 4'000'007));

  const auto load = load_of(run, station_a);

  ASSERT_THAT(load, SizeIs(2));
  EXPECT_NEAR(load[0].offered_mbps.value(), 32, 1e-9);
  EXPECT_NEAR(load[0].utilisation.value(), 0.4, 1e-9);
  EXPECT_EQ(load[1].offered_mbps, std::nullopt);  // its reading is of the part's end, not inside
}

TEST(LoadOfAStation, ComesFromOurOwnCountersWhenTheyCount) {
  const Folder folder;
  const auto run = run_of(folder, 2, "",
                          up_line(98) + source_line(98.5, TrafficOrigin::bpf, "native XDP") +
                              traffic_line(99.9, 500) + counted_line(99.9, 1'000) +
                              traffic_line(100.9, 1'000'500) + counted_line(100.9, 999'999'999));

  EXPECT_NEAR(load_of(run, station_a).at(0).offered_mbps.value(), 8, 1e-9);
  EXPECT_EQ(counted_by(run, station_a), "bpf (native XDP)");
}

// A year between two readings is a gap, and takes no memory.
TEST(LoadOfAStation, LeavesOutTheTimeInWhichNobodyCounted) {
  const Folder folder;
  const double year = 365.0 * 86'400;
  const auto run = load_run(
      folder.write("j.jsonl", header_line(0) + up_line(0) + counted_line(1, 7) +
                                  counted_line(1.5, 2'000'007) + counted_line(year, 4'000'007)));

  const auto load = load_of(run, station_a);
  const Series expected = expected_of(run.journal->stations.at(station_a), run);

  ASSERT_THAT(load, testing::SizeIs(testing::Le(5U)));
  EXPECT_EQ(load[0].t, 1);
  EXPECT_EQ(load[1].offered_mbps, std::nullopt);
  ASSERT_THAT(expected, SizeIs(4));
  EXPECT_EQ(expected[2].value, std::nullopt);
  EXPECT_NEAR(expected[2].t, 2.5, 1e-9);
  EXPECT_NEAR(expected[3].t, year, 1e-3);
}

TEST(LoadOfAStation, IsEmptyWhereNobodyCounted) {
  const Folder folder;
  const auto run =
      run_of(folder, 2, "", up_line(99) + stations_line(100, 1) + stations_line(101, 1));

  EXPECT_THAT(load_of(run, station_a), IsEmpty());
}

// Each drawing of a station has all the decisions of its knob: a page of 100,000 is none.
TEST(DrawnStations, AreSoManyThatAPageCanHoldThem) {
  const Folder folder;
  StationReport report{at(100), InterfaceIndex{3}, {}};
  for (int i = 0; i < 300; ++i) {
    MacAddress mac = station_a;
    mac.octets[1] = static_cast<std::uint8_t>(i % 256);
    mac.octets[2] = static_cast<std::uint8_t>(i / 256);
    report.stations.push_back({.station = mac});
  }
  std::string journal = header_line(99) + up_line(99) + line(100, report);
  const auto few = run_of(folder, 2, "", journal);
  for (int i = 0; i < 5'000; ++i) journal += decision_line(100.1, Reason::step_down, 20, 19);
  const auto many = run_of(folder, 2, "", journal);

  EXPECT_THAT(drawn_stations(few, judge(few, nullptr)), SizeIs(200));
  EXPECT_THAT(drawn_stations(many, judge(many, nullptr)), SizeIs(59));  // 300,000 / 5,001
  EXPECT_THAT(remarks_on(many, judge(many, nullptr), nullptr),
              testing::Contains("Of 300 stations the 59 neediest are drawn."));
}

// So has each drawing all the limits of its interface.
TEST(DrawnStations, AreFewerWhereTheLimitChangesAllTheTime) {
  const Folder folder;
  StationReport report{at(100), InterfaceIndex{3}, {}};
  for (int i = 0; i < 100; ++i) {
    MacAddress mac = station_a;
    mac.octets[1] = static_cast<std::uint8_t>(i);
    report.stations.push_back({.station = mac});
  }
  std::string journal = header_line(99) + up_line(99) + line(100, report);
  InterfaceUp up{.at = at(100.1), .interface = InterfaceIndex{3}, .name = "wlan0"};
  for (int i = 0; i < 6'000; ++i) {
    up.channel_maximum = up.found = dbm(i % 2 == 0 ? 20 : 17);
    up.power = dbm(10);
    journal += line(100.1, up);
  }

  const auto run = run_of(folder, 2, "", journal);

  EXPECT_THAT(drawn_stations(run, judge(run, nullptr)), SizeIs(testing::Le(50U)));
}

TEST(CountedBy, NamesTheFirstChangesAndCountsTheRest) {
  const Folder folder;
  std::string journal = up_line(99) + counted_line(100, 1);
  for (int i = 0; i < 1'000; ++i) {
    journal += source_line(101, i % 2 == 0 ? TrafficOrigin::bpf : TrafficOrigin::nl80211, "tc");
  }

  const std::string text = counted_by(run_of(folder, 2, "", journal), station_a);

  EXPECT_LT(text.size(), 400U);
  EXPECT_THAT(text, testing::EndsWith(", and 992 more changes"));
}

TEST(CountedBy, CutsALongNameBetweenTwoCharacters) {
  const Folder folder;
  std::string how = "x";
  for (int i = 0; i < 1'000; ++i) how += "\u00e4";
  const auto run =
      run_of(folder, 2, "",
             up_line(99) + counted_line(99.5, 1) + source_line(99.6, TrafficOrigin::bpf, how));

  EXPECT_EQ(counted_by(run, station_a), "bpf (" + how.substr(0, 61) + "...)");
}

TEST(CountedBy, SaysWhenItChanged) {
  const Folder folder;
  const auto run = run_of(
      folder, 2, "", up_line(99) + counted_line(100, 1) + source_line(101, TrafficOrigin::bpf, ""));

  EXPECT_EQ(counted_by(run, station_a), "nl80211, from 1.0 s bpf");
  EXPECT_EQ(counted_by(run, station_b), "");
}

TEST(Enough, IsKnownToASimulatorOnly) {
  const Folder folder;
  folder.write("run.json", run_json(100, 102));
  const std::string rows =
      "100.5,02:00:00:00:01:00,20,1,1,15\n101,02:00:00:00:01:00,20,1,1,15\n"
      "101.5,02:00:00:00:01:00,20,1,1,17\n";
  folder.write("truth.csv",
               "t_s,station,power_dbm,delivered_bytes,airtime_us,lowest_90_dbm\n" + rows);

  const auto enough = pairs(enough_of(load_run(folder.path()), station_a));

  EXPECT_THAT(enough, ElementsAre(std::pair{0., Figure{15}}, std::pair{1., Figure{17}}));
}

TEST(Concerns, OneKnobOnly) {
  const Folder folder;
  const auto run = run_of(folder, 2, "", up_line(99) + stations_line(100, 1));
  const Knob other{.kind = KnobKind::interface, .interface = InterfaceIndex{4}};

  EXPECT_TRUE((Concern{run, station_a}(knob)));
  EXPECT_FALSE((Concern{run, station_a}(other)));
}

}  // namespace
}  // namespace pianissimo::report
