// Captures as tables: libpcap reads the files, and the sums are made by hand.
#include "experiments/import/traffic_table.hpp"

#include <gmock/gmock.h>

#include "experiments/import/pcap_file.hpp"
#include "tests/unit/import/packets.hpp"
#include "tests/unit/report/files.hpp"

namespace pianissimo::capture {
namespace {

using namespace test;
using namespace std::chrono_literals;
using report::Folder;
using testing::DoubleEq;
using testing::ElementsAre;
using testing::Optional;
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

// Some frames of a station tell their power, others do not.
TEST(TrafficTable, MeansThePowersOfTheFramesThatTellThem) {
  const Folder folder;
  const auto file =
      folder.write("c", pcap(with_radiotap, {{0, sent({.power = 10}, down(alice, 1, 16))},
                                             {1, sent({}, down(alice, 1, 32))},
                                             {2, sent({.power = 127}, down(alice, 1, 48))},
                                             {3, sent({.power = 17}, down(alice, 1, 64))},
                                             {4, sent({.power = 17}, down(alice, 1, 80))},
                                             {5, sent({}, down(bob, 1, 96))}}));

  const auto rows = rows_of(file);

  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(rows[0].power_dbm, Optional(DoubleEq(44.0 / 3)));
  EXPECT_THAT(rows[0].powers,
              ElementsAre(PowerChange{Instant{}, dbm(10)}, PowerChange{Instant{3us}, dbm(17)}));
  EXPECT_EQ(rows[1].power_dbm, std::nullopt);
}

TEST(TrafficTable, HasTheRateOfTheLastFrame) {
  const Folder folder;
  const auto file =
      folder.write("c", pcap(with_radiotap, {{0, radiotap({.rate = 12}, down(alice, 1, 16))},
                                             {1, radiotap({.rate = 96}, down(alice, 1, 32))}}));

  EXPECT_EQ(rows_of(file)[0].last_rate, BitRate{.rate = Throughput::from_kbps(48'000)});
}

// Of a sniffer, each transmission is a frame: with the first one there, or missed.
TEST(TrafficTable, SharesRetriesAmongTheTransmissionsThatItSaw) {
  const Folder folder;
  const auto file = folder.write("c", pcap(ieee80211, {{0, down(alice, 100, 16)},
                                                       {1, down(alice, 100, 16, true)},
                                                       {2, down(alice, 100, 16, true)},
                                                       {3, down(alice, 100, 32, true)}}));

  const auto rows = rows_of(file);

  EXPECT_THAT(rows[0].retry_share, Optional(DoubleEq(3.0 / 4)));
  EXPECT_EQ(rows[0].packets, 2U);
  EXPECT_EQ(rows[0].failed, std::nullopt);
}

// On the access point itself each MSDU is one frame, which says how often it was sent again.
TEST(TrafficTable, CountsTheRetriesThatAFrameTellsOfItself) {
  const Folder folder;
  const auto file = folder.write(
      "c", pcap(with_radiotap, {{0, sent({.data_retries = 4}, down(alice, 100, 16))},
                                {1, sent({}, down(alice, 100, 32))},
                                {2, sent({}, down(alice, 100, 48, true))},
                                {3, sent({.data_retries = 2}, down(alice, 100, 64, true))}}));

  const auto rows = rows_of(file);

  EXPECT_EQ(rows[0].packets, 4U);
  EXPECT_EQ(rows[0].retries, 7U);
  EXPECT_THAT(rows[0].retry_share, Optional(DoubleEq(7.0 / 11)));
  EXPECT_THAT(rows[0].failed, Optional(0U));
}

TEST(TrafficTable, CountsNoBytesOfAFrameThatWasGivenUp) {
  const Folder folder;
  const auto file = folder.write(
      "c",
      pcap(with_radiotap, {{0, sent({.has_failed = true, .data_retries = 6}, down(alice, 100, 16))},
                           {1, sent({}, down(alice, 100, 16, true))},
                           {2, sent({.has_failed = true}, down(alice, 100, 32))}}));

  const auto rows = rows_of(file);

  EXPECT_EQ(rows[0].packets, 1U);
  EXPECT_EQ(rows[0].bytes, 100U);
  EXPECT_THAT(rows[0].failed, Optional(2U));
  EXPECT_EQ(rows[0].retries, 7U);
}

// A policy of no acknowledgement: Linux says of each such frame that it failed.
TEST(TrafficTable, SharesRetriesOnlyAmongWhatIsToBeAcknowledged) {
  const Folder folder;
  const Bytes without = data_frame(
      {.receiver = alice, .sender = access_point, .from_ds = true, .traffic_class = 1U << 5U}, 10);
  const auto file =
      folder.write("c", pcap(with_radiotap, {{0, sent({.has_failed = true}, without)},
                                             {1, sent({.data_retries = 1}, down(bob, 10, 16))},
                                             {2, sent({}, without)}}));

  const auto rows = rows_of(file);

  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].retry_share, std::nullopt);
  EXPECT_EQ(rows[0].bytes, 20U);
  EXPECT_THAT(rows[0].failed, Optional(0U));
  EXPECT_THAT(rows[1].retry_share, Optional(DoubleEq(0.5)));
}

TEST(TrafficTable, HasNoShareOfRetriesOnTheWire) {
  const Folder folder;
  const auto file = folder.write("c", pcap(en10mb, {{0, ethernet(alice, bob, 100)}}));

  EXPECT_EQ(rows_of(file)[0].retry_share, std::nullopt);
}

}  // namespace
}  // namespace pianissimo::capture
