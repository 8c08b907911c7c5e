// Rotation, restarts, lost and torn lines: what a replay may still call exact.
#include "tests/unit/replay/journals.hpp"

namespace pianissimo::replay {
namespace {

using report::error_of;
using testing::EndsWith;
using testing::HasSubstr;

// Lines of a run in files that each begin with the header, as the daemon's journal has them.
std::filesystem::path write_rotated(const Folder& folder, const std::vector<std::string>& lines,
                                    std::size_t files) {
  const std::size_t share = lines.size() / files + 1;
  for (std::size_t i = 0; i < files; ++i) {
    std::string text = i == 0 ? "" : lines[0] + '\n';
    for (std::size_t n = i * share; n < std::min(lines.size(), (i + 1) * share); ++n) {
      text += lines[n] + '\n';
    }
    const std::size_t age = files - 1 - i;
    folder.write("j" + (age == 0 ? "" : '.' + std::to_string(age)), text);
  }
  return folder / "j";
}

TEST(Recording, GoesOverAllRotatedFilesAsOneRun) {
  const Folder folder;
  const auto lines = lines_of(recorded_text(500));
  // Wherever the files part, also between an event and its decisions.
  for (const std::size_t files : {2U, 3U, 7U, 40U}) {
    const Summary summary = replayed(write_rotated(folder, lines, files));

    EXPECT_EQ(summary.exit_status(), 0) << files;
    EXPECT_EQ(summary.runs, 1U);
    EXPECT_EQ(summary.events, events_in(lines));
    EXPECT_EQ(summary.decisions_equal, summary.decisions_recorded);
  }
}

TEST(Recording, WithoutItsOldestFileCannotBeCompared) {
  const Folder folder;
  const auto journal = write_rotated(folder, lines_of(recorded_text(500)), 3);
  std::filesystem::remove(folder / "j.2");

  const Summary summary = replayed(journal);

  EXPECT_FALSE(summary.difference);
  ASSERT_TRUE(summary.not_exact);
  EXPECT_THAT(summary.not_exact->where, EndsWith("j.1:2"));
  EXPECT_THAT(summary.not_exact->why, HasSubstr("began earlier"));
  EXPECT_EQ(summary.events_not_exact, summary.events);
  EXPECT_EQ(summary.exit_status(), 69);
}

// Where an interface is described again just there, a new core would take it for its beginning.
TEST(Recording, ThatGoesOnWithAnInterfaceHasNotBegunThere) {
  const Folder folder;
  test::RecordedRun run{test::two_stations()};
  run.run(100);
  run.take_text();
  run.add(InterfaceUp{.at = run.now(),
                      .interface = InterfaceIndex{3},
                      .name = "wlan0",
                      .path = KnobKind::interface,
                      .channel_maximum = dbm(17),
                      .found = dbm(20),
                      .power = dbm(17)});
  run.run(100);

  const Summary summary = replayed(folder.write("j", run.header() + run.take_text()));

  EXPECT_EQ(summary.exit_status(), 69);
}

TEST(Recording, ThatBeginsWithADecisionHasLostItsEvent) {
  const Folder folder;
  const auto lines = lines_of(recorded_text(100));
  const std::size_t at = line_with(lines, R"("type":"decision")", 3);

  const Summary summary = replayed(folder.write("j", lines[0] + '\n' + joined(lines, at)));

  EXPECT_EQ(summary.exit_status(), 69);
  EXPECT_FALSE(summary.difference);
}

TEST(Recording, OfARestartedDaemonHasTwoRuns) {
  const Folder folder;
  test::RecordedRun first{test::two_stations()};
  first.run(200);
  auto start = test::two_stations();
  start.at = first.now() + std::chrono::seconds{3};
  test::RecordedRun second{start};
  second.run(200);
  const std::string one = first.take_text();
  const std::string two = second.take_text();

  folder.write("j.1", one);
  const Summary rotated = replayed(folder.write("j", two));
  const Summary in_one_file = replayed(folder.write("both", one + two));

  for (const Summary& summary : {rotated, in_one_file}) {
    EXPECT_EQ(summary.exit_status(), 0);
    EXPECT_EQ(summary.runs, 2U);
    EXPECT_EQ(summary.events, events_in(lines_of(one + two)));
    EXPECT_EQ(summary.decisions_equal, summary.decisions_recorded);
  }
}

TEST(Recording, OfADaemonThatWasKilledEndsWithATornLineAndANewRunBegins) {
  const Folder folder;
  const std::string one = recorded_text(200);
  auto start = test::two_stations();
  start.at += std::chrono::seconds{300};
  test::RecordedRun second{start};
  second.run(200);
  folder.write("j.1", one.substr(0, one.size() - 9));

  const Summary summary = replayed(folder.write("j", second.take_text()));

  EXPECT_EQ(summary.exit_status(), 0);
  EXPECT_EQ(summary.runs, 2U);
  EXPECT_EQ(summary.torn_lines, 1U);
}

TEST(Recording, OfAReconfiguredDaemonIsReplayedWithEachConfiguration) {
  const Folder folder;
  test::RecordedRun first{test::two_stations()};
  first.run(200);
  auto start = test::two_stations();
  start.at = first.now();
  start.config.descend.probe_every = 3;
  start.config.box.floor = dbm(12);
  test::RecordedRun second{start};
  second.run(200);

  const Summary summary = replayed(folder.write("j", first.take_text() + second.take_text()));

  EXPECT_EQ(summary.exit_status(), 0);
  EXPECT_EQ(summary.runs, 2U);
}

// The daemon writes a header for each new interface, too: nothing begins anew there.
TEST(Recording, HeaderOfANewInterfaceIsNoNewRun) {
  const Folder folder;
  test::RecordedRun run{test::two_stations()};
  run.run(100);
  auto header = journal::from_line(lines_of(run.header())[0]);
  auto record = std::get<journal::Record>(header);
  record.at = run.now();
  std::get<journal::Header>(record.what).interfaces.push_back({.name = "wlan1", .index = 4});
  const std::string second_header = to_line(record) + '\n';
  run.add_line(second_header);
  run.add(InterfaceUp{.at = run.now(),
                      .interface = InterfaceIndex{4},
                      .name = "wlan1",
                      .path = KnobKind::interface,
                      .channel_maximum = dbm(20),
                      .found = dbm(20),
                      .power = dbm(20)});
  run.run(100);
  const std::string part = run.take_text();
  run.run(100);

  folder.write("j.1", part);
  const Summary summary = replayed(folder.write("j", second_header + run.take_text()));

  EXPECT_EQ(summary.runs, 1U);
  EXPECT_EQ(summary.exit_status(), 0);
  EXPECT_EQ(summary.events, run.events());
}

TEST(Recording, AfterLostLinesIsNotExact) {
  const Folder folder;
  auto lines = lines_of(recorded_text(300));
  const std::size_t at = line_with(lines, R"("reason":"step_down")", 2);
  lines[at] = R"({"t_ns":1,"wall_ms":1,"type":"lost","lines":1})";

  const Summary summary = replayed(folder.write("j", joined(lines)));

  EXPECT_FALSE(summary.difference);
  ASSERT_TRUE(summary.not_exact);
  EXPECT_THAT(summary.not_exact->where, EndsWith("j:" + std::to_string(at + 1)));
  EXPECT_EQ(summary.not_exact->why, "1 lines were lost");
  EXPECT_EQ(summary.lost_lines, 1U);
  EXPECT_EQ(summary.exit_status(), 69);
}

// Differences before the loss are differences.
TEST(Recording, BeforeLostLinesIsExact) {
  const Folder folder;
  auto lines = lines_of(recorded_text(300));
  const std::size_t at = line_with(lines, R"("reason":"step_down")", 2);
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
  lines.push_back(R"({"t_ns":1,"wall_ms":1,"type":"lost","lines":4})");

  EXPECT_EQ(replayed(folder.write("j", joined(lines))).exit_status(), 65);
}

TEST(Recording, ATornLineBetweenTwoFilesOfOneRunIsALoss) {
  const Folder folder;
  const auto journal = write_rotated(folder, lines_of(recorded_text(300)), 2);
  const std::string older = report::read_text(folder / "j.1");
  folder.write("j.1", older.substr(0, older.size() - 5));

  const Summary summary = replayed(journal);

  EXPECT_EQ(summary.exit_status(), 69);
  EXPECT_EQ(summary.torn_lines, 1U);
  EXPECT_THAT(summary.not_exact->why, HasSubstr("j.1:"));
  EXPECT_THAT(summary.not_exact->why, HasSubstr("is torn"));
}

TEST(Recording, NamesTheLineThatItCannotRead) {
  const Folder folder;
  auto lines = lines_of(recorded_text(100));
  lines[40] = "{]";
  const auto journal = folder.write("j", joined(lines));

  EXPECT_THAT(error_of([&] { replayed(journal); }),
              testing::StartsWith(journal.string() + ":41: not JSON"));
}

TEST(Recording, OfAnotherSchemaIsRefused) {
  const Folder folder;
  auto lines = lines_of(recorded_text(100));
  lines[0].replace(lines[0].find(R"("schema":1)"), 10, R"("schema":2)");
  const auto journal = folder.write("j", joined(lines));

  EXPECT_EQ(error_of([&] { replayed(journal); }),
            journal.string() + ":1: schema: 2, this program reads 1");
}

TEST(Recording, OfARecordThatItDoesNotKnowIsRefused) {
  const Folder folder;
  const auto journal =
      folder.write("j", recorded_text(100) + "{\"t_ns\":1,\"wall_ms\":1,\"type\":\"seance\"}\n");

  EXPECT_THAT(error_of([&] { replayed(journal); }), HasSubstr("'seance' is not a record"));
}

TEST(Recording, NeedsAHeader) {
  const Folder folder;
  const auto lines = lines_of(recorded_text(100));
  const auto journal = folder.write("j", joined(lines, 1));

  EXPECT_EQ(error_of([&] { replayed(journal); }),
            journal.string() + ":1: no header: a journal begins with one");
}

TEST(Recording, ThatIsEmptyIsRefused) {
  const Folder folder;
  const auto journal = folder.write("j", "");

  EXPECT_THAT(error_of([&] { replayed(journal); }), HasSubstr("empty"));
}

TEST(Recording, NamedWithItsOlderFilesIsOneJournal) {
  const Folder folder;
  const auto lines = lines_of(recorded_text(500));
  const auto journal = write_rotated(folder, lines, 3);

  const Summary summary = replay(std::array{folder / "j.1", folder / "j.2", journal, journal}, {});

  EXPECT_EQ(summary.events, events_in(lines));
  EXPECT_EQ(summary.exit_status(), 0);
}

TEST(Recording, JournalsThatAreNamedTogetherAreRunsOfTheirOwn) {
  const Folder folder;

  const Summary summary = replay(
      std::array{folder.write("a", recorded_text(200)), folder.write("b", recorded_text(200))}, {});

  EXPECT_EQ(summary.runs, 2U);
  EXPECT_EQ(summary.exit_status(), 0);
}

}  // namespace
}  // namespace pianissimo::replay
