#include "experiments/report/journal.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::SizeIs;

const Span part{at(100), at(101)};

TEST(ReadJournal, KeepsWhatIsInsideThePart) {
  const Folder folder;
  const auto file =
      folder.write("journal.jsonl", header_line(99) + up_line(99) + stations_line(99.9, 1000) +
                                        stations_line(100, 2000) + stations_line(100.9, 3000) +
                                        stations_line(101, 4000));

  const Journal journal = read_journal(file, part);

  const auto& readings = journal.stations.at(station_a).readings;
  ASSERT_THAT(readings, SizeIs(2));
  EXPECT_EQ(readings[0].expected, Throughput::from_kbps(2000));
  EXPECT_EQ(journal.header->kernel, "6.1.0");
  EXPECT_EQ(journal.records, 6U);
}

TEST(ReadJournal, KnowsThePowerFromBeforeThePart) {
  const Folder folder;
  const auto file =
      folder.write("journal.jsonl", header_line(98) + up_line(98) + stations_line(98.5, 1000) +
                                        power_line(99, 15) + power_line(100.5, 14));

  const Journal journal = read_journal(file, part);

  const LevelSteps& steps = journal.power.at(journal.knob_of(station_a).value());
  EXPECT_THAT(steps, ElementsAre(LevelStep{at(98), dbm(20)}, LevelStep{at(99), dbm(15)},
                                 LevelStep{at(100.5), dbm(14)}));
  EXPECT_EQ(level_at(steps, at(97)), std::nullopt);
  EXPECT_EQ(level_at(steps, at(100)), dbm(15));
  EXPECT_EQ(level_at(steps, at(100.5)), dbm(14));
}

TEST(ReadJournal, ARefusedPowerIsNotInForce) {
  const Folder folder;
  const std::string refused = line(100.1, PowerResult{.at = at(100.1),
                                                      .knob = knob,
                                                      .asked = dbm(10),
                                                      .answer = PowerAnswer::busy,
                                                      .error = 16});
  const auto file = folder.write("journal.jsonl", up_line(99) + refused);

  EXPECT_THAT(read_journal(file, part).power.at(knob), SizeIs(1));
}

TEST(ReadJournal, ReadsRotatedFilesOldestFirst) {
  const Folder folder;
  folder.write("journal.jsonl.2", header_line(99) + up_line(99));
  folder.write("journal.jsonl.1", header_line(99) + power_line(100.1, 19));
  const auto file = folder.write("journal.jsonl", header_line(99) + power_line(100.2, 18));

  const LevelSteps steps = read_journal(file, part).power.at(knob);

  EXPECT_EQ(level_at(steps, at(100.15)), dbm(19));
  EXPECT_EQ(level_at(steps, at(100.25)), dbm(18));
}

TEST(ReadJournal, ATornLastLineIsLeftOutAndCounted) {
  const Folder folder;
  const auto file = folder.write("journal.jsonl", header_line(99) + R"({"t_ns":1000)");

  const Journal journal = read_journal(file, part);

  EXPECT_EQ(journal.torn_lines, 1);
  EXPECT_EQ(journal.records, 1U);
}

TEST(ReadJournal, ALastLineThatOnlyMissesItsNewlineIsWhole) {
  const Folder folder;
  std::string text = header_line(99) + up_line(99);
  text.pop_back();

  const Journal journal = read_journal(folder.write("journal.jsonl", text), part);

  EXPECT_EQ(journal.torn_lines, 0);
  EXPECT_EQ(journal.records, 2U);
}

TEST(ReadJournal, SaysWhereAJournalIsWrong) {
  const Folder folder;
  const auto file = folder.write("journal.jsonl", header_line(99) + "{\"t_ns\":12\n" + up_line(99));

  const std::string error = error_of([&] { read_journal(file, part); });

  EXPECT_THAT(error, testing::HasSubstr("journal.jsonl:2: not JSON"));
}

TEST(ReadJournal, TheCeilingIsTheLowestLimit) {
  const Folder folder;
  journal::Header header;
  header.config = R"({"box":{"ceiling_dbm":17}})";
  const auto file =
      folder.write("journal.jsonl", up_line(98, 19) + line(99, header) + up_line(99, 20));

  EXPECT_THAT(read_journal(file, part).ceilings.at(InterfaceIndex{3}),
              ElementsAre(LevelStep{at(98), dbm(19)}, LevelStep{at(99), dbm(17)}));
}

TEST(ReadJournal, NoticesAnotherConfiguration) {
  const Folder folder;
  const std::string same = header_line(99) + up_line(99) + header_line(100.5);
  const std::string other = header_line(99) + header_line(100.5, "fixed", "0badcafe");

  EXPECT_FALSE(read_journal(folder.write("same.jsonl", same), part).config_changed);
  EXPECT_TRUE(read_journal(folder.write("other.jsonl", other), part).config_changed);
}

TEST(ReadJournal, CountsLostLinesAndKeepsNotes) {
  const Folder folder;
  const auto file = folder.write("journal.jsonl", header_line(99) + line(100.1, journal::Lost{7}) +
                                                      line(100.2, journal::Note{"power put back"}));

  const Journal journal = read_journal(file, part);

  EXPECT_EQ(journal.lost_lines, 7U);
  ASSERT_THAT(journal.notes, SizeIs(1));
  EXPECT_EQ(journal.notes[0].text, "power put back");
}

TEST(ReadJournal, AVisitBegunInTimeMayEndLate) {
  const Folder folder;
  const auto file = folder.write(
      "journal.jsonl", up_line(99) + power_line(99.5, 10) +
                           decision_line(100.95, Reason::visit, 10, 20) + power_line(100.95, 20) +
                           decision_line(101.01, Reason::visit_over, 20, 10) +
                           power_line(101.011, 10) + decision_line(101.5, Reason::visit, 10, 20));

  const auto visits = read_journal(file, part).visits;

  ASSERT_THAT(visits, SizeIs(1));
  EXPECT_EQ(visits[0].length(), Duration{61ms});
}

TEST(ConfigValues, AreFoundByTheirKeys) {
  journal::Header header;
  header.config = R"({"policy":"descend","descend":{"probe":{"dwell_ms":60}}})";

  EXPECT_EQ(config_number(header, "descend.probe.dwell_ms"), 60);
  EXPECT_EQ(config_number(header, "descend.probe.length"), std::nullopt);
  EXPECT_EQ(config_number(header, "policy"), std::nullopt);
  EXPECT_EQ(config_word(header, "policy"), "descend");
  header.config = "not JSON";
  EXPECT_EQ(config_word(header, "policy"), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::report
