// Captures as tables: libpcap reads the files, and the sums are made by hand.
#include "experiments/import/traffic_table.hpp"

#include <gmock/gmock.h>

#include "experiments/import/pcap_file.hpp"
#include "experiments/import/traffic_journal.hpp"
#include "tests/unit/import/packets.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::capture {
namespace {

using namespace test;
using namespace std::chrono_literals;
using report::error_of;
using report::Folder;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::uint32_t en10mb = 1;
constexpr std::uint32_t ieee80211 = 105;
constexpr std::uint32_t with_radiotap = 127;

std::vector<Row> rows_of(const std::filesystem::path& file, Duration bin = 100ms) {
  std::vector<Row> rows;
  TrafficTable table{bin, [&](const Row& row) { rows.push_back(row); }};
  read_capture(file, [&](Instant at, const Frame& frame) { table.take(at, frame); });
  table.finish();
  return rows;
}

Bytes down(const MacAddress& station, std::size_t payload, std::uint16_t sequence,
           bool is_retry = false) {
  return data_frame({.receiver = station,
                     .sender = access_point,
                     .from_ds = true,
                     .is_retry = is_retry,
                     .sequence = sequence},
                    payload);
}

TEST(TrafficTable, SumsTheBytesOfEachBin) {
  const Folder folder;
  const auto file = folder.write("c", pcap(en10mb, {{5'000'000, ethernet(alice, bob, 100)},
                                                    {5'099'999, ethernet(alice, bob, 50)},
                                                    {5'100'000, ethernet(bob, alice, 7)},
                                                    {5'350'000, ethernet(alice, bob, 1)}}));

  const auto rows = rows_of(file);

  ASSERT_THAT(rows, SizeIs(6));
  EXPECT_EQ(rows[0].start, Instant{5s});
  EXPECT_EQ(rows[0].crossing, (Crossing{alice, Direction::to_station}));
  EXPECT_EQ(rows[0].bytes, 150U);
  EXPECT_EQ(rows[0].packets, 2U);
  EXPECT_EQ(rows[1].crossing, (Crossing{bob, Direction::from_station}));
  EXPECT_EQ(rows[1].bytes, 150U);
  EXPECT_EQ(rows[2].start, Instant{5100ms});
  EXPECT_EQ(rows[2].crossing, (Crossing{alice, Direction::from_station}));
  EXPECT_EQ(rows[2].bytes, 7U);
  // An empty bin has no row, and the next one begins at a multiple of its length.
  EXPECT_EQ(rows[4].start, Instant{5300ms});
}

TEST(TrafficTable, CountsARepetitionOnceAsBytesAndAlwaysAsRetry) {
  const Folder folder;
  const auto file = folder.write("c", pcap(ieee80211, {{0, down(alice, 100, 16)},
                                                       {1, down(alice, 100, 32)},
                                                       {2, down(alice, 100, 16, true)},
                                                       {3, down(alice, 100, 48, true)},
                                                       {4, down(alice, 100, 64)}}));

  const auto rows = rows_of(file);

  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].packets, 4U);
  EXPECT_EQ(rows[0].bytes, 400U);
  EXPECT_EQ(rows[0].retries, 2U);
}

// Sequence numbers come round: without the retry bit it is a new frame.
TEST(TrafficTable, TakesANumberThatComesAgainForANewFrame) {
  const Folder folder;
  const auto file =
      folder.write("c", pcap(ieee80211, {{0, down(alice, 100, 16)}, {1, down(alice, 100, 16)}}));

  EXPECT_EQ(rows_of(file)[0].packets, 2U);
}

TEST(TrafficTable, MeansRatesAndSignals) {
  const Folder folder;
  const auto file = folder.write(
      "c", pcap(with_radiotap, {{0, radiotap({.rate = 12, .signal = -50}, down(alice, 10, 16))},
                                {1, radiotap({.rate = 108, .signal = -61}, down(alice, 10, 32))}}));

  const auto rows = rows_of(file);

  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_DOUBLE_EQ(*rows[0].rate_mbps, 30);
  EXPECT_DOUBLE_EQ(*rows[0].signal_dbm, -55.5);
}

TEST(TrafficTable, CountsTheMsdusOfAnAMsdu) {
  const Folder folder;
  Bytes bytes = data_frame(
      {.receiver = alice, .sender = access_point, .from_ds = true, .traffic_class = 0x80}, 0);
  append_subframe(bytes, 100);
  append_subframe(bytes, 50, true);

  const auto rows = rows_of(folder.write("c", pcap(ieee80211, {{0, bytes}})));

  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].packets, 2U);
  EXPECT_EQ(rows[0].bytes, 150U);
}

