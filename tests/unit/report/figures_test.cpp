#include "experiments/report/figures.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::SizeIs;

// One second each, at these capacities.
std::string seconds_at(const std::vector<double>& capacities, double power = 20,
                       const MacAddress& station = station_a) {
  std::string text;
  for (std::size_t i = 0; i < capacities.size(); ++i) {
    const double from = 100 + static_cast<double>(i);
    text += truth_lines(from, from + 1, power, 74, capacities[i], station);
  }
  return text;
}

// A run of these seconds beside a baseline of those.
RunFigures compared(const std::vector<double>& run, const std::vector<double>& baseline) {
  const Folder a;
  const Folder b;
  const auto length = static_cast<double>(run.size());
  const auto fixed = run_of(b, static_cast<double>(baseline.size()), seconds_at(baseline));
  return judge(run_of(a, length, seconds_at(run)), &fixed);
}

TEST(Saved, WeighsByTime) {
  const Folder folder;
  // 0.2 s at 20 dBm and 0.25 s at 10 dBm under a ceiling of 20 dBm.
  const auto run = run_of(folder, 0.45,
                          truth_line(100.1, 20, 74, 50) + truth_line(100.2, 20, 74, 50) +
                              truth_line(100.35, 10, 74, 50) + truth_line(100.45, 10, 74, 50),
                          up_line(99));

  const RunFigures figures = judge(run, nullptr);

  EXPECT_NEAR(figures.saved_db.value(), 10 * 0.25 / 0.45, 1e-9);
  EXPECT_NEAR(figures.mean_power_dbm.value(), (20 * 0.2 + 10 * 0.25) / 0.45, 1e-9);
  EXPECT_EQ(figures.ceiling_dbm, 20);
}

TEST(Saved, TakesOnlyTheShareOfARowThatIsInside) {
  const Folder folder;
  folder.write("run.json", run_json(100.05, 100.2));
  folder.write("truth.csv", truth_header + truth_line(100, 20, 74, 50) +
                                truth_line(100.1, 14, 74, 50) + truth_line(100.2, 20, 74, 50));
  folder.write("journal.jsonl", up_line(99));

  const RunFigures figures = judge(load_run(folder.path()), nullptr);

  EXPECT_NEAR(figures.saved_db.value(), 6 * 0.05 / 0.15, 1e-9);
}

TEST(Saved, FollowsACeilingThatMoves) {
  const Folder folder;
  const auto run =
      run_of(folder, 1, truth_lines(100, 101, 15, 74, 50), up_line(99, 20) + up_line(100.501, 18));

  // 5 dB for half a second, 3 dB for the other half.
  EXPECT_NEAR(judge(run, nullptr).saved_db.value(), 4, 1e-9);
}

TEST(Saved, WithoutAJournalTheBaselineTellsTheCeiling) {
  const Folder a;
  const Folder b;
  const auto run = run_of(a, 1, seconds_at({50}, 14));
  const auto baseline = run_of(b, 1, seconds_at({50}, 23));

  EXPECT_NEAR(judge(run, &baseline).saved_db.value(), 9, 1e-9);
  EXPECT_EQ(judge(run, &baseline).ceiling_dbm, 23);
  EXPECT_EQ(judge(run, nullptr).saved_db, std::nullopt);
}

TEST(Retained, IsTheRatioOfTheSums) {
  const RunFigures figures = compared({40, 60}, {50, 60});

  EXPECT_NEAR(figures.retained.value(), 100.0 / 110, 1e-6);
  EXPECT_NEAR(figures.retained_worst.value(), 100.0 / 110, 1e-6);
  EXPECT_NEAR(figures.stations[0].capacity.capacity_mbps.value(), 50, 1e-5);
  EXPECT_NEAR(figures.stations[0].capacity.baseline_capacity_mbps.value(), 55, 1e-5);
}

TEST(Retained, PooledWeighsByAirtime) {
  const Folder a;
  const Folder b;
  // Nine rows at 40 Mbit/s and one at 60: each of 1 ms of airtime.
  const auto run = run_of(a, 1, truth_lines(100, 100.9, 20, 74, 40) + truth_line(101, 20, 74, 60));
  const auto baseline = run_of(b, 1, seconds_at({60}));

  EXPECT_NEAR(judge(run, &baseline).retained_pooled.value(), 42.0 / 60, 1e-6);
}

TEST(Retained, ComparesOnlySecondsThatBothHave) {
  const RunFigures figures = compared({40, 60, 1, 1}, {50, 60});

  EXPECT_NEAR(figures.retained.value(), 100.0 / 110, 1e-6);
}

