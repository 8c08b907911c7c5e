#include "experiments/report/run.hpp"

#include <sys/stat.h>

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

TEST(LoadRun, RefusesALengthThatIsNotPlausible) {
  const Folder folder;
  folder.write("run.json", run_json(0, 999'999'999));

  EXPECT_THAT(error_of([&] { load_run(folder.path()); }),
              HasSubstr("run.json: end_s: a run of 1e+09 s is not plausible"));
}

// Each would have a week of seconds in memory.
TEST(LoadRun, RefusesMoreSecondsOfStationsThanItCanKeep) {
  const Folder folder;
  folder.write("run.json", run_json(0, 600'000));
  std::string truth = truth_header;
  for (int i = 0; i < 4; ++i) {
    truth +=
        truth_line(1, 20, 70, 50, *mac_from_string("02:00:00:00:0" + std::to_string(i) + ":00"));
  }
  folder.write("truth.csv", truth);

  EXPECT_THAT(
      error_of([&] { load_run(folder.path()); }),
      EndsWith("truth.csv: 4 stations for 600000 s: more than 2000000 seconds of stations"));
}

TEST(LoadRun, RefusesThroughputThatIsNotPlausible) {
  const Folder folder;
  folder.write("run.json", run_json(100, 101));
  folder.write("truth.csv", truth_header);
  folder.write("traffic.json",
               R"([{"station": "02:00:00:00:01:00", "received_bytes_per_s": 1e300}])");

  EXPECT_THAT(error_of([&] { load_run(folder.path()); }),
              EndsWith("traffic.json: received_bytes_per_s: not in 0..1e+12"));
}

TEST(Input, IsReadFromRegularFilesOnly) {
  const Folder folder;
  const auto pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);

  for (const std::filesystem::path& path : {std::filesystem::path{"/dev/zero"}, pipe}) {
    EXPECT_EQ(error_of([&] { LineReader{path}; }),
              path.string() + ": cannot be read: not a regular file");
    EXPECT_EQ(error_of([&] { read_text(path); }),
              path.string() + ": cannot be read: not a regular file");
  }
}

TEST(Input, HasABudgetForALine) {
  const Folder folder;
  const auto file =
      folder.write("f", "short\n" + std::string(LineReader::longest_line + 100'000, 'x') + '\n');
  LineReader lines{file};

  EXPECT_EQ(lines.next(), "short");
  EXPECT_THAT(error_of([&] { lines.next(); }), EndsWith("f:2: longer than 16777216 bytes"));
}

TEST(Input, HasABudgetForATextThatIsReadAsAWhole) {
  const Folder folder;

  EXPECT_EQ(read_text(folder.write("f", std::string(largest_text, 'x'))).size(), largest_text);
  EXPECT_THAT(error_of([&] { read_text(folder.write("g", std::string(largest_text + 1, 'x'))); }),
              EndsWith("g: larger than 16777216 bytes"));
}

// Lines of every length around the size of the buffer, the last one without its end.
TEST(Input, GivesEveryLineAsItIs) {
  const Folder folder;
  std::vector<std::string> wanted;
  for (const std::size_t length :
       {0U, 1U, 65'534U, 65'535U, 65'536U, 65'537U, 131'072U, 200'000U, 0U, 3U}) {
    wanted.emplace_back(length, static_cast<char>('a' + wanted.size()));
  }
  std::string text;
  for (const std::string& line : wanted) text += line + '\n';
  text.pop_back();
  LineReader lines{folder.write("f", text)};

  for (std::size_t i = 0; i < wanted.size(); ++i) {
    ASSERT_EQ(lines.next(), wanted[i]) << i;
    EXPECT_EQ(lines.number(), static_cast<int>(i) + 1);
    EXPECT_EQ(lines.unfinished(), i + 1 == wanted.size());
  }
  EXPECT_EQ(lines.next(), std::nullopt);
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
