// The unchanged configuration gives the recorded decisions, or the first difference.
#include "tests/unit/replay/journals.hpp"

namespace pianissimo::replay {
namespace {

using report::error_of;
using report::read_text;
using testing::EndsWith;
using testing::Ge;
using testing::HasSubstr;

class GoldenReplay : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(GoldenReplay, DecidesAsItWas) {
  const Summary summary = replayed(GetParam());

  EXPECT_THAT(summary.decisions_recorded, Ge(5U));
  EXPECT_EQ(summary.decisions_equal, summary.decisions_recorded);
  EXPECT_EQ(summary.decisions_replayed, summary.decisions_recorded);
  EXPECT_EQ(summary.exit_status(), 0);
}

TEST_P(GoldenReplay, WritesTheVeryJournalThatItRead) {
  EXPECT_EQ(written(GetParam()), read_text(GetParam()));
}

// Cut anywhere, a journal is refused or it is a shorter journal: the decisions in it stay right.
TEST_P(GoldenReplay, OfAJournalThatWasCutGivesItsBeginning) {
  const Folder folder;
  const std::string whole = read_text(GetParam());
  const std::string all = written(GetParam());
  std::vector<std::size_t> cuts;
  for (std::size_t cut = 997; cut < whole.size(); cut += 997) cuts.push_back(cut);
  for (std::size_t cut = 0; cut < whole.size(); cut += 211) cuts.push_back(cut);
  for (const std::size_t cut : cuts) {
    const auto journal = folder.write("cut.jsonl", whole.substr(0, cut));
    const bool has_header = whole.find('\n') <= cut;

    const std::string error = error_of([&] { replayed(journal); });

    ASSERT_EQ(error.empty(), has_header) << cut;
    if (!has_header) {
      ASSERT_THAT(error, HasSubstr("cut.jsonl")) << cut;
      continue;
    }
    const Summary summary = replayed(journal);
    ASSERT_EQ(summary.exit_status(), 0) << cut;
    ASSERT_EQ(summary.decisions_equal, summary.decisions_recorded) << cut;
    ASSERT_EQ(summary.torn_lines, whole[cut - 1] == '\n' || whole[cut] == '\n' ? 0U : 1U) << cut;
    const std::string beginning = whole.substr(0, whole.rfind('\n', cut) + 1);
    ASSERT_THAT(all, testing::StartsWith(beginning)) << cut;
    ASSERT_THAT(written(journal), testing::StartsWith(beginning)) << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(Journals, GoldenReplay, testing::ValuesIn(golden_journals()),
                         [](const auto& chosen) { return chosen.param.stem().string(); });

class KnobReplay : public testing::TestWithParam<KnobKind> {};

TEST_P(KnobReplay, OfALongRunDecidesAsItWas) {
  const Folder folder;

  const std::string text = recorded_text(3000, GetParam());

  const Summary summary = replayed(folder.write("j", text));

  EXPECT_EQ(summary.events, events_in(lines_of(text)));
  EXPECT_THAT(summary.decisions_recorded, Ge(50U));
  EXPECT_EQ(summary.decisions_equal, summary.decisions_recorded);
  EXPECT_EQ(summary.exit_status(), 0);
}

INSTANTIATE_TEST_SUITE_P(Knobs, KnobReplay,
                         testing::Values(KnobKind::wiphy, KnobKind::interface, KnobKind::station));

TEST(Replay, ShowsBothSidesOfTheFirstDifference) {
  const Folder folder;
  auto lines = lines_of(recorded_text());
  const std::size_t at = line_with(lines, R"("reason":"step_down")", 2);
  const std::size_t digits = lines[at].find(R"("to_dbm":17)");
  ASSERT_NE(digits, std::string::npos);
  lines[at].replace(digits, 11, R"("to_dbm":16)");

  const Summary summary = replayed(folder.write("j", joined(lines)));

  ASSERT_TRUE(summary.difference);
  EXPECT_THAT(summary.difference->where, EndsWith("j:" + std::to_string(at + 1)));
  EXPECT_THAT(summary.difference->event, EndsWith("j:" + std::to_string(at)));
  EXPECT_THAT(summary.difference->recorded, HasSubstr(R"("to_dbm":16)"));
  EXPECT_THAT(summary.difference->replayed, HasSubstr(R"("to_dbm":17)"));
  EXPECT_EQ(summary.exit_status(), 65);
  EXPECT_EQ(summary.decisions_equal + 1, summary.decisions_recorded);
}

TEST(Replay, ShowsADecisionThatTheRecordingDoesNotHave) {
  const Folder folder;
  auto lines = lines_of(recorded_text());
  const std::size_t at = line_with(lines, R"("reason":"step_down")", 2);
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));

  const Summary summary = replayed(folder.write("j", joined(lines)));

  ASSERT_TRUE(summary.difference);
  EXPECT_THAT(summary.difference->event, EndsWith("j:" + std::to_string(at)));
  EXPECT_EQ(summary.difference->where, "");
  EXPECT_EQ(summary.difference->recorded, "");
  EXPECT_THAT(summary.difference->replayed, HasSubstr(R"("reason":"step_down")"));
  EXPECT_EQ(summary.exit_status(), 65);
}

TEST(Replay, ShowsADecisionThatItDoesNotTake) {
  const Folder folder;
  auto lines = lines_of(recorded_text());
  const std::size_t at = line_with(lines, R"("reason":"step_down")", 2);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), lines[at]);

  const Summary summary = replayed(folder.write("j", joined(lines)));

  ASSERT_TRUE(summary.difference);
  EXPECT_THAT(summary.difference->where, EndsWith("j:" + std::to_string(at + 2)));
  EXPECT_NE(summary.difference->recorded, "");
  EXPECT_EQ(summary.difference->replayed, "");
}

TEST(Replay, SeesAnotherValueOfAReading) {
  const Folder folder;
  auto lines = lines_of(recorded_text());
  const std::size_t at = line_with(lines, R"("reason":"step_down")", 2) - 1;
  const std::size_t digits = lines[at].find("70687000");
  ASSERT_NE(digits, std::string::npos);
  lines[at].replace(digits, 8, "10687000");

  EXPECT_EQ(replayed(folder.write("j", joined(lines))).exit_status(), 65);
}

TEST(Replay, OfAConfigurationOfAnotherProgramIsRefused) {
  const Folder folder;
  auto lines = lines_of(recorded_text());
  lines[0].replace(lines[0].find(R"("policy":"descend")"), 18, R"("policy":"telepath")");
  const auto journal = folder.write("j", joined(lines));

  EXPECT_EQ(error_of([&] { replayed(journal); }),
            journal.string() +
                ":1: the recorded configuration is not one of this program: policy: 'telepath' is "
                "none of anchor, descend, fixed");
}

}  // namespace
}  // namespace pianissimo::replay
