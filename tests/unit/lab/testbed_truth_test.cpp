#include "experiments/lab/testbed_truth.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::lab {
namespace {

using report::TruthRow;

// Half a second at each of these levels, at a path loss, under a ceiling of 20 dBm.
report::Run testbed_run(const report::Folder& folder, const std::vector<double>& levels,
                        double path_loss_db, const std::string& accelerator = "tcg") {
  std::string truth;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const double from = 100 + 0.5 * static_cast<double>(i);
    truth += report::truth_lines(from, from + 0.5, levels[i], path_loss_db, 40);
  }
  auto run = report::run_of(folder, 0.5 * static_cast<double>(levels.size()), truth,
                            report::up_line(99, 20));
  run.info.accelerator = accelerator;
  return run;
}

const std::vector<TruthRow>& rows_of(const report::Run& run) {
  return run.truth.stations.at(report::station_a);
}

TEST(TestbedTruth, TellsWhatAPowerCostsWhereItCostsSomething) {
  const report::Folder folder;
  auto run = testbed_run(folder, {20, 14}, 84);

  add_capacities(run, nullptr);

  const TruthRow& at_ceiling = rows_of(run).front();
  const TruthRow& below = rows_of(run).back();
  EXPECT_GT(at_ceiling.capacity_mbps.value(), 100);
  EXPECT_EQ(at_ceiling.capacity_mbps, at_ceiling.capacity_at_ceiling_mbps);
  EXPECT_EQ(below.capacity_at_ceiling_mbps, at_ceiling.capacity_at_ceiling_mbps);
  EXPECT_LT(below.capacity_mbps.value(), 0.8 * below.capacity_at_ceiling_mbps.value());
}

TEST(TestbedTruth, ADecibelOfPowerAndOneOfPathLossAndOneOfFadingAreTheSame) {
  const report::Folder folder;
  const report::Folder other;
  auto louder = testbed_run(folder, {17}, 84);
  auto nearer = testbed_run(other, {14}, 81);
  nearer.truth.stations.at(report::station_a).back().path_loss_db = 84;
  nearer.truth.stations.at(report::station_a).back().fading_db = 3;

  add_capacities(louder, nullptr);
  add_capacities(nearer, nullptr);

  EXPECT_EQ(rows_of(louder).front().capacity_mbps, rows_of(nearer).front().capacity_mbps);
  EXPECT_EQ(rows_of(louder).front().capacity_mbps, rows_of(nearer).back().capacity_mbps);
}

TEST(TestbedTruth, KnowsThatAFrameSentAloneCostsMore) {
  const report::Folder folder;
  auto aggregates = testbed_run(folder, {20}, 60);
  auto alone = aggregates;
  alone.info.aggregates = false;

  add_capacities(aggregates, nullptr);
  add_capacities(alone, nullptr);

  EXPECT_LT(*rows_of(alone).front().capacity_mbps, *rows_of(aggregates).front().capacity_mbps / 3);
}

TEST(TestbedTruth, LeavesOtherRunsAsTheyAre) {
  const report::Folder folder;
  auto simulated = testbed_run(folder, {20}, 84, "simulator");

  add_capacities(simulated, nullptr);

  EXPECT_EQ(rows_of(simulated).front().capacity_mbps, std::nullopt);
}

TEST(TestbedTruth, SaysNothingWithoutACeiling) {
  const report::Folder folder;
  auto run = testbed_run(folder, {20}, 84);
  run.journal.reset();

  add_capacities(run, nullptr);

  EXPECT_EQ(rows_of(run).front().capacity_mbps, std::nullopt);
}

}  // namespace
}  // namespace pianissimo::lab
