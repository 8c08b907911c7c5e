// Journals as tables: columns by name, one row for one observation.
#include "experiments/export/tables.hpp"

#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "experiments/export/cells.hpp"
#include "tests/unit/replay/journals.hpp"

namespace pianissimo::tables {
namespace {

using replay::events_in;
using replay::golden_journals;
using replay::joined;
using replay::lines_of;
using replay::recorded_text;
using report::Folder;
using testing::ElementsAre;
using testing::Not;

using Row = std::map<std::string, std::string>;

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

// Every row by the names in the first line; rows of another length would be found out here.
std::vector<Row> rows_of(const std::string& csv) {
  const auto lines = lines_of(csv);
  std::vector<Row> rows;
  const auto names = cells_of(lines.at(0));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = cells_of(lines[i]);
    EXPECT_EQ(cells.size(), names.size()) << lines[i];
    Row& row = rows.emplace_back();
    for (std::size_t n = 0; n < std::min(cells.size(), names.size()); ++n) row[names[n]] = cells[n];
  }
  return rows;
}

struct Tables {
  std::string runs, stations, decisions, power, traffic;
};

Tables tables_of(std::span<const std::filesystem::path> journals) {
  std::ostringstream runs, stations, decisions, power, traffic;
  write_tables(journals, {runs, stations, decisions, power, traffic});
  return {runs.str(), stations.str(), decisions.str(), power.str(), traffic.str()};
}

TEST(Tables, HaveTheirColumnsAlsoWithoutARow) {
  const Tables empty = tables_of({});

  EXPECT_EQ(empty.runs,
            "run,journal,version,kernel,regulatory_domain,policy,config_hash,begin_unix_s,"
            "duration_s,events,decisions,lost_lines,is_whole\n");
  EXPECT_EQ(empty.decisions,
            "run,t_s,knob_kind,knob_wiphy,knob_interface,knob_station,reason,from_dbm,to_dbm,"
            "evidence_station,evidence_observed_bps,evidence_reference_bps,evidence_keep,"
            "evidence_errno,evidence_utilisation_percent,evidence_signal_change_db,"
            "evidence_acknowledged_permille,evidence_reference_permille,evidence_place_dbm,"
            "evidence_wait_ms,evidence_level_dbm,evidence_brought_asked_before_bps,"
            "evidence_brought_asked_bps,evidence_brought_rate_before_bps,evidence_brought_rate_bps,"
            "evidence_brought_disconnections,evidence_brought_roams\n");
  EXPECT_EQ(empty.power,
            "run,t_s,knob_kind,knob_wiphy,knob_interface,knob_station,asked_dbm,answer,"
            "read_back_dbm,errno\n");
  EXPECT_THAT(empty.stations,
              testing::StartsWith("run,t_s,interface,power_dbm,station,expected_bps"));
  EXPECT_THAT(empty.stations, testing::HasSubstr(",tx_rate_bps,tx_rate_format,tx_rate_mcs,"));
  EXPECT_EQ(empty.traffic, "run,t_s,interface,station,tx_packets,tx_bytes,rx_packets,rx_bytes\n");
}

TEST(Tables, HaveARowForEveryDecisionOfEveryJournal) {
  const auto journals = golden_journals();
  std::size_t wanted = 0;
  for (const auto& journal : journals) {
    for (const auto& line : lines_of(report::read_text(journal))) {
      wanted += line.find(R"("type":"decision")") == std::string::npos ? 0 : 1;
    }
  }

  const Tables tables = tables_of(journals);

  EXPECT_EQ(rows_of(tables.decisions).size(), wanted);
  EXPECT_EQ(rows_of(tables.runs).size(), journals.size());
}

TEST(Tables, TellOfADecisionWhatTheJournalTells) {
  const Folder folder;
  const auto journal = folder.write("j", recorded_text());
  const auto rows = rows_of(tables_of(std::array{journal}).decisions);

  const auto fell = std::ranges::find_if(
      rows, [](const Row& row) { return row.at("reason") == "throughput_fell"; });

  ASSERT_NE(fell, rows.end());
  EXPECT_EQ(fell->at("run"), "1");
  EXPECT_EQ(fell->at("knob_kind"), "interface");
  EXPECT_EQ(fell->at("knob_interface"), "3");
  EXPECT_EQ(fell->at("knob_station"), "");
  EXPECT_EQ(fell->at("from_dbm"), "14");
  EXPECT_EQ(fell->at("to_dbm"), "15");
  EXPECT_EQ(fell->at("evidence_station"), to_string(test::far_station));
  EXPECT_EQ(fell->at("evidence_keep"), "0.9");
  EXPECT_EQ(fell->at("evidence_errno"), "");
}

// What a station's reading was taken at stands beside it.
TEST(Tables, TellOfAReadingThePowerInForce) {
  const Folder folder;
  for (const KnobKind path : {KnobKind::wiphy, KnobKind::interface, KnobKind::station}) {
    const auto journal = folder.write("j", recorded_text(400, path));
    const auto rows = rows_of(tables_of(std::array{journal}).stations);
    ASSERT_FALSE(rows.empty());
    for (const Row& row : rows) {
      const auto station = *mac_from_string(row.at("station"));
      const auto level = dbm(std::stoi(row.at("power_dbm")));
      EXPECT_EQ(row.at("expected_bps"), std::to_string(test::knee(station, level).bps()));
    }
  }
}

TEST(Tables, LeaveEmptyWhatIsAbsent) {
  const Folder folder;
  const auto journal = folder.write(
      "j", report::header_line(100) + report::up_line(100) + report::stations_line(101, 70'000));

  const auto rows = rows_of(tables_of(std::array{journal}).stations);

  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("t_s"), "1");
  EXPECT_EQ(rows[0].at("interface"), "wlan0");
  EXPECT_EQ(rows[0].at("power_dbm"), "20");
  EXPECT_EQ(rows[0].at("expected_bps"), "70000000");
  EXPECT_EQ(rows[0].at("tx_rate_mcs"), "7");
  EXPECT_EQ(rows[0].at("tx_bytes"), "");
  EXPECT_EQ(rows[0].at("rx_rate_bps"), "");
  EXPECT_EQ(rows[0].at("rx_rate_short_gi"), "");
  EXPECT_EQ(rows[0].at("signal_dbm"), "");
}

TEST(Tables, OfPowerBeginWithThePowerFound) {
  const Folder folder;
  const auto journal = folder.write(
      "j", report::header_line(100) + report::up_line(100) + report::power_line(100.5, 17));

  const auto rows = rows_of(tables_of(std::array{journal}).power);

  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("read_back_dbm"), "20");
  EXPECT_EQ(rows[1].at("t_s"), "0.5");
  EXPECT_EQ(rows[1].at("asked_dbm"), "17");
  EXPECT_EQ(rows[1].at("answer"), "accepted");
}

TEST(Tables, OfTrafficHaveWhatOurProgramsCounted) {
  const Folder folder;
  TrafficReport report{report::at(101), InterfaceIndex{3}, {}};
  report.stations.push_back({.station = report::station_a,
                             .tx_packets = 1,
                             .tx_bytes = 18'446'744'073'709'551'615U,
                             .rx_packets = 3,
                             .rx_bytes = 4});
  const auto journal = folder.write(
      "j", report::header_line(100) + report::up_line(100) + report::line(101, report));

  const auto rows = rows_of(tables_of(std::array{journal}).traffic);

  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("tx_bytes"), "18446744073709551615");
  EXPECT_EQ(rows[0].at("rx_packets"), "3");
}

