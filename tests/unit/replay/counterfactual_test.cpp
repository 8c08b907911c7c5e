// Other thresholds on the same recording: what they would have decided, and what that rests on.
#include "tests/unit/replay/journals.hpp"

namespace pianissimo::replay {
namespace {

using report::read_text;
using testing::HasSubstr;
using testing::Not;

std::uint64_t on(const Summary& summary, Ground ground) {
  return summary.counterfactual->decisions[static_cast<std::size_t>(ground)];
}

TEST(Counterfactual, WithTheRecordedValueIsTheRecording) {
  const Folder folder;
  const auto journal = folder.write("j", recorded_text());

  const Summary summary = replayed(journal, with({"descend.keep=0.9"}));

  ASSERT_TRUE(summary.counterfactual);
  EXPECT_EQ(on(summary, Ground::recorded), summary.decisions_recorded);
  EXPECT_EQ(summary.counterfactual->unsupported_count(), 0U);
  EXPECT_FALSE(summary.counterfactual->parts);
  EXPECT_FALSE(summary.counterfactual->unsupported);
  EXPECT_EQ(summary.counterfactual->mean_dbm, summary.recorded_mean_dbm);
}

// What the law would have done in 140 years without a reading is no evidence of anything, and would
// be more than any disk holds.
TEST(Counterfactual, LeavesOutASilence) {
  const Folder folder;
  auto lines = lines_of(recorded_text(100));
  const auto late = R"({"t_ns":4500000000000000000,"wall_ms":0,"type":"stations","interface":3,)"
                    R"("complete":true,"stations":[]})";
  lines.emplace_back(late);
  const auto journal = folder.write("j", joined(lines));

  const std::string text = written(journal, with({"box.floor_dbm=17"}));
  const Summary summary = replayed(journal, with({"box.floor_dbm=17"}));

  EXPECT_LT(lines_of(text).size(), 2'000U);
  EXPECT_GT(summary.counterfactual->left_out, std::chrono::hours{24 * 365 * 100});
  EXPECT_THAT(summary_text(summary), HasSubstr("s in which the recording is silent"));
}

// The floor is reached at 17 dBm and 60 readings are the same there; the recording goes on down.
TEST(Counterfactual, IsOnRecordedGroundUntilTheRecordingIsAtAnotherLevel) {
  const Folder folder;
  const std::string text = recorded_text();
  const auto journal = folder.write("j", text);
  const auto lines = lines_of(text);

  const Summary summary = replayed(journal, with({"box.floor_dbm=17"}));

  const auto& other = *summary.counterfactual;
  const std::size_t first_below = line_with(lines, R"("asked_dbm":16)");
  ASSERT_TRUE(other.unsupported);
  // The first reading after the recording went to 16 dBm.
  const std::size_t first_reading =
      first_below +
      line_with({lines.begin() + static_cast<std::ptrdiff_t>(first_below), lines.end()},
                R"("type":"stations")");
  EXPECT_THAT(other.unsupported->where,
              testing::EndsWith("j:" + std::to_string(first_reading + 1)));
  EXPECT_EQ(other.unsupported->why, "this reading was taken at 16 dBm, here 17 dBm are in force");
  EXPECT_GT(on(summary, Ground::recorded), 0U);
  EXPECT_GT(on(summary, Ground::other_level) + on(summary, Ground::after), 0U);
  EXPECT_EQ(on(summary, Ground::never_visited), 0U);
  EXPECT_GE(*other.mean_dbm, 17);
  EXPECT_LT(*summary.recorded_mean_dbm, *other.mean_dbm);
}

// The recording stops at 15 dBm, since the far station loses there; this one goes on.
TEST(Counterfactual, CountsDecisionsAtLevelsThatWereNeverVisited) {
  const Folder folder;
  const auto journal = folder.write("j", recorded_text());

  const Summary summary = replayed(journal, with({"descend.keep=0.5"}));

  EXPECT_GT(on(summary, Ground::never_visited), 5U);
  EXPECT_LT(*summary.counterfactual->mean_dbm, *summary.recorded_mean_dbm);
}

// A journal of its own kind: what the other configuration was told gives what it decided.
class OtherSettings : public testing::TestWithParam<std::string> {};

TEST_P(OtherSettings, GiveAJournalThatReplaysExactly) {
  const Folder folder;
  std::vector<std::filesystem::path> journals = golden_journals();
  for (const KnobKind path : {KnobKind::wiphy, KnobKind::interface, KnobKind::station}) {
    journals.push_back(
        folder.write("knob" + std::to_string(static_cast<int>(path)), recorded_text(600, path)));
  }
  for (const auto& journal : journals) {
    const auto other = folder.write("other", written(journal, with({GetParam()})));

    const Summary summary = replayed(other);

    EXPECT_EQ(summary.exit_status(), 0) << journal << '\n' << summary_text(summary);
    EXPECT_GT(summary.decisions_equal, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Settings, OtherSettings,
                         testing::Values("descend.keep=0.95", "descend.keep=0.4",
                                         "box.floor_dbm=18", "box.ceiling_dbm=17",
                                         "descend.probe.every=2", "descend.step_dwell_ms=400",
                                         "descend.probe.dwell_ms=300", "policy=fixed"),
                         [](const auto& chosen) { return "s" + std::to_string(chosen.index); });

TEST(Counterfactual, NeverLeavesTheBoxOfTheRecording) {
  const Folder folder;
  const auto journal = folder.write("j", recorded_text(600));

  const auto lines = lines_of(written(journal, with({"box.floor_dbm=10", "descend.keep=0.2"})));

  for (const std::string& line : lines) {
    const auto read = journal::from_line(line);
    const auto& record = std::get<journal::Record>(read);
    if (const auto* const decision = std::get_if<Decision>(&record.what)) {
      EXPECT_GE(decision->to, dbm(10));
      EXPECT_LE(decision->to, dbm(20));
    }
  }
}

TEST(Counterfactual, AnswersALevelAsTheRecordingDid) {
  const Folder folder;
  const std::filesystem::path golden =
      std::filesystem::path{GOLDEN_FOLDER} / "kernel_refuses_and_clamps.jsonl";

  // 17 dBm were read back as 14 there.
  const std::string text = written(golden, with({"descend.step_dwell_ms=141"}));

  EXPECT_THAT(text, HasSubstr(R"("asked_dbm":17,"answer":"accepted","read_back_dbm":14)"));
}

TEST(Counterfactual, SaysInItsJournalWhereTheGroundEnds) {
  const Folder folder;
  const auto journal = folder.write("j", recorded_text());

  const std::string text = written(journal, with({"box.floor_dbm=17"}));

  const auto lines = lines_of(text);
  const std::size_t note = line_with(lines, R"("type":"note")");
  EXPECT_THAT(lines[note], HasSubstr("replay: from here on this reading was taken at 16 dBm"));
  EXPECT_THAT(joined(lines, note + 1), Not(HasSubstr(R"("type":"note")")));
  EXPECT_THAT(lines[0], HasSubstr(R"("floor_dbm":17)"));
}

TEST(Counterfactual, ChecksTheRecordingItselfFirst) {
  const Folder folder;
  auto lines = lines_of(recorded_text());
  lines.erase(lines.begin() +
              static_cast<std::ptrdiff_t>(line_with(lines, R"("reason":"step_down")", 2)));

  const Summary summary = replayed(folder.write("j", joined(lines)), with({"box.floor_dbm=17"}));

  EXPECT_EQ(summary.exit_status(), 65);
}

// An imported trace has powers and readings but no law.
TEST(Counterfactual, OfARecordingWithoutALawNeedsOne) {
  const Folder folder;
  auto lines = lines_of(recorded_text());
  std::erase_if(lines, [](const std::string& line) {
    return line.find(R"("type":"decision")") != std::string::npos;
  });
  lines[0].erase(lines[0].find(R"(,"config":)"));
  lines[0] += '}';
  const auto journal = folder.write("j", joined(lines));

  EXPECT_THAT(report::error_of([&] { replayed(journal); }),
              HasSubstr(":1: no configuration was recorded: name one with -c or --set"));
  const Summary summary = replayed(journal, with({"policy=descend"}));
  EXPECT_EQ(summary.exit_status(), 0);
  EXPECT_GT(summary.counterfactual->all(), 10U);
}

TEST(Counterfactual, WithAConfigurationOfItsOwnIgnoresTheRecordedOne) {
  const Folder folder;
  const auto journal = folder.write("j", recorded_text());
  Options options;
  options.config.emplace().policy = PolicyName::fixed;
  options.config->fixed.level = FixedParams::Edge::min;

  const Summary summary = replayed(journal, options);

  EXPECT_LT(*summary.counterfactual->mean_dbm, 1.5);
  EXPECT_TRUE(summary.counterfactual->unsupported);
}

}  // namespace
}  // namespace pianissimo::replay
