#include "experiments/report/drawings.hpp"

#include "experiments/report/time_panels.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Run full_run(const Folder& folder) {
  return run_of(folder, 2, truth_lines(100, 102, 14, 74, 45),
                header_line(99) + up_line(99) + power_line(99.5, 14) + stations_line(100, 50'000) +
                    decision_line(100.05, Reason::step_down, 15, 14) +
                    decision_line(100.1, Reason::visit, 14, 20) + power_line(100.1, 20) +
                    decision_line(100.16, Reason::visit_over, 20, 14) + power_line(100.161, 14) +
                    decision_line(100.17, Reason::visit_passed, 14, 14) +
                    stations_line(101.5, 48'000));
}

std::vector<std::string> names(const Report& report) {
  std::vector<std::string> all;
  for (const Drawing& drawing : drawings_of(report)) all.push_back(file_name(drawing, report));
  return all;
}

const Drawing& drawing(const std::vector<Drawing>& all, DrawingKind kind) {
  return *std::ranges::find(all, kind, &Drawing::kind);
}

TEST(Drawings, OfOneRunAreNamedByIt) {
  const Folder folder;
  std::vector<report::Run> runs;
  runs.push_back(full_run(folder));

  EXPECT_THAT(names(make_report(std::move(runs), {})),
              testing::UnorderedElementsAre("power", "throughput", "time-daemon", "knee-daemon",
                                            "rates-daemon"));
}

TEST(Drawings, OfSeveralRunsAreTogetherToo) {
  const Folder a;
  const Folder b;
  std::vector<report::Run> runs;
  runs.push_back(full_run(a));
  runs.push_back(full_run(b));
  runs.back().name = "../x <y>";

  const auto all = names(make_report(std::move(runs), {}));

  EXPECT_THAT(all, Contains("runs-020000000100"));
  EXPECT_THAT(all, Contains("time-1-daemon"));
  EXPECT_THAT(all, Contains("time-2-..-x-y"));  // never a path
}

TEST(Drawings, ShowVisitsAndDecisionsWithTheirReasons) {
  const Folder folder;
  std::vector<report::Run> runs;
  runs.push_back(full_run(folder));

  const auto all = drawings_of(make_report(std::move(runs), {}));

  const std::string& svg = drawing(all, DrawingKind::time).svg;
  EXPECT_THAT(svg, HasSubstr("0.10 s, from 14 dBm, 61.0 ms: The visit showed no loss: go on."));
  EXPECT_THAT(svg, HasSubstr("0.05 s, 15 to 14 dBm: Nobody lost throughput: a step down"));
  EXPECT_THAT(svg, HasSubstr("path loss 74 dB"));
  EXPECT_THAT(drawing(all, DrawingKind::knee).svg, HasSubstr("14 dBm: median 45.0 Mbit/s"));
  EXPECT_THAT(drawing(all, DrawingKind::rates).svg, HasSubstr("1 x MCS 7"));
}

TEST(Drawings, CompareWithTheBaseline) {
  const Folder a;
  const Folder b;
  std::vector<report::Run> runs;
  runs.push_back(full_run(a));
  auto baseline = run_of(b, 2, truth_lines(100, 102, 20, 74, 60));
  baseline.name = "ceiling";

  const auto all = drawings_of(make_report(std::move(runs), std::move(baseline)));

  EXPECT_THAT(drawing(all, DrawingKind::power).svg, HasSubstr("ceiling (baseline)"));
  EXPECT_THAT(drawing(all, DrawingKind::throughput).svg, HasSubstr("ceiling (baseline)"));
  EXPECT_THAT(drawing(all, DrawingKind::time).svg, HasSubstr("below 90 % of full power"));
}

TEST(Drawings, HoldNoMarkupOfNames) {
  const Folder a;
  const Folder b;
  std::vector<report::Run> runs;
  runs.push_back(full_run(a));
  runs.push_back(full_run(b));
  runs.front().name = "<script>alert(1)</script>";

  for (const Drawing& one : drawings_of(make_report(std::move(runs), {}))) {
    EXPECT_THAT(one.svg, Not(HasSubstr("<script")));
    EXPECT_THAT(one.caption, Not(HasSubstr("<script")));
  }
}

TEST(Drawings, OfNothingAreNone) {
  const Folder folder;
  std::vector<report::Run> runs;
  runs.push_back(load_run(folder.write("a.jsonl", header_line(99) + header_line(100))));

  EXPECT_THAT(drawings_of(make_report(std::move(runs), {})), IsEmpty());
}

TEST(SteppedPath, HoldsALevelUntilTheNext) {
  const Scale x{0, 10, 0, 100};
  const Scale y{0, 10, 100, 0};

  EXPECT_EQ(stepped_path({{0, 5}, {4, 2}}, 10, x, y), "M0 50H40V80H100");
}

TEST(SteppedPath, HasAGapWhereNothingIsKnown) {
  const Scale x{0, 10, 0, 100};
  const Scale y{0, 10, 100, 0};

  EXPECT_EQ(stepped_path({{0, 5}, {2, std::nullopt}, {4, 2}}, 10, x, y), "M0 50H20M40 80H100");
  EXPECT_EQ(stepped_path({{0, std::nullopt}}, 10, x, y), "");
}

TEST(SteppedPath, KeepsTheExtremesOfOnePixel) {
  const Scale x{0, 10, 0, 100};
  const Scale y{0, 10, 100, 0};
  Series many;
  for (int i = 0; i < 1000; ++i) many.push_back({5 + 1e-5 * i, 5});
  many[300].value = 1;
  many[600].value = 9;

  EXPECT_EQ(stepped_path(many, 10, x, y), "M50 50V90V10V50H100");
}

TEST(NamesOfRuns, AreToldApartByTheirPlace) {
  const Folder folder;
  for (const char* const ap : {"ap1", "ap2"}) {
    std::filesystem::create_directory(folder / ap);
    folder.write(std::string{ap} + "/run.json", run_json(100, 101));
    folder.write(std::string{ap} + "/truth.csv", truth_header + truth_line(100.5, 20, 74, 1));
  }
  std::vector<report::Run> runs;
  for (const char* const ap : {"ap1", "ap2", "ap2"}) runs.push_back(load_run(folder / ap));

  const Report report = make_report(std::move(runs), {});

  EXPECT_EQ(report.runs[0].run.name, "daemon (ap1)");
  EXPECT_EQ(report.runs[1].run.name, "daemon (ap2)");
  EXPECT_EQ(report.runs[2].run.name, "daemon (ap2) #2");
}

}  // namespace
}  // namespace pianissimo::report
