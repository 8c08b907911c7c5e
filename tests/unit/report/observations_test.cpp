#include "experiments/report/observations.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

JudgedRun judged(Run run) { return std::move(make_report({std::move(run)}, {}).runs.front()); }

TEST(Knee, HasAMedianForEachLevelAndPathLoss) {
  const Folder folder;
  const auto run =
      judged(run_of(folder, 6,
                    truth_lines(100, 102, 20, 74, 60) + truth_lines(102, 104, 10, 74, 40) +
                        truth_lines(104, 106, 10, 84, 20)));

  const StationKnees found = knees_of(run, station_a, nullptr);

  EXPECT_TRUE(found.delivered);
  ASSERT_THAT(found.knees, SizeIs(2));
  EXPECT_EQ(found.knees[0].path_loss, "74 dB");
  ASSERT_THAT(found.knees[0].levels, SizeIs(2));
  EXPECT_EQ(found.knees[0].levels[0].power_dbm, 10);
  EXPECT_NEAR(found.knees[0].levels[0].middle_mbps, 40, 1e-3);
  EXPECT_NEAR(found.knees[0].levels[1].middle_mbps, 60, 1e-3);
  // The first row of a level may hold two: without a journal nobody knows.
  EXPECT_EQ(found.knees[0].levels[0].samples, 19);
  EXPECT_NEAR(found.knees[1].levels[0].middle_mbps, 20, 1e-3);
}

TEST(Knee, HasTheQuartiles) {
  const Folder folder;
  std::string rows = truth_line(100.1, 20, 74, 1);
  for (const double mbps : {10, 20, 30, 40}) {
    rows += truth_line(100.1 + mbps / 100, 20, 74, mbps);
  }
  const auto knees = knees_of(judged(run_of(folder, 1, rows)), station_a, nullptr).knees;

  EXPECT_NEAR(knees.at(0).levels.at(0).low_mbps, 10, 1e-3);
  EXPECT_NEAR(knees.at(0).levels.at(0).middle_mbps, 20, 1e-3);
  EXPECT_NEAR(knees.at(0).levels.at(0).high_mbps, 30, 1e-3);
}

TEST(Knee, LeavesOutWhatAVisitHasTouched) {
  const Folder folder;
  const auto run = judged(run_of(folder, 1, truth_lines(100, 101, 12, 74, 40),
                                 up_line(98) + power_line(99, 12) + stations_line(99.5, 1) +
                                     power_line(100.32, 20) + power_line(100.38, 12) +
                                     power_line(100.82, 20) + power_line(100.88, 12)));

  EXPECT_EQ(knees_of(run, station_a, nullptr).knees.at(0).levels.at(0).samples, 8);
}

TEST(Knee, KnowsFullPowerUnderTheSamePathLoss) {
  const Folder a;
  const Folder b;
  const auto run = judged(run_of(a, 2, truth_lines(100, 102, 10, 74, 40)));
  const auto baseline =
      judged(run_of(b, 4, truth_lines(100, 102, 20, 74, 60) + truth_lines(102, 104, 20, 84, 30)));

  const auto knees = knees_of(run, station_a, &baseline).knees;

  ASSERT_THAT(knees, SizeIs(1));
  EXPECT_NEAR(knees[0].at_full_power_mbps.value(), 60, 1e-3);
}

TEST(Knee, PutsSlicesOfAWalkTogether) {
  const Folder folder;
  std::string rows;
  for (int i = 1; i <= 300; ++i) rows += truth_line(100 + 0.1 * i, 20, 60 + 0.1 * i, 50);

  const auto knees = knees_of(judged(run_of(folder, 30, rows)), station_a, nullptr).knees;

  EXPECT_LE(knees.size(), most_knees);
  int samples = 0;
  for (const Knee& knee : knees) samples += knee.levels.at(0).samples;
  EXPECT_EQ(samples, 299);  // none is lost but the first
}

TEST(Knee, OfAJournalAloneIsWhatWasExpectedAtSettledLevels) {
  const Folder folder;
  const auto file =
      folder.write("a.jsonl", up_line(99) + stations_line(100, 90'000) + power_line(101, 12) +
                                  stations_line(101.05, 90'000) + stations_line(101.2, 50'000));

  const StationKnees found = knees_of(judged(load_run(file)), station_a, nullptr);

  EXPECT_FALSE(found.delivered);
  ASSERT_THAT(found.knees, SizeIs(1));
  ASSERT_THAT(found.knees[0].levels, SizeIs(2));
  EXPECT_EQ(found.knees[0].levels[0].power_dbm, 12);
  EXPECT_EQ(found.knees[0].levels[0].samples, 1);
  EXPECT_NEAR(found.knees[0].levels[0].middle_mbps, 50, 1e-9);
}

TEST(Rates, AreCountedByTheLevelInForce) {
  const Folder folder;
  const auto run = run_of(folder, 2, "",
                          up_line(99) + stations_line(100, 1) + power_line(100.5, 12) +
                              stations_line(101, 1) + stations_line(101.5, 1));

  const RateCounts counts = rate_counts(run, station_a);

  EXPECT_EQ(counts.at(20).at({1, 7}), 1);
  EXPECT_EQ(counts.at(12).at({1, 7}), 2);
}

TEST(RateNames, CountTheStreamsOfEveryGeneration) {
  const Throughput any = Throughput::from_kbps(6'000);
  const auto mcs = [](int index) { return static_cast<std::uint8_t>(index); };

  EXPECT_EQ(to_string(rate_name({.rate = any, .format = RateFormat::ht, .mcs = mcs(12)})),
            "2 x MCS 4");
  EXPECT_EQ(
      to_string(rate_name({.rate = any, .format = RateFormat::he, .mcs = mcs(11), .nss = mcs(2)})),
      "2 x MCS 11");
  EXPECT_EQ(to_string(rate_name({.rate = any})), "legacy 6");
}

TEST(Distributions, AddUpTheWeights) {
  const auto points = distribution({{20, 1}, {10, 2}, {20, 1}, {15, 0}});

  ASSERT_THAT(points, SizeIs(2));
  EXPECT_EQ(points[0].value, 10);
  EXPECT_NEAR(points[0].share, 0.5, 1e-12);
  EXPECT_EQ(points[1].value, 20);
  EXPECT_NEAR(points[1].share, 1, 1e-12);
  EXPECT_THAT(distribution({}), IsEmpty());
}

TEST(PowerTimes, OfAJournalAloneAreThoseConfirmed) {
  const Folder folder;
  const auto run = load_run(folder.write(
      "a.jsonl", up_line(99) + stations_line(100, 1) + power_line(102, 12) + power_line(103, 12)));

  const auto points = distribution(power_times(run));

  ASSERT_THAT(points, SizeIs(2));
  EXPECT_EQ(points[0].value, 12);
  EXPECT_NEAR(points[0].share, 0.25, 1e-9);
}

}  // namespace
}  // namespace pianissimo::report
