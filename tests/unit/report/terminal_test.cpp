#include "experiments/report/figure_table.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::HasSubstr;
using testing::Not;

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
