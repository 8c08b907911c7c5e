#include "controller/command_line/manual_page.hpp"

#include <gmock/gmock.h>

#include <CLI/CLI.hpp>

#include "config/parameters.hpp"
#include "controller/command_line/parse.hpp"

namespace pianissimo::command_line {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(ManualPage, HasEveryCommandWithItsOptionsValuesAndDefaults) {
  CLI::App app;
  begin(app, "softly", "1.2.3");
  app.description("Softly: does little");
  std::string law;
  std::string file;
  int seeds = 20;
  CLI::App* const run = app.add_subcommand("run", "Do it");
  run->add_option("FILE", file, "What to do it with")->required();
  run->add_option("-l,--law", law, "How")->check(one_of({"anchor", "parf"}));
  run->add_option("--seeds", seeds, "How often")->capture_default_str();
  end(*run, {"softly run x.yaml"}, "Exit status: 0.");

  const std::string page = manual_page(text_of(app, {}), "1.2.3", {"loudly(1)"});

  EXPECT_THAT(page, HasSubstr(".SH NAME\nsoftly \\- does little\n"));
  EXPECT_THAT(page,
              HasSubstr(".SS \\fBrun\\fR\n\\fBsoftly run\\fR [\\fIOPTIONS\\fR] \\fIFILE\\fR\n"));
  EXPECT_THAT(
      page,
      HasSubstr("\\fB\\-l\\fR, \\fB\\-\\-law\\fR \\fINAME\\fR\nHow.\nOne of: anchor, parf.\n"));
  EXPECT_THAT(page, HasSubstr("How often.\nDefault: 20.\n"));
  EXPECT_THAT(page, HasSubstr(".EX\nsoftly run x.yaml\n.EE\n"));
  EXPECT_THAT(page, HasSubstr("\\fBloudly\\fR(1)\n"));
}

TEST(ManualPage, NothingInATextIsARequestToTheFormatter) {
  CLI::App app;
  begin(app, "softly", "1.2.3");
  app.add_subcommand("run", ".so /etc/passwd\n'br\\n");

  const std::string page = manual_page(text_of(app, {}), "1.2.3", {});

  EXPECT_THAT(page, HasSubstr("\n\\&.so /etc/passwd\n\\&'br\\en.\n"));
  EXPECT_THAT(page, Not(HasSubstr("\n.so")));
}

TEST(ManualPage, OfTheConfigurationHasEveryKeyWithRangeAndDefault) {
  const std::string page = configuration_page("1.2.3");

  EXPECT_THAT(page, HasSubstr(".TP\n\\fBinterval_ms\\fR\n"));
  std::size_t entries = 0;
  for (std::size_t at = 0; (at = page.find("\nRange: ", at)) != page.npos; ++at) ++entries;
  EXPECT_THAT(parameters(), SizeIs(entries));
}

}  // namespace
}  // namespace pianissimo::command_line
