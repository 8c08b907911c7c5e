#include "controller/command_line/completions.hpp"

#include <gmock/gmock.h>

#include <CLI/CLI.hpp>

#include "controller/command_line/parse.hpp"

namespace pianissimo::command_line {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Completions : public testing::Test {
 protected:
  Completions() {
    begin(app, "softly", "1.2.3");
    CLI::App* const import = app.add_subcommand("import", "Take in");
    CLI::App* const orca = import->add_subcommand("orca", "Somebody's trace");
    orca->add_option("--law", law, "How")->check(one_of({"anchor", "parf"}));
    orca->add_option("--scenario", scenario, "Where")->type_name("SCENARIO");
    orca->add_option("-o,--output", output, "What it becomes");
    orca->add_flag("--quick", quick, "Sooner");
  }
  CommandText program() const { return text_of(app, {{"SCENARIO", {"door", "walk-by"}}}); }

  CLI::App app;
  std::string law;
  std::string scenario;
  std::string output;
  bool quick = false;
};

TEST_F(Completions, KnowTheValuesOfAnOptionFromItsCheckOrFromAList) {
  const CommandText softly = program();
  const CommandText& orca = softly.commands.at(0).commands.at(0);

  EXPECT_EQ(orca.path, "/import/orca");
  ASSERT_EQ(orca.options.size(), 5u);  // and --help
  EXPECT_THAT(orca.options[1].values, ElementsAre("anchor", "parf"));
  EXPECT_THAT(orca.options[2].values, ElementsAre("door", "walk-by"));
  EXPECT_THAT(orca.options[3].values, IsEmpty());
  EXPECT_FALSE(orca.options[4].takes_value);
}

TEST_F(Completions, OfBashLeaveFilesToTheShell) {
  const std::string bash = bash_completion(program());

  EXPECT_THAT(bash, HasSubstr("'/import/orca --law') words='anchor parf' ;;"));
  EXPECT_THAT(bash, HasSubstr("'/import/orca -o'|'/import/orca --output') return ;;"));
  EXPECT_THAT(bash, HasSubstr("complete -o bashdefault -o default -F _softly softly\n"));
}

TEST_F(Completions, OfFishAndZshQuoteWhatStandsInDescriptions) {
  const std::string trace = "Somebody'\\''s trace'";

  EXPECT_THAT(fish_completion(program()), HasSubstr("-f -a orca -d '" + trace));
  EXPECT_THAT(zsh_completion(program()), HasSubstr("list+=('orca:" + trace + ")"));
}

}  // namespace
}  // namespace pianissimo::command_line
