#include "experiments/report/story.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Story : public testing::Test {
 protected:
  // 74 dB for five seconds, then 84 dB; the run stays at 12 dBm and loses.
  report::Run slow() const {
    return run_of(run_folder, 10,
                  truth_lines(100, 105, 12, 74, 49) + truth_lines(105, 110, 12, 84, 20),
                  header_line(99) + up_line(99) + power_line(99.9, 12));
  }
  report::Run full_power() const {
    return run_of(baseline_folder, 10,
                  truth_lines(100, 105, 20, 74, 50) + truth_lines(105, 110, 20, 84, 40));
  }
  // 40 Mbit/s were delivered; the truth tells what the channel would have carried.
  report::Run simulated(double capacity, double at_ceiling) const {
    auto run =
        run_of(run_folder, 10, truth_lines(100, 110, 12, 74, 40), header_line(99) + up_line(99));
    for (auto& [station, rows] : run.truth.stations) {
      for (TruthRow& row : rows) {
        row.capacity_mbps = capacity;
        row.capacity_at_ceiling_mbps = at_ceiling;
      }
    }
    return run;
  }
  Folder run_folder;
  Folder baseline_folder;
};

TEST_F(Story, TellsWhatWasSavedAndWhatItCost) {
  const auto run = slow();
  const auto baseline = full_power();

  const std::string story = story_of(run, judge(run, &baseline), &baseline);

  EXPECT_THAT(
      story, StartsWith("daemon saved 8.0 dB of transmit power on average; the station kept 76.7 % "
                        "of its throughput, and was below 90 % for 50 % of the time, 5 s at the "
                        "longest. Full power is 20 dBm. What it gives was measured in the run"));
  EXPECT_THAT(story, StartsWith(headline_of(run, judge(run, &baseline)) + " Full"));
}

TEST_F(Story, NamesTheLawWhereNobodyGaveTheRunALabel) {
  auto run = slow();
  run.info.label.clear();

  EXPECT_THAT(headline_of(run, judge(run, nullptr)), StartsWith("descend saved 8.0 dB"));
}

TEST_F(Story, OfSeveralStationsTellsOfTheNeediest) {
  const auto both = [](double power, double mbps_of_b) {
    return truth_lines(100, 110, power, 74, 50) +
           truth_lines(100, 110, power, 74, mbps_of_b, station_b);
  };
  const auto run = run_of(run_folder, 10, both(12, 48), header_line(99) + up_line(99));
  const auto baseline = run_of(baseline_folder, 10, both(20, 50));

  EXPECT_EQ(headline_of(run, judge(run, &baseline)),
            "daemon saved 8.0 dB of transmit power on average; the neediest station kept 96.0 % of "
            "its throughput, and no station was ever below 90 %.");
}

TEST_F(Story, OfASimulatedRunNeedsNoBaseline) {
  const auto run = simulated(45, 50);

  const RunFigures figures = judge(run, nullptr);
  const std::string story = story_of(run, figures, nullptr);

  EXPECT_EQ(figures.yardstick, Yardstick::own_truth);
  EXPECT_THAT(story,
              StartsWith("daemon saved 8.0 dB of transmit power on average; the station kept "
                         "90.0 % of its throughput, and was never below 90 %."));
  EXPECT_THAT(story, HasSubstr("known from the run's own truth"));
  EXPECT_THAT(remarks_on(run, figures, nullptr), IsEmpty());
}

TEST_F(Story, OfASimulatedRunWithABaselineIsAboutTheBaseline) {
  const auto run = simulated(45, 50);
  const auto baseline = run_of(baseline_folder, 10, truth_lines(100, 110, 20, 74, 50));

  const RunFigures figures = judge(run, &baseline);

  EXPECT_EQ(figures.yardstick, Yardstick::baseline);
  EXPECT_NEAR(figures.retained.value(), 0.8, 1e-6);
}

TEST_F(Story, SaysThatItStayedTooLow) {
  const auto run = slow();
  const auto baseline = full_power();

  const std::string story = story_of(run, judge(run, &baseline), &baseline);

  EXPECT_THAT(story, HasSubstr("path loss rose by 10 dB at 5 s, it stayed too low: throughput was "
                               "below 90 % for 5 of the following 5 seconds"));
}