TEST(Retained, WithoutABaselineIsNotKnown) {
  const Folder folder;
  const RunFigures figures = judge(run_of(folder, 1, seconds_at({50}), up_line(99)), nullptr);

  EXPECT_EQ(figures.retained, std::nullopt);
  EXPECT_EQ(figures.below_share, std::nullopt);
  EXPECT_EQ(figures.longest_below_s, std::nullopt);
  EXPECT_EQ(figures.received_ratio, std::nullopt);
}

TEST(Retained, WithSeveralStationsIsTheirMeanAndTheWorst) {
  const Folder a;
  const Folder b;
  const auto run = run_of(a, 1, seconds_at({50}) + seconds_at({30}, 20, station_b));
  const auto baseline = run_of(b, 1, seconds_at({50}) + seconds_at({60}, 20, station_b));

  const RunFigures figures = judge(run, &baseline);

  EXPECT_NEAR(figures.retained.value(), 0.75, 1e-6);
  EXPECT_NEAR(figures.retained_worst.value(), 0.5, 1e-6);
  EXPECT_EQ(figures.below_share, 1);  // one of them is enough
}

TEST(Harm, CountsSecondsBelowAndTheLongestSpell) {
  const RunFigures figures =
      compared({89, 91, 50, 89.9, 89, 100, 20, 10}, {100, 100, 100, 100, 100, 100, 100, 100});

  EXPECT_DOUBLE_EQ(figures.below_share.value(), 6.0 / 8);
  EXPECT_EQ(figures.longest_below_s, 3);
}

TEST(Harm, ASecondWithoutTrafficIsNoLoss) {
  const Folder a;
  const Folder b;
  const auto run =
      run_of(a, 3, truth_lines(100, 101, 20, 74, 10) + truth_lines(102, 103, 20, 74, 10));
  const auto baseline = run_of(b, 3, seconds_at({50, 50, 50}));

  const RunFigures figures = judge(run, &baseline);

  EXPECT_EQ(figures.below_share, 1);  // of the two that can be compared
  EXPECT_EQ(figures.longest_below_s, 1);
}

TEST(PhasesOfARun, HaveFiguresOfTheirOwn) {
  const Folder a;
  const Folder b;
  const auto run = run_of(
      a, 4, truth_lines(100, 102, 12, 74, 45) + truth_lines(102, 104, 12, 84, 10), up_line(99));
  const auto baseline =
      run_of(b, 4, truth_lines(100, 102, 20, 74, 50) + truth_lines(102, 104, 20, 84, 40));

  const auto phases = judge(run, &baseline).stations[0].phases;

  ASSERT_THAT(phases, SizeIs(2));
  EXPECT_NEAR(phases[0].capacity.retained.value(), 0.9, 1e-6);
  EXPECT_NEAR(phases[1].capacity.retained.value(), 0.25, 1e-6);
  EXPECT_NEAR(phases[1].saved_db.value(), 8, 1e-9);
  EXPECT_EQ(phases[1].capacity.below_s, 2);
  EXPECT_NEAR(phases[1].seconds, 2, 1e-9);
}

// A visit that lasts so long from answer to answer.
std::string visit_lines(double t_s, double length_s, Reason outcome = Reason::visit_passed) {
  return decision_line(t_s, Reason::visit, 12, 20) + power_line(t_s, 20) +
         decision_line(t_s + 0.06, Reason::visit_over, 20, 12) + power_line(t_s + length_s, 12) +
         decision_line(t_s + length_s + 0.001, outcome, 12, 12);
}

TEST(VisitFigures, AreTheDistanceFromTheConfiguredLength) {
  const Folder folder;
  const auto run =
      run_of(folder, 3, "",
             header_line(99) + up_line(99) + power_line(99.5, 12) + visit_lines(100.1, 0.0605) +
                 visit_lines(101.1, 0.064) + visit_lines(102.1, 0.0601, Reason::visit_failed));

  const RunFigures figures = judge(run, nullptr);

  EXPECT_EQ(figures.visits, 3);
  EXPECT_EQ(figures.visits_unmeasured, 0);
  EXPECT_EQ(figures.visit_nominal_ms, 60);
  EXPECT_NEAR(figures.visit_error_ms_p50.value(), 0.5, 1e-6);
  EXPECT_NEAR(figures.visit_error_ms_p99.value(), 4, 1e-6);
  EXPECT_NEAR(figures.visit_share.value(), 0.1846 / 3, 1e-9);
  EXPECT_EQ(figures.restarts, 1);
  EXPECT_NEAR(figures.changes_per_minute.value(), 6 * 20, 1e-9);
  EXPECT_EQ(figures.decisions.at("visit_over"), 3);
}

