#include "experiments/report/run.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(LoadRun, ReadsWhatTheTestbedLeaves) {
  const Folder folder;
  const auto run =
      run_of(folder, 2, truth_lines(100, 102, 20, 74, 50), header_line(99) + up_line(99),
             R"([{"station": "02:00:00:00:01:00", "received_bytes_per_s": 5}])");

  EXPECT_EQ(run.name, "daemon");
  EXPECT_EQ(run.info.scenario, "step");
  EXPECT_EQ(run.info.kernel, "6.1.0-56-amd64");
  EXPECT_EQ(run.info.aggregates, true);
  EXPECT_EQ(run.info.stations, std::vector{station_a});
  EXPECT_NEAR(run.seconds(), 2, 1e-9);
  EXPECT_EQ(run.traffic->at(station_a), 5);
  EXPECT_TRUE(run.journal);
  EXPECT_EQ(run.truth.stations.at(station_a).size(), 20U);
}

TEST(LoadRun, TakesAJournalAlone) {
  const Folder folder;
  const auto file =
      folder.write("some.jsonl", header_line(50) + up_line(50) + stations_line(53, 1000));

  const auto run = load_run(file);

  EXPECT_EQ(run.name, "some.jsonl");
  EXPECT_EQ(run.info.measured, (Span{at(50), at(53)}));
  EXPECT_EQ(run.info.kernel, "6.1.0");
}

TEST(LoadRun, SaysWhatIsMissingOrWrong) {
  const Folder folder;
  const auto error = [&] { return error_of([&] { load_run(folder.path()); }); };

  EXPECT_THAT(error(), EndsWith("run.json: cannot be read"));
  folder.write("run.json", "{\n\"scenario\": \"step\",\n nonsense }");
  EXPECT_THAT(error(), HasSubstr("run.json:3: not JSON"));
  folder.write("run.json", R"({"scenario": "step", "start_s": 3})");
  EXPECT_THAT(error(), EndsWith("run.json: end_s: a number is needed"));
  folder.write("run.json", R"({"scenario": "step", "start_s": 3, "end_s": 2})");
  EXPECT_THAT(error(), EndsWith("run.json: end_s: not after start_s"));
  folder.write("run.json", run_json(100, 101));
  EXPECT_THAT(error(), EndsWith("neither truth.csv nor journal.jsonl"));
  EXPECT_THAT(error_of([&] { load_run(folder / "nothing"); }), EndsWith("nothing: no such run"));
}

TEST(LoadRun, ItsNameIsTheDirectorysWithoutALabel) {
  const Folder folder;
  std::filesystem::create_directory(folder / "monday");
  folder.write("monday/run.json", R"({"scenario": "step", "start_s": 1, "end_s": 2})");
  folder.write("monday/truth.csv", truth_header);

  EXPECT_EQ(load_run(folder / "monday/").name, "monday");
}

}  // namespace
}  // namespace pianissimo::report
