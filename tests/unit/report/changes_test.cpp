#include "experiments/report/changes.hpp"

#include <boost/json.hpp>

#include "experiments/report/drawings.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Evidence evidence(int before_mbps, int after_mbps, int level, std::chrono::milliseconds wait = {}) {
  Evidence numbers{.station = station_a,
                   .observed = Throughput::from_kbps(1000 * after_mbps),
                   .reference = Throughput::from_kbps(1000 * before_mbps),
                   .acknowledged_permille = 830,
                   .reference_permille = 985,
                   .level = dbm(level)};
  if (wait > 0ms) numbers.wait = wait;
  numbers.brought = Brought{.asked_before = Throughput::from_kbps(3000),
                            .asked = Throughput::from_kbps(3000),
                            .rate_before = Throughput::from_kbps(400'000),
                            .rate = Throughput::from_kbps(100'000),
                            .disconnections = 2,
                            .roams = 1};
  return numbers;
}

std::string told(double t_s, Reason reason, int power, const Evidence& numbers = {}) {
  return line(t_s, Decision{.at = at(t_s),
                            .knob = knob,
                            .from = dbm(power),
                            .to = dbm(power),
                            .reason = reason,
                            .evidence = numbers});
}

// From 20 to 6 dBm, doubted at 130 s, tried, and found to hurt at 145 s: taken back for a minute.
std::string hurt_lines() {
  return power_line(110, 6) + told(130, Reason::change_doubted, 6, evidence(360, 110, 20, 15s)) +
         power_line(130.1, 20) + told(145, Reason::change_hurt, 20, evidence(368, 108, 20, 60s));
}

/// A run of 300 s whose journal has these lines.
class Changes : public testing::Test {
 protected:
  report::Run run_with(const std::string& lines) const {
    return run_of(folder, 300, truth_lines(100, 101, 20, 74, 45),
                  header_line(99) + up_line(99) + stations_line(100, 50'000) + lines +
                      stations_line(395, 50'000));
  }
  ChangeTable table_of(const std::string& lines) const { return changes_of(run_with(lines)); }
  report::Report report_with(const std::string& lines) const {
    std::vector<report::Run> runs;
    runs.push_back(run_with(lines));
    return make_report(std::move(runs), std::nullopt);
  }
  static std::vector<std::string> cells(const JudgedChange& change, const report::Run& run) {
    std::vector<std::string> all;
    for (const ChangeColumn& column : change_columns()) all.push_back(column.text(change, run));
    return all;
  }
  Folder folder;
};

TEST_F(Changes, AreNoneWhereNothingWasJudged) {
  EXPECT_TRUE(table_of(decision_line(110, Reason::step_down, 20, 19)).empty());
  EXPECT_THAT(terminal_text(report_with(""), false), Not(HasSubstr("lasting")));
}

TEST_F(Changes, AreNoneWithoutAJournal) {
  EXPECT_TRUE(changes_of(run_of(folder, 2, truth_lines(100, 102, 20, 74, 45))).empty());
}

TEST_F(Changes, OneThatHurtIsToldWithThePowersTheNumbersAndWhatFollowed) {
  const report::Run run = run_with(hurt_lines() + told(205, Reason::revert_over, 20) +
                                   power_line(206, 19) + power_line(207, 18));

  const ChangeTable table = changes_of(run);

  ASSERT_EQ(table.shown.size(), 1U);
  EXPECT_THAT(
      cells(table.shown.front(), run),
      ElementsAre("45.0", "wlan0", "20 to 6", "hurt", "taken back until 105 s", "02:00:00:00:01:00",
                  "368.0 to 108.0", "98.5 to 83.0", "400.0 to 100.0", "2 (1)"));
}

TEST_F(Changes, ARevertEndsWhereTheKernelConfirmsALowerPower) {
  // A reload at 160 s forgets the revert.
  const ChangeTable table = table_of(hurt_lines() + power_line(165, 10));

  ASSERT_EQ(table.shown.size(), 1U);
  EXPECT_EQ(table.shown.front().followed, Followed::taken_back);
  EXPECT_EQ(table.shown.front().until, at(165));
}

TEST_F(Changes, ARevertThatOutlivesTheJournalIsToldAsPlanned) {
  const report::Run run = run_with(
      power_line(110, 6) + told(130, Reason::change_doubted, 6, evidence(360, 110, 20)) +
      power_line(130.1, 20) + told(145, Reason::change_hurt, 20, evidence(368, 108, 20, 4h)));

  EXPECT_EQ(cells(changes_of(run).shown.at(0), run).at(4),
            "taken back at least to the end, planned until 14445 s");
}

TEST_F(Changes, ThatThePowerCameBackIsNotSaidUnlessItIsSeen) {
  const ChangeTable table = table_of(
      power_line(110, 6) + told(130, Reason::change_hurt, 6, {.wait = 60s, .level = dbm(20)}));

  ASSERT_EQ(table.shown.size(), 1U);
  EXPECT_EQ(table.shown.front().to, dbm(6));
  EXPECT_EQ(table.shown.front().followed, Followed::not_seen);
}

TEST_F(Changes, ThePowerJudgedInATrialIsTheOneThatWasDoubted) {
  const ChangeTable table = table_of(told(130, Reason::change_doubted, 6, evidence(360, 200, 20)) +
                                     told(145, Reason::change_cleared, 20, evidence(200, 198, 20)) +
                                     told(300, Reason::change_cleared, 20, evidence(200, 198, 20)));

  ASSERT_EQ(table.shown.size(), 2U);
  EXPECT_EQ(table.shown.front().from, dbm(20));
  EXPECT_EQ(table.shown.front().to, dbm(6));
  EXPECT_EQ(table.shown.front().verdict, Verdict::neutral);
  EXPECT_EQ(table.shown.front().followed, Followed::kept);
  EXPECT_EQ(table.shown.back().to, std::nullopt);  // its doubt is not in the journal
}

TEST_F(Changes, ADoubtWithoutAnEndIsOpen) {
  const report::Run run = run_with(told(130, Reason::change_doubted, 6, evidence(360, 110, 20)) +
                                   told(145, Reason::change_undecided, 20, {.level = dbm(20)}) +
                                   told(200, Reason::change_doubted, 8, evidence(360, 120, 20)) +
                                   told(300, Reason::change_helped, 12, evidence(100, 120, 10)) +
                                   told(390, Reason::change_doubted, 5, evidence(360, 90, 20)));

  const ChangeTable table = changes_of(run);

  EXPECT_THAT(table.counts, ElementsAre(1, 0, 0, 3));
  ASSERT_EQ(table.shown.size(), 4U);
  EXPECT_THAT(cells(table.shown.at(0), run),
              ElementsAre("45.0", "wlan0", "20 to 6", "open", "kept", "02:00:00:00:01:00",
                          "360.0 to 110.0", "98.5 to 83.0", "400.0 to 100.0", "2 (1)"));
  EXPECT_EQ(cells(table.shown.at(1), run).at(4), "the trial had no end");
  EXPECT_EQ(table.shown.at(2).verdict, Verdict::helped);
  EXPECT_EQ(table.shown.at(3).to, dbm(5));
}

TEST_F(Changes, OfVeryManyThoseThatHurtAndTheNewestAreShown) {
  std::string lines = hurt_lines();
  for (int i = 0; i < 300; ++i) {
    lines += told(150 + 0.5 * i, Reason::change_neutral, 10, evidence(100, 99, 12));
  }

  const report::Report report = report_with(lines);
  const ChangeTable table = changes_of(report.runs.front().run);
  const std::string terminal = terminal_text(report, false);

  EXPECT_THAT(table.counts, ElementsAre(0, 300, 1, 0));
  EXPECT_EQ(table.shown.size(), most_changes);
  EXPECT_EQ(table.more, 201U);
  EXPECT_EQ(table.shown.front().verdict, Verdict::hurt);  // the oldest of all
  EXPECT_EQ(table.shown.back().at, at(150 + 0.5 * 299));
  EXPECT_THAT(terminal, HasSubstr("and 281 more\n"));
  EXPECT_EQ(json::parse(summary_text(report)).at("runs").at(0).at("changes").at("more").as_int64(),
            201);
}

TEST_F(Changes, AreInTheSummaryTheStoryAndTheTerminal) {
  const report::Report report =
      report_with(hurt_lines() + told(300, Reason::change_neutral, 18, evidence(100, 99, 20)));

  const json::value changes = json::parse(summary_text(report)).at("runs").at(0).at("changes");

  EXPECT_EQ(changes.at("hurt").as_int64(), 1);
  EXPECT_EQ(changes.at("neutral").as_int64(), 1);
  EXPECT_EQ(changes.at("helped").as_int64(), 0);
  EXPECT_EQ(changes.at("open").as_int64(), 0);
  const json::value& hurt = changes.at("list").at(0);
  EXPECT_EQ(hurt.at("t_s").as_int64(), 45);
  EXPECT_EQ(hurt.at("radio").as_string(), "wlan0");
  EXPECT_EQ(hurt.at("from_dbm").as_int64(), 20);
  EXPECT_EQ(hurt.at("to_dbm").as_int64(), 6);
  EXPECT_EQ(hurt.at("verdict").as_string(), "hurt");
  EXPECT_EQ(hurt.at("before_mbps").as_int64(), 368);
  EXPECT_EQ(hurt.at("after_mbps").as_int64(), 108);
  EXPECT_EQ(hurt.at("followed").as_string(), "taken_back");
  EXPECT_EQ(hurt.at("taken_back_until_s").as_int64(), 105);
  EXPECT_TRUE(changes.at("list").at(1).at("taken_back_until_s").is_null());
  EXPECT_THAT(report.runs.front().story,
              HasSubstr("It judged 2 lasting changes of the power by what the stations had before "
                        "and after: 1 made no difference that counts, 1 hurt."));
  EXPECT_THAT(terminal_text(report, false), HasSubstr("daemon, what lasting changes did\n"));
}

TEST_F(Changes, AVerdictIsDrawnOverWhatFollowsFromIt) {
  const report::Report report =
      report_with(hurt_lines() + decision_line(145, Reason::single_level, 20, 20));

  const std::string drawing = draw_time(report.runs.front(), station_a).value_or("");

  const std::size_t verdict = drawing.find("A lasting change of the power hurt");
  const std::size_t after = drawing.find("Only one power is allowed");
  ASSERT_NE(verdict, std::string::npos);
  ASSERT_NE(after, std::string::npos);
  EXPECT_GT(verdict, after);
  EXPECT_THAT(drawing, HasSubstr("lasting change that hurt"));  // in the key
}

TEST_F(Changes, WhatIsPrintedOfThemHasNoControlCharacters) {
  report::Run run = run_with(hurt_lines());
  for (auto& [index, up] : run.journal->interfaces) up.name = "wlan\x1b[2J";
  std::vector<report::Run> runs;
  runs.push_back(std::move(run));

  EXPECT_THAT(terminal_text(make_report(std::move(runs), std::nullopt), false),
              Not(HasSubstr("\x1b")));
}

TEST_F(Changes, ARadioIsCalledByItsInterfaces) {
  Journal journal;
  for (const int index : {3, 4, 5}) {
    InterfaceUp up{.interface = InterfaceIndex{static_cast<std::uint32_t>(index)},
                   .wiphy = WiphyIndex{index == 5 ? 1U : 0U},
                   .name = "wlan" + std::to_string(index)};
    journal.interfaces[up.interface] = up;
  }

  EXPECT_EQ(radio_name(journal, {.kind = KnobKind::wiphy, .wiphy = WiphyIndex{0}}), "wlan3, wlan4");
  EXPECT_EQ(radio_name(journal, {.kind = KnobKind::interface, .interface = InterfaceIndex{5}}),
            "wlan5");
  EXPECT_EQ(radio_name(journal, {.kind = KnobKind::wiphy, .wiphy = WiphyIndex{7}}), "wiphy 7");
  journal.stations[station_a].interface = InterfaceIndex{4};
  EXPECT_EQ(radio_name(journal, {.kind = KnobKind::station, .station = station_a}), "wlan4");
}

}  // namespace
}  // namespace pianissimo::report
