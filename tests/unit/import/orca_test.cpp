// Whole traces of every version, as journals.
#include "experiments/import/orca.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "experiments/replay/replay.hpp"
#include "experiments/report/journal.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::orca {
namespace {

using report::Folder;
using testing::HasSubstr;
using testing::SizeIs;

const MacAddress phone = *mac_from_string("02:00:00:92:80:33");
const MacAddress laptop = *mac_from_string("04:f0:21:26:d9:25");

struct Imported {
  std::vector<journal::Record> records;
  Counts counts;
  std::string error;

  template <class T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const journal::Record& record : records) {
      const auto* const event = std::get_if<Event>(&record.what);
      if (const auto* const wanted = event ? std::get_if<T>(event) : nullptr)
        found.push_back(*wanted);
    }
    return found;
  }
  StationSample last_of(const MacAddress& station) const {
    StationSample last;
    for (const auto& report : all<StationReport>()) {
      for (const auto& sample : report.stations) {
        if (sample.station == station) last = sample;
      }
    }
    return last;
  }
  std::string text() const {
    std::string lines;
    for (const journal::Record& record : records) lines += to_line(record) + '\n';
    return lines;
  }
};

Imported imported(const std::string& trace, Options options = {}) {
  Imported result;
  Importer importer{options, [&](const journal::Record& r) { result.records.push_back(r); }};
  std::istringstream stream{trace};
  for (std::string line; result.error.empty() && std::getline(stream, line);) {
    result.error = importer.take(line).value_or("");
  }
  if (result.error.empty()) result.error = importer.finish().value_or("");
  result.counts = importer.counts();
  return result;
}

const std::string groups =
    "*;0;group;27;270;vht;2;2;1;241a0;12158;c0ac;9134;60e0;4924;4058;3a34;3088;2c24\n"
    "*;0;group;c;c0;ht;1;1;1;9c4a0;4e2e0;34240;271f0;1a1a0;13910;116c0;faa0;;\n";

const std::string version1 =
    "*;0;#txs;macaddr;num_frames;num_acked;probe;rates;counts\n"
    "*;0;group;27;270;vht;2;2;1;241a0,12158,c0ac,9134,60e0,4924,4058,3a34,3088,2c24\n"
    "phy0;0;add\n"
    "phy1;0;add\n"
    "phy1;7ae36638736;txs;02:00:00:92:80:33;3;3;0;279;1\n"
    "phy1;829c43;txs;02:00:00:92:80:33;3;3;0;279;1\n"
    "phy1;0:33;1;1;0;279;1\n"
    "phy1;7ae3854aab0;stats;02:00:00:92:80:33;279;3e8;2f2;ad;ad;561b6c;563868\n"
    "phy1;7ae46638736;txs;02:00:00:92:80:33;2;1;0;279,278;2,1\n";

