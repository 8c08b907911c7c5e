#include "bpf/ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "tests/bpf/random_stations.hpp"

namespace pianissimo::bpf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

const MacAddress anna{{2, 0, 0, 0, 0, 1}};
const MacAddress bert{{2, 0, 0, 0, 0, 2}};
const MacAddress cleo{{2, 0, 0, 0, 0, 3}};

/// The ledger, and what the kernel would do.
class LedgerTest : public testing::Test {
 protected:
  /// The slot that the programs would count in.
  std::uint32_t slot(const MacAddress& station) const {
    const std::uint64_t key = station_key(station);
    const std::uint64_t seed = table->seed;
    const __u64* place =
        &table->places[STATION_HALF(seed) * STATION_PLACES + STATION_HASH(key, seed)];
    for (int i = 0; i < STATION_PROBES; ++i)
      if ((place[i] ^ key) < STATION_SLOTS) return static_cast<std::uint32_t>(place[i] ^ key);
    return STATION_UNKNOWN;
  }

  void receive(const MacAddress& from, std::uint64_t bytes, std::size_t cpu = 0) {
    planes[cpu].slots[slot(from)].from.packets += 1;
    planes[cpu].slots[slot(from)].from.bytes += bytes;
  }

  void send(const MacAddress& to, std::uint64_t bytes, std::size_t cpu = 0) {
    planes[cpu].slots[slot(to)].to.packets += 1;
    planes[cpu].slots[slot(to)].to.bytes += bytes;
  }

  Result<void> set(std::vector<MacAddress> stations) { return ledger.set_stations(stations); }

  Counts read() const {
    Counts counts;
    ledger.read(counts);
    return counts;
  }

  std::unique_ptr<station_table> table = std::make_unique<station_table>();
  std::vector<station_plane> planes{3};
  int waits = 0;
  std::function<void()> during_wait = [] {};
  Ledger ledger{*table, planes, 1, [this] {
                  ++waits;
                  during_wait();
                }};
};

TEST_F(LedgerTest, CountsStationsInBothDirectionsOverAllCpus) {
  ASSERT_TRUE(set({bert, anna}));

  receive(anna, 100, 0);
  receive(anna, 60, 2);
  send(anna, 1500, 1);
  send(bert, 700, 0);

  EXPECT_THAT(read().stations, ElementsAre(StationCount{anna, {2, 160}, {1, 1500}},
                                           StationCount{bert, {}, {1, 700}}));
}

TEST_F(LedgerTest, CountsWhatIsNobodysApart) {
  ASSERT_TRUE(set({anna}));

  receive(bert, 60);
  send(cleo, 70, 1);
  planes[0].slots[STATION_GROUP].from = {1, 80};
  planes[1].slots[STATION_GROUP].to = {2, 90};
  planes[0].slots[STATION_WITHOUT_HEADER] = {{1, 5}, {2, 7}};

  EXPECT_EQ(read().others, (Others{{1, 60}, {1, 70}, {1, 80}, {2, 90}, {3, 12}}));
}

TEST_F(LedgerTest, KeepsTheCountsOfAStationThatStays) {
  ASSERT_TRUE(set({anna, cleo}));
  receive(anna, 100);

  ASSERT_TRUE(set({anna, bert}));
  receive(anna, 50);

  EXPECT_THAT(read().stations,
              ElementsAre(StationCount{anna, {2, 150}, {}}, StationCount{bert, {}, {}}));
}

TEST_F(LedgerTest, BeginsAtZeroWithAStationThatReturns) {
  ASSERT_TRUE(set({anna}));
  receive(anna, 100);
  ASSERT_TRUE(set({}));
  receive(anna, 30);

  ASSERT_TRUE(set({anna}));
  receive(anna, 7);

  EXPECT_THAT(read().stations, ElementsAre(StationCount{anna, {1, 7}, {}}));
  EXPECT_EQ(read().others.unknown_in, (Count{1, 30}));
}

TEST_F(LedgerTest, GivesAFreedSlotAwayAsLateAsItCan) {
  ASSERT_TRUE(set({anna}));
  const std::uint32_t annas = slot(anna);
  ASSERT_TRUE(set({}));

  RandomStations random{1};
  for (int others = 1; others < STATION_LIMIT; ++others) {
    const MacAddress other = random.one();
    ASSERT_TRUE(set({other}));
    ASSERT_NE(slot(other), annas);
    ASSERT_TRUE(set({}));
  }
  ASSERT_TRUE(set({bert}));

  EXPECT_EQ(slot(bert), annas);
  EXPECT_EQ(waits, 0);
}

TEST_F(LedgerTest, CountsAStationOnceThatIsListedTwice) {
  ASSERT_TRUE(set({anna, anna}));

  EXPECT_THAT(read().stations, ElementsAre(StationCount{anna, {}, {}}));
}

TEST_F(LedgerTest, CountsTheFirst1024AndSaysSo) {
  std::vector<MacAddress> stations = RandomStations{3}.take(1026);

  const auto result = set(stations);

  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("1026 stations, of which the first 1024"));
  EXPECT_EQ(read().stations.size(), 1024u);
  EXPECT_GE(slot(stations[1023]), std::uint32_t{STATION_FIRST});
  EXPECT_EQ(slot(stations[1024]), std::uint32_t{STATION_UNKNOWN});

  stations.resize(1024);
  EXPECT_TRUE(set(stations));
}

