#include "experiments/evaluate/sweep.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>

#include "experiments/report/input.hpp"

namespace pianissimo::evaluate {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

SweptScenario near() {
  const std::string text =
      "description: a test\nduration_s: 3\nwarm_up_s: 1\nstations: [{path_loss: 60}]\n";
  return {std::get<sim::Scenario>(sim::parse_scenario(text, "near.yaml")), text};
}

SweepPlan plan(std::string_view grid = "descend.keep=0.8,0.9") {
  SweepPlan out;
  out.inputs = std::vector{near()};
  out.axes = {std::get<Axis>(parse_axis(grid))};
  out.seeds = 2;
  out.version = "1.0";
  return out;
}

std::vector<SweepRun> runs(const SweepPlan& of) {
  return std::get<std::vector<SweepRun>>(runs_of(of));
}

std::vector<std::string> ids(const SweepPlan& of) {
  std::vector<std::string> out;
  for (const SweepRun& run : runs(of)) out.push_back(run.id);
  return out;
}

class SweepTest : public testing::Test {
 protected:
  SweepTest()
      : path_{std::filesystem::temp_directory_path() /
              ("sweep_" + std::to_string(::getpid()) + "_" +
               testing::UnitTest::GetInstance()->current_test_info()->name())} {
    std::filesystem::remove(path_);
  }
  ~SweepTest() override { std::filesystem::remove(path_); }

  std::map<std::string, boost::json::object> rows() const {
    std::map<std::string, boost::json::object> out;
    std::ifstream in{path_};
    for (std::string line; std::getline(in, line);) {
      const boost::json::value row = boost::json::parse(line);
      out.emplace(row.at("id").as_string(), row.as_object());
    }
    return out;
  }

  std::filesystem::path path_;
};

TEST(SweepRuns, AreSeedsTimesCombinations) {
  EXPECT_THAT(runs(plan()), SizeIs(4));
  EXPECT_THAT(runs(plan("descend.keep=0.8,0.9,0.90")), SizeIs(4));  // 0.9 is 0.90
}

TEST(SweepRuns, MayBeOfLawsThatTheDaemonDoesNotHave) {
  const SweepPlan laws = plan("policy=descend,fixed,blues,parf,blues");

  EXPECT_THAT(runs(laws), SizeIs(8));
}

TEST(SweepRuns, KeepTheirIdsWhateverElseIsInTheGrid) {
  const SweepPlan more = plan("descend.keep=0.7,0.8,0.9,0.95");

  EXPECT_THAT(ids(more), testing::IsSupersetOf(ids(plan())));
}

TEST(SweepRuns, OfAnotherScenarioKeepOrProgramHaveOtherIds) {
  const std::string id = ids(plan()).front();

  SweepPlan other = plan();
  std::get<0>(other.inputs)[0].text += "# another line\n";
  EXPECT_NE(ids(other).front(), id);
  other = plan();
  other.keep = 0.9;
  EXPECT_NE(ids(other).front(), id);
  other = plan();
  other.version = "1.1";
  EXPECT_NE(ids(other).front(), id);
}

TEST(SweepRuns, OfAllShardsAreAllRuns) {
  std::vector<std::string> together;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    SweepPlan part = plan();
    part.shard = {.index = i, .count = 3};
    for (const std::string& id : ids(part)) together.push_back(id);
  }

  EXPECT_THAT(together, testing::UnorderedElementsAreArray(ids(plan())));
}

TEST(SweepRuns, SayWhatTheConfigurationDoesNotTake) {
  const auto result = runs_of(plan("descend.keep=0.8,1.8"));

  ASSERT_TRUE(std::holds_alternative<UsageError>(result));
  EXPECT_THAT(std::get<UsageError>(result).message, HasSubstr("descend.keep"));
}

TEST(SweepRuns, OfAJournalThatIsNotThereAreAnError) {
  SweepPlan journals = plan();
  journals.inputs = SweptJournals{"/no/such/journal.jsonl"};

  EXPECT_THROW(runs_of(journals), report::InputError);
}

TEST_F(SweepTest, WritesARowPerRun) {
  const SweepPlan what = plan();
  RunLog log{path_};

  const SweepResult result = sweep(runs(what), log, 2, {}, [] { return false; });

  EXPECT_TRUE(result.is_whole);
  EXPECT_EQ(result.done, 4U);
  const auto written = rows();
  ASSERT_THAT(written, SizeIs(4));
  const boost::json::object& row = written.at(ids(what).front());
  EXPECT_EQ(row.at("scenario").as_string(), "near");
  EXPECT_EQ(row.at("seed").to_number<int>(), 1);
  EXPECT_EQ(row.at("settings").at("descend.keep").as_string(), "0.8");
  EXPECT_GT(row.at("saved_db").as_double(), 0);
}

TEST_F(SweepTest, GoesOnWhereItStopped) {
  const SweepPlan what = plan();
  {
    RunLog log{path_};
    int asked = 0;
    const auto first = sweep(runs(what), log, 1, {}, [&] { return ++asked > 1; });
    EXPECT_EQ(first.done, 1U);
    EXPECT_FALSE(first.is_whole);
  }
  RunLog log{path_};

  const auto second = sweep(runs(what), log, 2, {}, [] { return false; });

  EXPECT_EQ(second.skipped, 1U);
  EXPECT_EQ(second.done, 3U);
  EXPECT_THAT(rows(), SizeIs(4));
}

TEST_F(SweepTest, GivesTheSameRowsWhateverTheNumberOfJobs) {
  const SweepPlan what = plan();
  RunLog log{path_};
  sweep(runs(what), log, 3, {}, [] { return false; });

  for (const SweepRun& run : runs(what)) {
    EXPECT_EQ(boost::json::parse(run.row()).as_object(), rows().at(run.id));
  }
}

TEST_F(SweepTest, SaysOfAJournalWhatWouldHaveBeenDecided) {
  SweepPlan what = plan("descend.keep=0.5,0.99");
  what.inputs = SweptJournals{GOLDEN_FOLDER "/descends_and_visits.jsonl"};
  RunLog log{path_};

  sweep(runs(what), log, 2, {}, [] { return false; });

  const auto written = rows();
  ASSERT_THAT(written, SizeIs(2));
  for (const auto& [id, row] : written) {
    EXPECT_GT(row.at("events").to_number<int>(), 0);
    EXPECT_TRUE(row.at("counterfactual").is_object());
  }
}

}  // namespace
}  // namespace pianissimo::evaluate