TEST(TrafficTable, CountsAFrameThatComesLateWhereItIs) {
  const Folder folder;
  const auto file = folder.write("c", pcap(en10mb, {{5'000'000, ethernet(alice, broadcast, 1)},
                                                    {5'100'000, ethernet(alice, broadcast, 2)},
                                                    {5'099'000, ethernet(alice, broadcast, 4)}}));

  const auto rows = rows_of(file);

  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].bytes, 1U);
  EXPECT_EQ(rows[1].bytes, 6U);
}

TEST(TrafficTable, SaysHowManyFramesComeLate) {
  TrafficTable table{100ms, [](const Row&) {}};
  const Frame frame{.crossings = {{alice, Direction::to_station}}};

  table.take(Instant{5s}, frame);
  table.take(Instant{4s}, frame);
  table.take(Instant{9s}, frame);
  table.take(Instant{8s}, frame);

  EXPECT_EQ(table.late(), 2U);
}

TEST(Capture, ThatIsTornIsReadUntilThere) {
  const Folder folder;
  std::string whole =
      pcap(en10mb, {{0, ethernet(alice, bob, 100)}, {1, ethernet(alice, bob, 100)}});
  const auto file = folder.write("c", whole.substr(0, whole.size() - 3));
  int frames = 0;

  const FileCounts counts = read_capture(file, [&](Instant, const Frame&) { ++frames; });

  EXPECT_EQ(frames, 1);
  EXPECT_EQ(counts.packets, 1U);
  EXPECT_THAT(counts.torn, HasSubstr("truncated"));
}