TEST_F(Story, OfFullPowerClaimsNoSaving) {
  const auto baseline = full_power();

  const std::string story = story_of(baseline, judge(baseline, &baseline), &baseline);

  EXPECT_THAT(story, HasSubstr(" stayed at full power; the station kept 100.0 %"));
  EXPECT_THAT(story, HasSubstr("was never below 90 %"));
  EXPECT_THAT(story, HasSubstr("throughput held"));
  EXPECT_THAT(story, HasSubstr("no journal"));
}

TEST_F(Story, WithoutABaselineClaimsNoThroughput) {
  const auto run = slow();

  const std::string story = story_of(run, judge(run, nullptr), nullptr);

  EXPECT_THAT(story,
              HasSubstr("is not known. Full power is 20 dBm. There is no run at full power"));
  EXPECT_THAT(story, Not(HasSubstr("path loss rose")));
}

TEST_F(Story, OfChecksThatSawNothingSaysSo) {
  auto run = slow();
  const auto baseline = full_power();
  for (int i = 0; i < 3; ++i) {
    const Instant began = at(101 + i);
    run.journal->visits.push_back({.decided = began, .began = began, .ended = began + 60ms});
  }

  const std::string story = story_of(run, judge(run, &baseline), &baseline);

  EXPECT_THAT(story, HasSubstr("visited the ceiling 3 times to check, for 60 ms each; no visit "
                               "showed a loss. So the checks saw next to nothing"));
}

// Other laws' visits go to powers of their own.
TEST_F(Story, OfVisitsThatAreNotTheDaemonsClaimsNoCeilingAndNoVerdict) {
  auto run = slow();
  run.info.label.clear();
  run.journal->header->config = R"({"policy":"blues","descend":{"probe":{"dwell_ms":60}}})";
  run.journal->visits.push_back({.decided = at(101), .began = at(101), .ended = at(101) + 60ms});

  const std::string story = story_of(run, judge(run, nullptr), nullptr);

  EXPECT_THAT(story, HasSubstr("blues saved"));
  EXPECT_THAT(story, HasSubstr("It went up 1 time to compare."));
  EXPECT_THAT(story, Not(HasSubstr("no visit showed a loss")));
}

TEST_F(Story, RemarksAreWhatMustBeKnownFirst) {
  const auto run = slow();
  const auto baseline = full_power();

  EXPECT_THAT(remarks_on(run, judge(run, &baseline), &baseline), IsEmpty());
  EXPECT_THAT(remarks_on(run, judge(run, nullptr), nullptr), Contains(HasSubstr("No baseline")));
  EXPECT_THAT(remarks_on(baseline, judge(baseline, nullptr), nullptr),
              Contains(HasSubstr("No journal")));
}

TEST_F(Story, RemarksOnGapsInTheTruth) {
  const auto run =
      run_of(run_folder, 10, truth_lines(100, 104, 20, 74, 50) + truth_lines(106, 110, 20, 74, 50));

  EXPECT_THAT(remarks_on(run, judge(run, nullptr), nullptr),
              Contains(HasSubstr("misses 2.0 s of station 02:00:00:00:01:00")));
}

TEST_F(Story, RemarksOnDamage) {
  auto run = slow();
  auto baseline = full_power();
  run.journal->lost_lines = 3;
  run.truth.torn_lines = 1;
  run.journal->config_changed = true;
  baseline.info.scenario = "walk";
  baseline.info.aggregates = false;
  RunFigures figures = judge(run, &baseline);
  figures.unexplained_share = 0.25;

  const auto remarks = remarks_on(run, figures, &baseline);

  EXPECT_THAT(remarks, Contains(HasSubstr("lost 3 lines")));
  EXPECT_THAT(remarks, Contains(HasSubstr("1 torn line ")));
  EXPECT_THAT(remarks, Contains(HasSubstr("configuration changed")));
  EXPECT_THAT(remarks, Contains(HasSubstr("another scenario: 'walk'")));
  EXPECT_THAT(remarks, Contains(HasSubstr("aggregates")));
  EXPECT_THAT(remarks, Contains(HasSubstr("25.0 % of the samples")));
}

}  // namespace
}  // namespace pianissimo::report
