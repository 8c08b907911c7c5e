// A capture's table as a journal.
#include "experiments/import/traffic_journal.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/unit/import/packets.hpp"

namespace pianissimo::capture {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;

const Crossing to_alice{alice, Direction::to_station};
const Crossing from_alice{alice, Direction::from_station};
const Crossing to_bob{bob, Direction::to_station};

// What a journal at 17 dBm has of these rows of 100 ms.
std::vector<journal::Record> records_of(const std::vector<Row>& rows) {
  std::vector<journal::Record> records;
  TrafficJournal journal{100ms, dbm(17), [&](const journal::Record& r) { records.push_back(r); }};
  for (const Row& row : rows) journal.take(row);
  journal.finish();
  return records;
}

template <class E>
std::vector<E> events_of(const std::vector<journal::Record>& records) {
  std::vector<E> events;
  for (const journal::Record& record : records) {
    const auto* const event = std::get_if<Event>(&record.what);
    if (const E* const one = event ? std::get_if<E>(event) : nullptr) events.push_back(*one);
  }
  return events;
}

struct Told {
  Instant at;
  MacAddress station;
  Dbm power;
  friend bool operator==(const Told&, const Told&) = default;
};

std::vector<Told> powers_of(const std::vector<journal::Record>& records) {
  std::vector<Told> powers;
  for (const PowerResult& result : events_of<PowerResult>(records)) {
    EXPECT_EQ(result.knob.kind, KnobKind::station);
    EXPECT_EQ(result.read_back, result.asked);
    powers.push_back({result.at, result.knob.station, result.asked});
  }
  return powers;
}

TEST(TrafficJournal, BeginsWithTheFullPower) {
  const auto records = records_of({{.start = Instant{1s}, .crossing = to_alice}});

  EXPECT_TRUE(std::holds_alternative<journal::Header>(records.at(0).what));
  const auto up = std::get<InterfaceUp>(std::get<Event>(records.at(1).what));
  EXPECT_EQ(up.at, Instant{1s});
  EXPECT_EQ(up.path, KnobKind::station);
  EXPECT_EQ(up.found, dbm(17));
  EXPECT_EQ(up.power, dbm(17));
}

TEST(TrafficJournal, HasTheCountersOfEveryBin) {
  const auto reports = events_of<StationReport>(records_of(
      {{.start = Instant{1s}, .crossing = to_alice, .bytes = 100, .packets = 2, .retries = 1},
       {.start = Instant{1s},
        .crossing = from_alice,
        .bytes = 7,
        .packets = 1,
        .signal_dbm = -50.5,
        .last_rate = BitRate{.rate = Throughput::from_kbps(6'000)}},
       {.start = Instant{1100ms},
        .crossing = to_alice,
        .bytes = 50,
        .packets = 1,
        .retries = 3,
        .failed = 2,
        .last_rate = BitRate{.rate = Throughput::from_kbps(54'000)}},
       {.start = Instant{1200ms}, .crossing = to_bob, .bytes = 1}}));

  ASSERT_THAT(reports, SizeIs(5));
  const StationSample& first = reports[1].stations.at(0);
  EXPECT_EQ(reports[1].at, Instant{1100ms});
  EXPECT_FALSE(reports[1].complete);
  EXPECT_EQ(first.tx_bytes, 100U);
  EXPECT_EQ(first.rx_bytes, 7U);
  EXPECT_EQ(first.signal, Dbm::from_mbm(-5050));
  EXPECT_EQ(first.rx_rate->rate, Throughput::from_kbps(6'000));
  EXPECT_EQ(first.tx_rate, std::nullopt);
  EXPECT_EQ(first.tx_failed, std::nullopt);
  const StationSample& second = reports[2].stations.at(0);
  EXPECT_EQ(reports[2].at, Instant{1200ms});
  EXPECT_EQ(second.tx_bytes, 150U);
  EXPECT_EQ(second.tx_packets, 3U);
  EXPECT_EQ(second.tx_retries, 4U);
  EXPECT_EQ(second.tx_failed, 2U);
  EXPECT_EQ(second.tx_rate->rate, Throughput::from_kbps(54'000));
  EXPECT_THAT(reports[4].stations, SizeIs(1));
}

// Else its bytes would be spread over the time in which it had none.
TEST(TrafficJournal, ReportsAStationAlsoWhereItsSilenceEnds) {
  const auto reports = events_of<StationReport>(
      records_of({{.start = Instant{1s}, .crossing = to_alice, .bytes = 100, .failed = 1},
                  {.start = Instant{5s}, .crossing = to_alice, .bytes = 10, .failed = 1}}));

  ASSERT_THAT(reports, SizeIs(4));
  EXPECT_EQ(reports[0].at, Instant{1s});
  EXPECT_EQ(reports[0].stations.at(0).tx_bytes, 0U);
  EXPECT_EQ(reports[0].stations.at(0).tx_failed, 0U);
  EXPECT_EQ(reports[0].stations.at(0).rx_bytes, std::nullopt);
  EXPECT_EQ(reports[2].at, Instant{5s});
  EXPECT_EQ(reports[2].stations.at(0).tx_bytes, 100U);
  EXPECT_EQ(reports[3].at, Instant{5100ms});
  EXPECT_EQ(reports[3].stations.at(0).tx_bytes, 110U);
}

TEST(TrafficJournal, HasAPowerWhenTheFramesHaveAnother) {
  const auto powers = powers_of(records_of(
      {{.start = Instant{1s},
        .crossing = to_alice,
        .powers = {{Instant{1010ms}, dbm(12)}, {Instant{1050ms}, dbm(9)}}},
       {.start = Instant{1s}, .crossing = to_bob, .powers = {{Instant{1020ms}, dbm(5)}}},
       {.start = Instant{1100ms}, .crossing = to_alice, .powers = {{Instant{1110ms}, dbm(9)}}},
       {.start = Instant{1200ms}, .crossing = to_alice}}));

  EXPECT_THAT(powers,
              ElementsAre(Told{Instant{1010ms}, alice, dbm(12)}, Told{Instant{1020ms}, bob, dbm(5)},
                          Told{Instant{1050ms}, alice, dbm(9)}));
}

TEST(TrafficJournal, AssumesFullPowerWhereNoFrameTells) {
  const auto powers =
      powers_of(records_of({{.start = Instant{1s}, .crossing = to_alice},
                            {.start = Instant{1s}, .crossing = {bob, Direction::from_station}},
                            {.start = Instant{1100ms}, .crossing = to_alice}}));

  EXPECT_THAT(powers, ElementsAre(Told{Instant{1s}, alice, dbm(17)}));
}

// The power of what a station sends is its own.
TEST(TrafficJournal, TakesThePowerOfFramesToTheStationAlone) {
  const auto powers = powers_of(records_of(
      {{.start = Instant{1s}, .crossing = from_alice, .powers = {{Instant{1s}, dbm(3)}}}}));

  EXPECT_THAT(powers, SizeIs(0));
}

TEST(TrafficJournal, TakesAHigherPowerForTheFullOne) {
  const auto ups = events_of<InterfaceUp>(records_of(
      {{.start = Instant{1s},
        .crossing = to_alice,
        .powers = {
            {Instant{1010ms}, dbm(20)}, {Instant{1020ms}, dbm(12)}, {Instant{1030ms}, dbm(20)}}}}));

  ASSERT_THAT(ups, SizeIs(2));
  EXPECT_EQ(ups[1].at, Instant{1010ms});
  EXPECT_EQ(ups[1].channel_maximum, dbm(20));
  EXPECT_EQ(ups[1].found, dbm(20));
}

TEST(TrafficJournal, GoesOnlyForwardInTime) {
  const auto records = records_of(
      {{.start = Instant{1s}, .crossing = to_alice, .powers = {{Instant{1090ms}, dbm(12)}}},
       {.start = Instant{1s}, .crossing = to_bob, .powers = {{Instant{1010ms}, dbm(23)}}},
       {.start = Instant{1100ms}, .crossing = to_bob},
       {.start = Instant{9s}, .crossing = to_alice}});

  EXPECT_TRUE(std::ranges::is_sorted(records, {}, &journal::Record::at));
}

}  // namespace
}  // namespace pianissimo::capture