TEST(Tables, OfRunsTellWhatARunWas) {
  const Folder folder;
  const std::string text = recorded_text(300);
  auto lines = lines_of(text);
  const auto whole = folder.write("a,b", text);
  lines.push_back(R"({"t_ns":200000000000,"wall_ms":1,"type":"lost","lines":4})");
  const auto lossy = folder.write("j", joined(lines));

  const auto rows = rows_of(tables_of(std::array{whole, lossy}).runs);

  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("run"), "1");
  EXPECT_EQ(rows[0].at("journal"), whole.string());
  EXPECT_EQ(rows[0].at("policy"), "descend");
  EXPECT_EQ(rows[0].at("begin_unix_s"), "1790000100");
  EXPECT_EQ(rows[0].at("events"), std::to_string(events_in(lines_of(text))));
  EXPECT_EQ(rows[0].at("is_whole"), "1");
  EXPECT_EQ(rows[1].at("run"), "2");
  EXPECT_EQ(rows[1].at("lost_lines"), "4");
  EXPECT_EQ(rows[1].at("is_whole"), "0");
  EXPECT_EQ(rows[1].at("duration_s"), "100");
}

TEST(Csv, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_text("plain text"), "plain text");
  EXPECT_EQ(csv_text("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_text("a \"b\""), "\"a \"\"b\"\"\"");
  EXPECT_EQ(csv_text("a\nb"), "\"a\nb\"");
}

// What a spreadsheet would run as a formula it shows as text: the apostrophe makes it one.
TEST(Csv, MakesFormulasHarmless) {
  EXPECT_EQ(csv_text("=1+1"), "\"'=1+1\"");
  EXPECT_EQ(csv_text("+1"), "\"'+1\"");
  EXPECT_EQ(csv_text("-1"), "\"'-1\"");
  EXPECT_EQ(csv_text("@SUM(A1)"), "\"'@SUM(A1)\"");
  EXPECT_EQ(csv_text(" =1"), "\"' =1\"");
  EXPECT_EQ(csv_text(" \t=1"), "\" \t'=1\"");
  EXPECT_EQ(csv_text("\uFF1D1"), "\"'\uFF1D1\"");
  EXPECT_EQ(csv_text("=HYPERLINK(\"http://e\")"), "\"'=HYPERLINK(\"\"http://e\"\")\"");
  EXPECT_EQ(csv_text("a=b"), "a=b");
  EXPECT_EQ(csv_text("00"), "00");
}

// A spreadsheet that separates by semicolon or tab sees no quotes that stand within its cells.
TEST(Csv, MakesFormulasHarmlessThatBeginWithinACell) {
  EXPECT_EQ(csv_text("a;=1"), "\"a;'=1\"");
  EXPECT_EQ(csv_text("a; @b;+c"), "\"a;' @b;'+c\"");
  EXPECT_EQ(csv_text("a\t=1"), "\"a\t'=1\"");
  EXPECT_EQ(csv_text("a\n-1"), "\"a\n'-1\"");
  EXPECT_EQ(csv_text("a\r=1"), "\"a\r'=1\"");
  EXPECT_EQ(csv_text("a;\"=1\""), "\"a;'\"\"=1\"\"\"");
  EXPECT_EQ(csv_text("a;\uFF1D1"), "\"a;'\uFF1D1\"");
  EXPECT_EQ(csv_text("a;b"), "a;b");
}

TEST(Csv, GuardsCellsThatBeginWithATabOrALineEnd) {
  EXPECT_EQ(csv_text("\ta"), "\"'\ta\"");
  EXPECT_EQ(csv_text("\ra"), "\"'\ra\"");
  EXPECT_EQ(csv_text("\t=1"), "\"'\t'=1\"");
}

}  // namespace
}  // namespace pianissimo::tables