TEST(OrcaImport, OfVersion1HasRatesAndEstimatesAndAnAssumedPower) {
  const Imported trace = imported(version1, {.assumed_power = dbm(17)});

  EXPECT_EQ(trace.error, "");
  EXPECT_EQ(trace.counts.torn, 2U);
  EXPECT_FALSE(trace.counts.has_powers);
  EXPECT_EQ(trace.counts.statistics, 1U);
  EXPECT_EQ(trace.counts.statistics_explained, 1U);
  const auto ups = trace.all<InterfaceUp>();
  ASSERT_THAT(ups, SizeIs(1));
  EXPECT_EQ(ups[0].name, "phy1");
  EXPECT_EQ(ups[0].power, dbm(17));
  const StationSample last = trace.last_of(phone);
  EXPECT_EQ(last.expected_throughput, Throughput::from_kbps(70'687));
  EXPECT_EQ(last.tx_packets, 4U);
  EXPECT_EQ(last.tx_failed, 1U);
  // Three frames once, then two frames twice at one rate and once at the next.
  EXPECT_EQ(last.tx_retries, 4U);
  ASSERT_TRUE(last.tx_rate);
  EXPECT_EQ(last.tx_rate->mcs, 8);
  EXPECT_EQ(last.tx_bytes, std::nullopt);
}

const std::string version2 =
    groups +
    "*;0;orca_version;2;0;0\n"
    "phy0;0;add;ath9k;wlan0;txs,stats;1;tpc,1;mrr;1;0,40,0,2;28\n"
    "phy0;0;sta;add;04:f0:21:26:d9:25;wlan0;auto;manual;6c;3c;14;32;0\n"
    "phy0;17503da1e84dea50;stats;04:f0:21:26:d9:25;c4;3e8;1a2;1;1;3f9;400\n"
    "phy0;17503da1e84dea51;stats;04:f0:21:26:d9:25;c3;3e8;172;1;1;3f9;400\n"
    "phy0;17503da1e84ec73d;best_rates;04:f0:21:26:d9:25;c3;93;c4;92;c4\n"
    "phy0;17503da1e84ec740;txs;04:f0:21:26:d9:25;1;1;0;c4,1,28;,,;,,;,,\n"
    "phy0;17503da1eb4ec740;txs;04:f0:21:26:d9:25;1;1;0;c4,1,1e;c3,1,28;,,;,,\n"
    "phy0;17503da1ee4ec740;txs;04:f0:21:26:d9:25;1;1;1;c7,1,3f;,,;,,;,,\n"
    "phy0;17503da1f14ec740;rxs;04:f0:21:26:d9:25;c8;c6;c4;7f;7f\n"
    "phy0;17503da1f44ec740;sta;remove;04:f0:21:26:d9:25;;;\n";

TEST(OrcaImport, OfVersion2HasPowersOfEveryStation) {
  const Imported trace = imported(version2);

  EXPECT_EQ(trace.error, "");
  EXPECT_TRUE(trace.counts.has_powers);
  const auto ups = trace.all<InterfaceUp>();
  ASSERT_THAT(ups, SizeIs(1));
  EXPECT_EQ(ups[0].path, KnobKind::station);
  EXPECT_EQ(ups[0].channel_maximum, dbm(20));  // 28 half dBm
  const auto powers = trace.all<PowerResult>();
  ASSERT_THAT(powers, SizeIs(2));
  EXPECT_EQ(powers[0].asked, dbm(20));  // index 28: half dBm
  EXPECT_EQ(powers[1].asked, dbm(15));  // 1e; the probe's power is not in use
  EXPECT_EQ(powers[1].knob.station, laptop);
  EXPECT_EQ(powers[1].read_back, dbm(15));
  EXPECT_EQ(trace.all<StationLeft>().size(), 1U);
}

// The best rate is the one that is named, not the one with the highest estimate.
TEST(OrcaImport, OfVersion2ExpectsWhatTheNamedBestRateGives) {
  EXPECT_EQ(imported(version2).last_of(laptop).expected_throughput,
            Throughput::from_kbps(0x172 * 12'000 * 8 / 1024));
  EXPECT_EQ(imported(version2).last_of(laptop).signal, dbm(-56));
}

const std::string version3 =
    groups +
    "*;0;orca_version;3;0;1\n"
    "wl2;0;add;mt7615e;4;adaptive_sens,1;tpc,1;pwr-user,15;force-rr,0;pkt;1;0,20,e0,2;2e\n"
    "wl2;0;if;add;wl2-ap0;txs,rxs\n"
    "wl2;17503da1e84dea50;set_power;02:00:00:92:80:33;a;a;a;a\n"
    "wl2;17503da1e84dea52;txs;02:00:00:92:80:33;1;1;0;279,1,;278,1,10;,,;,,\n"
    "wl2;17503da1e84ec800;est_tp;02:00:00:92:80:33;2f2\n"
    "wl2;17503da1e84ec801;stats;02:00:00:92:80:33;278;3e8;2eb;1;1;3f9;400\n"
    "wl2;17503da1ee4ec801;est_tp;02:00:00:92:80:33;2ee\n";

// Index 10 is no offset; the operator's 21 dBm (15 in hexadecimal) are what it is relative to.
TEST(OrcaImport, OfVersion3HasPowersRelativeToTheOperators) {
  const auto powers = imported(version3).all<PowerResult>();

  ASSERT_THAT(powers, SizeIs(2));
  EXPECT_EQ(powers[0].asked, dbm(18));
  EXPECT_EQ(powers[1].asked, dbm(21));
}

TEST(OrcaImport, OfVersion3ExpectsWhatTheTraceItselfEstimates) {
  EXPECT_EQ(imported(version3).last_of(phone).expected_throughput,
            Throughput::from_kbps(0x2ee * 12'000 * 8 / 1024));
}

TEST(OrcaImport, SaysWhatItComesFrom) {
  const Imported trace = imported(version3);

  const auto& header = std::get<journal::Header>(trace.records.front().what);
  EXPECT_EQ(header.version, "imported from ORCA 3");
  EXPECT_EQ(header.config, "");
  ASSERT_THAT(header.interfaces, SizeIs(1));
  EXPECT_EQ(header.interfaces[0].driver, "mt7615e");
}

TEST(OrcaImport, ReadsStationsAtTheIntervalAndNeverBackInTime) {
  std::string trace = groups;
  // 1 s of lines, every 7 ms; every fifth 3 ms late.
  for (int i = 0; i < 143; ++i) {
    trace += fmt::format("phy0;{:x};txs;02:00:00:92:80:33;1;1;0;279;1\n",
                         1'000'000'000'000 + 7'000'000LL * i - (i % 5 == 4 ? 10'000'000 : 0));
  }

  const Imported result = imported(trace);

  EXPECT_EQ(result.counts.torn, 0U);
  EXPECT_THAT(result.all<StationReport>(),
              SizeIs(testing::AllOf(testing::Ge(20U), testing::Le(21U))));
  Instant last{};
  for (const journal::Record& record : result.records) {
    EXPECT_GE(record.at, last);
    last = record.at;
  }
}

TEST(OrcaImport, DoesNotFillALongSilence) {
  const Imported result = imported(groups +
                                   "phy0;174876e800;txs;02:00:00:92:80:33;1;1;0;279;1\n"
                                   "phy0;1bf08eb000;txs;02:00:00:92:80:33;1;1;0;279;1\n");

  EXPECT_LT(result.counts.reports, 5U);
  EXPECT_EQ(result.counts.torn, 0U);
}

// 12 s after the phone's line, and while others speak every second: it is in no reading any more.
TEST(OrcaImport, LeavesOutAStationThatNothingIsSaidOf) {
  std::string trace = groups + "phy0;174876e800;txs;02:00:00:92:80:33;1;1;0;279;1\n";
  for (std::uint64_t s = 1; s <= 12; ++s) {
    trace += fmt::format("phy0;{:x};txs;04:f0:21:26:d9:25;1;1;0;279;1\n",
                         0x174876e800 + s * 1'000'000'000);
  }

  const auto reports = imported(trace).all<StationReport>();

  EXPECT_THAT(reports.at(100).stations, SizeIs(2));
  EXPECT_TRUE(reports.at(100).complete);
  EXPECT_THAT(reports.back().stations, SizeIs(1));
  EXPECT_EQ(reports.back().stations.at(0).station, laptop);
  EXPECT_FALSE(reports.back().complete);
}

TEST(OrcaImport, OfATraceThatGoesBackInTimeStops) {
  std::string trace = version2;
  for (int i = 0; i < 5; ++i) {
    trace +=
        fmt::format("phy0;17403da1e84ec7{:02x};txs;04:f0:21:26:d9:25;1;1;0;c4,1,28;,,;,,;,,\n", i);
  }

  EXPECT_THAT(imported(trace).error, HasSubstr("the time goes back"));
}

TEST(OrcaImport, OfATraceThatJumpsAheadGoesOnThere) {
  std::string trace = version2;
  for (int i = 0; i < 5; ++i) {
    trace +=
        fmt::format("phy0;17603da1e84ec7{:02x};txs;04:f0:21:26:d9:25;1;1;0;c4,1,28;,,;,,;,,\n", i);
  }

  const Imported result = imported(trace);

  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.counts.torn, 2U);
}

TEST(OrcaImport, OfSomethingElseIsRefused) {
  EXPECT_THAT(imported("{\"t_ns\":0}\nhello; world; you\n").error, HasSubstr("no line of it"));
  EXPECT_THAT(imported("").error, HasSubstr("no line of it"));
}

TEST(OrcaImport, ARadioThatGoesTakesItsStationsWithIt) {
  const Imported result = imported(version3 +
                                   "wl2;0;remove\n"
                                   "wl2;17503da1ef4ec801;est_tp;04:f0:21:26:d9:25;2ee\n");

  EXPECT_THAT(result.all<InterfaceGone>(), SizeIs(1));
  EXPECT_THAT(result.all<InterfaceUp>(), SizeIs(2));
  EXPECT_THAT(result.all<StationReport>().back().stations, SizeIs(1));
}

class EveryVersion : public testing::TestWithParam<const std::string*> {};

TEST_P(EveryVersion, GivesAJournalForReportAndReplay) {
  const Folder folder;
  const auto journal = folder.write("trace.jsonl", imported(*GetParam()).text());

  const auto reported = report::read_journal(journal, std::nullopt);
  replay::Options options;
  options.settings = {"policy=descend"};
  const auto replayed = replay::replay(std::array{journal}, options);

  EXPECT_THAT(reported.stations, SizeIs(1));
  EXPECT_GT(replayed.events, 2U);
  ASSERT_TRUE(replayed.counterfactual);
  EXPECT_GT(replayed.counterfactual->all(), 0U);
  EXPECT_EQ(replayed.exit_status(), 0);
}

INSTANTIATE_TEST_SUITE_P(Versions, EveryVersion, testing::Values(&version1, &version2, &version3));

}  // namespace
}  // namespace pianissimo::orca
