#include "experiments/report/figure_table.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Report slow_run() {
  const Folder a;
  const Folder b;
  std::vector<report::Run> runs;
  runs.push_back(run_of(a, 2, truth_lines(100, 102, 14, 74, 25), header_line(99) + up_line(99)));
  auto baseline = run_of(b, 2, truth_lines(100, 102, 20, 74, 50));
  baseline.name = "fixed\x1b[2J";
  return make_report(std::move(runs), std::move(baseline));
}

TEST(Terminal, AlignsTheFigures) {
  const std::string text = terminal_text(slow_run(), false);

  EXPECT_THAT(text,
              HasSubstr("mean power saved, dB                       6.00                  0.00\n"));
  EXPECT_THAT(text,
              HasSubstr("throughput retained, %                     50.0                 100.0\n"));
  EXPECT_THAT(text, HasSubstr("74 dB      0-2 s        14.0        6.0"));
}

TEST(Terminal, BeginsWithWhatWasSavedAndKept) {
  EXPECT_THAT(
      terminal_text(slow_run(), false),
      StartsWith("daemon saved 6.0 dB of transmit power on average; the station kept 50.0 % "
                 "of its throughput, and was below 90 % for 100 % of the time, 2 s at the "
                 "longest.\n"));
}

TEST(Terminal, HasTheNeediestStationFirst) {
  const Folder a;
  const Folder b;
  const auto both = [](double power, double mbps_of_b) {
    return truth_lines(100, 102, power, 74, 50) +
           truth_lines(100, 102, power, 74, mbps_of_b, station_b);
  };
  std::vector<report::Run> runs;
  runs.push_back(run_of(a, 2, both(14, 30), header_line(99) + up_line(99)));
  const std::string text =
      terminal_text(make_report(std::move(runs), run_of(b, 2, both(20, 60))), false);

  const std::string table = text.substr(text.find("all stations"));
  EXPECT_THAT(table,
              HasSubstr("02:00:00:00:02:00        6.0         50.0              2           2\n"));
  EXPECT_LT(table.find(to_string(station_b)), table.find(to_string(station_a)));
}

TEST(Terminal, IsPlainWithoutColours) {
  EXPECT_THAT(terminal_text(slow_run(), false), Not(HasSubstr("\x1b")));
}

TEST(Terminal, MarksALossInColour) {
  EXPECT_THAT(terminal_text(slow_run(), true), HasSubstr("\x1b[31m50.0\x1b[0m"));
}

TEST(Terminal, LetsNoNameMoveTheCursor) {
  EXPECT_THAT(terminal_text(slow_run(), true), HasSubstr("fixed?[2J (baseline)"));
}

TEST(NumberText, NeverSaysMinusNothing) {
  EXPECT_EQ(number_text(-0.004, 2), "0.00");
  EXPECT_EQ(number_text(-0.006, 2), "-0.01");
  EXPECT_EQ(number_text(std::nullopt, 2), "-");
}

}  // namespace
}  // namespace pianissimo::report