TEST(VisitFigures, WithoutVisitsAreNotKnown) {
  const Folder folder;
  const RunFigures figures = judge(run_of(folder, 1, "", header_line(99) + up_line(99)), nullptr);

  EXPECT_EQ(figures.visits, 0);
  EXPECT_EQ(figures.visit_error_ms_p99, std::nullopt);
}

TEST(VisitFigures, WithoutAJournalAreNotKnown) {
  const Folder folder;
  const RunFigures figures = judge(run_of(folder, 1, seconds_at({50})), nullptr);

  EXPECT_EQ(figures.visits, std::nullopt);
  EXPECT_EQ(figures.restarts, std::nullopt);
  EXPECT_EQ(figures.changes_per_minute, std::nullopt);
}

TEST(VisitFigures, WithoutAHeaderHaveNoError) {
  const Folder folder;
  const RunFigures figures =
      judge(run_of(folder, 1, "", up_line(99) + visit_lines(100.1, 0.061)), nullptr);

  EXPECT_EQ(figures.visits, 1);
  EXPECT_EQ(figures.visit_error_ms_p99, std::nullopt);
}

TEST(Unexplained, IsAPowerThatNobodyConfirmed) {
  const Folder folder;
  // 14 dBm is confirmed; in 3 of 10 samples the air says 20.
  const auto run =
      run_of(folder, 1, truth_lines(100, 100.7, 14, 74, 50) + truth_lines(100.7, 101, 20, 74, 50),
             up_line(98) + power_line(99, 14) + stations_line(99.5, 50'000));

  EXPECT_NEAR(judge(run, nullptr).unexplained_share.value(), 0.3, 1e-9);
}

TEST(Unexplained, ASampleBesideAChangeProvesNothing) {
  const Folder folder;
  const auto run =
      run_of(folder, 1, truth_lines(100, 100.5, 20, 74, 50) + truth_lines(100.5, 101, 14, 74, 50),
             up_line(98) + stations_line(99.5, 50'000) + power_line(100.49, 14));

  EXPECT_EQ(judge(run, nullptr).unexplained_share, 0);
}

// The rate control of the run had a bad second, that of the baseline had none: the power is the
// same.
TEST(PowerRetained, IsOfTheTruthAloneBesideABaselineToo) {
  const Folder a;
  const Folder b;
  auto run = run_of(a, 4, seconds_at({50, 20, 50, 50}));
  const auto baseline = run_of(b, 4, seconds_at({50, 50, 50, 50}));
  std::vector<TruthRow>& rows = run.truth.stations.at(station_a);
  for (TruthRow& row : rows) {
    const bool is_low = row.span.end > at(102.05);
    row.capacity_mbps = is_low ? 48 : 60;
    row.capacity_at_ceiling_mbps = 60;
  }

  const RunFigures figures = judge(run, &baseline);

  EXPECT_NEAR(figures.retained.value(), 170.0 / 200, 1e-6);
  EXPECT_NEAR(figures.power_retained.value(), 216.0 / 240, 1e-6);
  EXPECT_EQ(figures.power_retained_worst, figures.power_retained);
  EXPECT_EQ(figures.power_below_share, 0.5);
  EXPECT_EQ(figures.power_longest_below_s, 2);
  EXPECT_EQ(figures.longest_below_s, 1);
}

TEST(PowerRetained, IsAbsentWhereTheTruthTellsNoCapacity) {
  const RunFigures figures = compared({40, 60}, {50, 60});

  EXPECT_EQ(figures.power_retained, std::nullopt);
  EXPECT_EQ(figures.power_longest_below_s, std::nullopt);
}

TEST(Received, IsComparedByStation) {
  const Folder a;
  const Folder b;
  const auto traffic = [](int bytes) {
    return R"([{"station": "02:00:00:00:01:00", "received_bytes_per_s": )" + std::to_string(bytes) +
           "}]";
  };
  const auto run = run_of(a, 1, seconds_at({50}), "", traffic(900'000));
  const auto baseline = run_of(b, 1, seconds_at({50}), "", traffic(1'000'000));

  const RunFigures figures = judge(run, &baseline);

  EXPECT_NEAR(figures.received_ratio.value(), 0.9, 1e-9);
  EXPECT_NEAR(figures.stations[0].received_mbps.value(), 7.2, 1e-9);
}

TEST(Percentile, IsTheNearestRank) {
  EXPECT_EQ(percentile({}, 0.5), std::nullopt);
  EXPECT_EQ(percentile({3}, 0.99), 3);
  EXPECT_EQ(percentile({4, 1, 3, 2}, 0.5), 2);
  EXPECT_EQ(percentile({4, 1, 3, 2}, 0.51), 3);
  EXPECT_EQ(percentile({4, 1, 3, 2}, 0.99), 4);
}

}  // namespace
}  // namespace pianissimo::report
