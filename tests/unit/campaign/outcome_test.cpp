#include <gmock/gmock.h>

#include "experiments/campaign/outcome.hpp"

namespace pianissimo::campaign {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

report::Run run_that_received(double bytes_per_s) {
  report::Run run;
  run.info.measured = {Instant{}, Instant{std::chrono::seconds{60}}};
  run.traffic = {{*mac_from_string("02:00:00:00:01:00"), bytes_per_s}};
  return run;
}

TEST(CampaignFigures, ThroughputIsKeptBesideTheBlocksFullPower) {
  const report::Run full = run_that_received(1'000'000);
  const report::Run quiet = run_that_received(900'000);

  const Figures figures = figures_of(quiet, &full);

  EXPECT_DOUBLE_EQ(*figures.received_mbps, 7.2);
  EXPECT_DOUBLE_EQ(*figures.kept, 0.9);
  EXPECT_FALSE(figures.saved_db);  // there is no journal
}

TEST(CampaignFigures, NothingIsKeptBesideNothing) {
  const report::Run full = run_that_received(0);

  EXPECT_FALSE(figures_of(run_that_received(900'000), &full).kept);
  EXPECT_FALSE(figures_of(run_that_received(900'000), nullptr).kept);
}

TEST(CampaignFigures, RetriesAreOfTheMeasuredPartAlone) {
  report::Run run = run_that_received(1'000'000);
  run.journal.emplace();
  report::JournalStation& station = run.journal->stations[*mac_from_string("02:00:00:00:01:00")];
  station.first = {.tx_bytes = 0, .tx_packets = 1000, .tx_retries = 500, .tx_failed = 0};
  station.last = {.tx_bytes = 0, .tx_packets = 1300, .tx_retries = 600, .tx_failed = 0};

  EXPECT_DOUBLE_EQ(*figures_of(run, nullptr).retries, 100. / 400);
}

Outcome outcome(const std::string& law, int block, double kept, std::optional<double> saved) {
  return {.place = "table",
          .access_point = "attic",
          .law = law,
          .block = block,
          .figures = {.received_mbps = 10 * kept,
                      .kept = kept,
                      .saved_db = saved,
                      .retries = {},
                      .changes_per_minute = 0}};
}

const std::vector<Outcome> outcomes{outcome("fixed-max", 1, 1, 0), outcome("anchor", 1, 0.96, 5),
                                    outcome("fixed-max", 2, 1, 0), outcome("anchor", 2, 1.0, 7)};

TEST(CampaignTable, IsTheMeanOverBlocksWithItsInterval) {
  const auto rows = rows_of(outcomes);

  ASSERT_EQ(rows.size(), 2U);
  const auto saved = rows[1].spread(figure_names()[2]);
  EXPECT_DOUBLE_EQ(saved->mean, 6);
  // Student's t of one degree of freedom, 12.706, times the standard error, 1.
  EXPECT_NEAR(*saved->ci95, 12.706, 1e-3);
}

TEST(CampaignTable, LeavesEmptyWhatWasNotMeasured) {
  EXPECT_EQ(runs_csv(std::vector{outcome("anchor", 1, 0.5, std::nullopt)}),
            "place,access_point,law,block,received_mbps,kept,saved_db,retries,changes_per_minute\n"
            "table,attic,anchor,1,5,0.5,,,0\n");
  const std::string rows = campaign_csv(rows_of(std::vector{outcome("anchor", 1, 0.5, 3)}));
  EXPECT_THAT(rows, HasSubstr("\ntable,attic,anchor,1,5,,0.5,,3,,,,0,\n"));
  EXPECT_THAT(rows, StartsWith(campaign_csv_mark));
}

TEST(CampaignTable, IsToBeRead) {
  const std::string text = campaign_markdown(rows_of(outcomes));

  EXPECT_THAT(text,
              StartsWith("### table, attic\n\n| law | blocks | received, Mbit/s | kept, % |"));
  EXPECT_THAT(text,
              HasSubstr("\n| fixed-max | 2 | 10.00 ± 0.00 | 100.0 ± 0.0 | 0.00 ± 0.00 | - |"));
}

}  // namespace
}  // namespace pianissimo::campaign