// A program looks a station up, the station leaves, and then the program counts.
TEST_F(LedgerTest, WaitsForProgramsThatStillCountForTheFormerOwnerOfASlot) {
  std::vector<MacAddress> stations = RandomStations{4}.take(1025);
  const MacAddress newcomer = stations.back();
  stations.pop_back();
  ASSERT_TRUE(set(stations));
  const int waits_before = waits;
  const std::uint32_t looked_up = slot(stations.back());
  during_wait = [&] { planes[0].slots[looked_up].from.bytes += 60; };

  stations.back() = newcomer;
  ASSERT_TRUE(set(stations));

  EXPECT_GT(waits, waits_before);
  EXPECT_EQ(slot(newcomer), looked_up);
  for (const StationCount& station : read().stations) EXPECT_EQ(station.from_station, Count{});
}

TEST_F(LedgerTest, FindsRoomForStationsThatCollide) {
  const std::vector<MacAddress> colliding = colliding_stations(table->seed, 6);
  ASSERT_TRUE(set({colliding[0], anna}));
  send(anna, 60);
  send(colliding[0], 61);

  std::vector<MacAddress> all = colliding;
  all.push_back(anna);
  ASSERT_TRUE(set(all));

  for (const MacAddress& station : all) send(station, 40);
  for (const StationCount& count : read().stations) {
    const std::uint64_t before = count.station == anna           ? 60
                                 : count.station == colliding[0] ? 61
                                                                 : 0;
    EXPECT_EQ(count.to_station.bytes, before + 40) << to_string(count.station);
  }
  EXPECT_EQ(read().others.unknown_out, Count{});
}

TEST_F(LedgerTest, WaitsForTheReadersOfATableBeforeItWritesItAgain) {
  ASSERT_TRUE(set(colliding_stations(table->seed, 5)));
  EXPECT_EQ(waits, 0);

  const std::uint64_t in_use = STATION_HALF(table->seed);
  ASSERT_TRUE(set(colliding_stations(table->seed, 5)));

  EXPECT_NE(STATION_HALF(table->seed), in_use);
  EXPECT_EQ(waits, 1);
}

// A model that knows nothing of slots, and a year's comings and goings.
TEST_F(LedgerTest, AgreesWithAPlainCountThroughComingsAndGoings) {
  std::mt19937_64 random{5};
  const std::vector<MacAddress> population = RandomStations{6}.take(1500);
  std::map<MacAddress, StationCount> expected;
  Count unknown;

  for (int step = 0; step < 300; ++step) {
    const std::size_t most = step % 10 == 0 ? 1024 : 80;
    std::vector<MacAddress> present;
    std::ranges::sample(population, std::back_inserter(present),
                        static_cast<std::ptrdiff_t>(random() % most), random);
    ASSERT_TRUE(set(present));
    std::map<MacAddress, StationCount> next;
    for (const MacAddress& station : present) {
      const auto known = expected.find(station);
      next[station] = known != expected.end() ? known->second : StationCount{station, {}, {}};
    }
    expected = std::move(next);

    for (int frame = 0; frame < 500; ++frame) {
      const MacAddress& station = population[random() % population.size()];
      const std::uint64_t bytes = 60 + random() % 1455;
      const std::size_t cpu = random() % planes.size();
      receive(station, bytes, cpu);
      send(station, 2 * bytes, cpu);
      const auto known = expected.find(station);
      Count& from = known != expected.end() ? known->second.from_station : unknown;
      from = {from.packets + 1, from.bytes + bytes};
      if (known == expected.end()) continue;
      Count& to = known->second.to_station;
      to = {to.packets + 1, to.bytes + 2 * bytes};
    }

    const Counts counts = read();
    ASSERT_EQ(counts.stations.size(), expected.size());
    ASSERT_TRUE(std::ranges::equal(counts.stations, expected, {}, {},
                                   [](const auto& pair) { return pair.second; }));
    ASSERT_EQ(counts.others.unknown_in, unknown);
  }
}

TEST(LoadSettled, TakesAValueThatGrows) {
  std::uint64_t value = 0;

  EXPECT_EQ(load_settled([&] { return value += 1500; }), 3000u);
}

// The lower half has wrapped, the upper one is not there yet; or the other way round.
TEST(LoadSettled, ReadsAgainWhenHalfOfAValueIsAhead) {
  constexpr std::uint64_t gib4 = std::uint64_t{1} << 32;
  const auto read_of = [](std::vector<std::uint64_t> values) {
    std::size_t next = 0;
    return load_settled([&] { return values.at(next++); });
  };

  EXPECT_EQ(read_of({gib4 - 60, 10, gib4 + 10, gib4 + 10}), gib4 + 10);
  EXPECT_EQ(read_of({10, gib4 + 10, gib4 + 10}), gib4 + 10);
  EXPECT_EQ(read_of({gib4 - 60, 2 * gib4 - 60, gib4 + 10, gib4 + 70}), gib4 + 70);
}

}  // namespace
}  // namespace pianissimo::bpf