// The file's seconds have 32 bits and no sign: the last of them is in 2106.
TEST(Capture, CountsAFrameOfTheLastSecond) {
  const Folder folder;
  const auto file =
      folder.write("c", pcap(en10mb, {{0, ethernet(alice, broadcast, 1)},
                                      {4'294'967'295'000'000, ethernet(broadcast, alice, 1)}}));
  std::vector<Instant> times;

  const FileCounts counts =
      read_capture(file, [&](Instant at, const Frame&) { times.push_back(at); });

  EXPECT_THAT(times, testing::ElementsAre(Instant{}, Instant{4'294'967'295s}));
  EXPECT_EQ(counts.data_frames, 2U);
  EXPECT_EQ(counts.untimed, 0U);
}

// Microseconds beyond a second: the file is damaged there.
TEST(Capture, SaysWhichFramesItLeavesOutForTheirTime) {
  const Folder folder;
  std::string text = pcap(en10mb, {{0, ethernet(alice, bob, 1)}, {1, ethernet(alice, bob, 1)}});
  text[24 + 4 + 3] = '\x7f';
  int frames = 0;

  const FileCounts counts =
      read_capture(folder.write("c", text), [&](Instant, const Frame&) { ++frames; });

  EXPECT_EQ(frames, 1);
  EXPECT_EQ(counts.untimed, 1U);
}

// The length on the wire stands behind the captured one.
std::string with_length_on_the_wire(std::string file, std::uint32_t length) {
  for (std::size_t i = 0; i < 4; ++i) file[24 + 12 + i] = static_cast<char>(length >> (8 * i));
  return file;
}

TEST(Capture, SaysWhichFramesItLeavesOutForTheirLength) {
  const Folder folder;
  const std::string whole =
      pcap(en10mb, {{0, ethernet(alice, bob, 1)}, {1, ethernet(alice, bob, 2)}});
  std::vector<std::uint32_t> payloads;
  const auto file = folder.write("c", with_length_on_the_wire(whole, 0xffff'ffff));

  const FileCounts counts =
      read_capture(file, [&](Instant, const Frame& frame) { payloads.push_back(frame.payload); });

  EXPECT_THAT(payloads, testing::ElementsAre(2));
  EXPECT_EQ(counts.too_long, 1U);
}

TEST(Capture, TakesWhatWasCapturedForTheLengthWhereTheFileSaysLess) {
  const Folder folder;
  const std::string whole = pcap(en10mb, {{0, ethernet(alice, bob, 100)}});
  std::vector<std::uint32_t> payloads;
  const auto file = folder.write("c", with_length_on_the_wire(whole, 0));

  read_capture(file, [&](Instant, const Frame& frame) { payloads.push_back(frame.payload); });

  EXPECT_THAT(payloads, testing::ElementsAre(100));
}

TEST(Capture, SaysOfHowManyFramesTooLittleWasCaptured) {
  const Folder folder;
  const auto file = folder.write(
      "c",
      with_length_on_the_wire(pcap(en10mb, {{0, Bytes(10)}, {1, ethernet(alice, bob, 1)}}), 100));
  int frames = 0;

  const FileCounts counts = read_capture(file, [&](Instant, const Frame&) { ++frames; });

  EXPECT_EQ(frames, 1);
  EXPECT_EQ(counts.cut, 1U);
}

TEST(Capture, OfAllInterfacesCountsWhatSaysItsStation) {
  const Folder folder;
  constexpr std::uint32_t linux_sll2 = 276;
  const auto file = folder.write("c", pcap(linux_sll2, {{0, cooked2(7, 0, alice, 100)},
                                                        {1, cooked2(9, 0, alice, 100)},
                                                        {2, cooked2(7, 4, access_point, 900)}}));
  int frames = 0;

  const FileCounts counts = read_capture(file, [&](Instant, const Frame&) { ++frames; });

  EXPECT_EQ(frames, 1);
  EXPECT_EQ(counts.elsewhere, 1U);
  EXPECT_EQ(counts.own, 1U);
}

TEST(Capture, ThatIsNoneIsRefused) {
  const Folder folder;
  const auto read = [](const std::filesystem::path& file) {
    return error_of([&] { read_capture(file, [](Instant, const Frame&) {}); });
  };

  EXPECT_EQ(read(folder / "none"), (folder / "none").string() + ": cannot be read");
  EXPECT_EQ(read(folder.path()), folder.path().string() + ": cannot be read");
  EXPECT_THAT(read(folder.write("text", "hello, world: this is no capture")),
              HasSubstr("text: unknown file format"));
  EXPECT_THAT(read(folder.write("empty", "")), HasSubstr("empty: "));
  EXPECT_THAT(read(folder.write("link", pcap(119, {}))),
              testing::AllOf(HasSubstr("link: link type PRISM_HEADER: wanted EN10MB"),
                             HasSubstr("tcpdump -i wlan0")));
  EXPECT_THAT(read("/dev/zero"), HasSubstr("not a regular file"));
}

TEST(TrafficJournal, HasTheCountersOfEveryBin) {
  std::vector<journal::Record> records;
  TrafficJournal journal{100ms, dbm(17), [&](const journal::Record& r) { records.push_back(r); }};
  const Crossing to_alice{alice, Direction::to_station};
  const Crossing from_alice{alice, Direction::from_station};
  journal.take(
      {.start = Instant{1s}, .crossing = to_alice, .bytes = 100, .packets = 2, .retries = 1});
  journal.take({.start = Instant{1s},
                .crossing = from_alice,
                .bytes = 7,
                .packets = 1,
                .signal_dbm = -50.5});
  journal.take({.start = Instant{1300ms}, .crossing = to_alice, .bytes = 50, .packets = 1});
  journal.finish();

  journal.take({.start = Instant{1500ms}, .crossing = {bob, Direction::to_station}, .bytes = 1});
  journal.finish();

  ASSERT_THAT(records, SizeIs(5));
  EXPECT_THAT(std::get<StationReport>(std::get<Event>(records[4].what)).stations, SizeIs(1));
  EXPECT_FALSE(std::get<StationReport>(std::get<Event>(records[4].what)).complete);
  EXPECT_TRUE(std::holds_alternative<journal::Header>(records[0].what));
  EXPECT_EQ(std::get<InterfaceUp>(std::get<Event>(records[1].what)).power, dbm(17));
  const auto first = std::get<StationReport>(std::get<Event>(records[2].what));
  const auto last = std::get<StationReport>(std::get<Event>(records[3].what));
  EXPECT_EQ(first.at, Instant{1100ms});
  EXPECT_EQ(last.at, Instant{1400ms});
  EXPECT_EQ(first.stations[0].tx_bytes, 100U);
  EXPECT_EQ(first.stations[0].rx_bytes, 7U);
  EXPECT_EQ(first.stations[0].signal, Dbm::from_mbm(-5050));
  EXPECT_EQ(last.stations[0].tx_bytes, 150U);
  EXPECT_EQ(last.stations[0].tx_packets, 3U);
  EXPECT_EQ(last.stations[0].tx_retries, 1U);
}

}  // namespace
}  // namespace pianissimo::capture
