#include "controller/command_line/parse.hpp"

#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace pianissimo::command_line {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// A program like ours: commands, one with commands of its own.
class Parse : public testing::Test {
 protected:
  Parse() {
    begin(app, "softly", "1.2.3");
    app.require_subcommand(1);
    app.footer("Exit status: 0.");
    CLI::App* const status = app.add_subcommand("status", "Say what runs");
    status->add_flag("--json", as_json, "As JSON");
    status->add_option("--state-dir", folder, "Where");
    status->callback([this] { ++runs; });
    CLI::App* const import = app.add_subcommand("import", "Take in");
    import->require_subcommand(1);
    import->add_subcommand("orca", "A trace")
        ->add_option("--law", law)
        ->check(one_of({"anchor", "parf"}));
  }

  // Whether it was understood; what was said is in `out` and `err`.
  bool parse(std::vector<const char*> words) {
    words.insert(words.begin(), "/somewhere/softly");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const bool is_good = command_line::parse(app, static_cast<int>(words.size()), words.data());
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return is_good;
  }

  CLI::App app;
  bool as_json = false;
  int runs = 0;
  std::string folder;
  std::string law;
  std::string out;
  std::string err;
};

class AskedForTheVersion : public Parse, public testing::WithParamInterface<const char*> {};

TEST_P(AskedForTheVersion, SaysItWithTheFeaturesAndRunsNothing) {
  EXPECT_TRUE(parse({GetParam()}));

  EXPECT_THAT(out, StartsWith("softly 1.2.3\nfeatures: "));
  EXPECT_THAT(err, IsEmpty());
  EXPECT_EQ(runs, 0);
}

INSTANTIATE_TEST_SUITE_P(EverySpelling, AskedForTheVersion,
                         testing::Values("--version", "-version", "version", "-v", "-V"));

TEST_F(Parse, RunsWhatWasAskedFor) {
  EXPECT_TRUE(parse({"status", "--json", "--state-dir", "version"}));

  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(as_json);
  EXPECT_EQ(folder, "version");
}

TEST_F(Parse, AMisspeltCommandIsAnsweredWithTheNearestOneAndWithAllOfThem) {
  EXPECT_FALSE(parse({"stat"}));

  EXPECT_THAT(err, HasSubstr("'stat' is no command of softly (did you mean 'status'?): status, "
                             "import\n"));
  EXPECT_THAT(err, HasSubstr("Run `softly --help`"));
  EXPECT_THAT(out, IsEmpty());
}

TEST_F(Parse, AMisspeltCommandBelowAnotherIsAnsweredWithItsOwn) {
  EXPECT_FALSE(parse({"import", "orka"}));

  EXPECT_THAT(err, HasSubstr("'orka' is no command of softly import (did you mean 'orca'?): orca"));
}

TEST_F(Parse, AMisspeltOptionIsAnsweredWithTheNearestOfItsCommand) {
  EXPECT_FALSE(parse({"status", "--jsno"}));

  EXPECT_THAT(err, HasSubstr("'--jsno' is no option of softly status (did you mean '--json'?)"));
  EXPECT_THAT(err, HasSubstr("Run `softly status --help`"));
}

TEST_F(Parse, AMisspeltOptionIsFoundBesideItsValueAndWithOneDash) {
  EXPECT_FALSE(parse({"status", "--state-dri=/run"}));
  EXPECT_THAT(err, HasSubstr("(did you mean '--state-dir'?)"));

  EXPECT_FALSE(parse({"status", "-jason"}));
  EXPECT_THAT(err, HasSubstr("(did you mean '--json'?)"));
}

TEST_F(Parse, WhatResemblesNothingGetsNoSuggestion) {
  EXPECT_FALSE(parse({"status", "--quietly"}));

  EXPECT_THAT(err, HasSubstr("not expected"));
  EXPECT_THAT(err, Not(HasSubstr("did you mean")));
}

TEST_F(Parse, AMisspeltValueIsAnsweredWithTheNearestOneAndWithAllOfThem) {
  EXPECT_FALSE(parse({"import", "orca", "--law", "parff"}));

  EXPECT_THAT(err, HasSubstr("'parff' is no value of it (did you mean 'parf'?): anchor, parf"));
}

TEST_F(Parse, NothingInAMessageIsObeyedByATerminal) {
  EXPECT_FALSE(parse({"\033[2Jx"}));

  EXPECT_THAT(err, HasSubstr("'?[2Jx' is no command"));
  EXPECT_THAT(err, Not(HasSubstr("\033")));
}

TEST_F(Parse, ExamplesStandBeforeTheOptionsAndTheFooterBehindThem) {
  end(*app.get_subcommand("status"), {"softly status --json"}, "Exit status: 0; 69 nobody runs.");

  EXPECT_TRUE(parse({"status", "--help"}));

  const std::size_t examples = out.find("Examples:\n  softly status --json\n");
  const std::size_t options = out.find("--state-dir");
  const std::size_t footer = out.find("Exit status: 0; 69 nobody runs.");
  ASSERT_NE(footer, out.npos);
  EXPECT_LT(examples, options);
  EXPECT_LT(options, footer);
}

TEST_F(Parse, AnEndingIsReadBackAsItWasTold) {
  end(app, {"softly one", "softly two"}, "The end.\nOf it.");

  const Ending ending = ending_of(app);
  EXPECT_THAT(ending.examples, ElementsAre("softly one", "softly two"));
  EXPECT_EQ(ending.footer, "The end.\nOf it.");
  EXPECT_EQ(ending_of(*app.get_subcommand("import")).footer, "Exit status: 0.");
}

}  // namespace
}  // namespace pianissimo::command_line
