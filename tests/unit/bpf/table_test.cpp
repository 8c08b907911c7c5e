#include "bpf/station_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <set>

#include "tests/bpf/random_stations.hpp"

namespace pianissimo::bpf {
namespace {

using testing::Optional;

struct Table {
  std::unique_ptr<station_table> memory = std::make_unique<station_table>();
  StationTable table{*memory, 1};
};

std::vector<Entry> in_slots(const std::vector<MacAddress>& stations) {
  std::vector<Entry> entries;
  entries.reserve(stations.size());
  for (const MacAddress& station : stations)
    entries.push_back({station, STATION_FIRST + static_cast<std::uint32_t>(entries.size())});
  return entries;
}

class StationTableOf : public testing::TestWithParam<std::size_t> {
 protected:
  StationTableOf() { EXPECT_TRUE(it.table.rebuild(entries)); }

  Table it;
  RandomStations random{GetParam()};
  std::vector<Entry> entries = in_slots(random.take(GetParam()));
};

INSTANTIATE_TEST_SUITE_P(Stations, StationTableOf, testing::Values(1, 64, 1024));

TEST_P(StationTableOf, FindsWhatWasPutInAndNothingElse) {
  for (const Entry& entry : entries)
    EXPECT_THAT(it.table.find(entry.station), Optional(entry.slot)) << to_string(entry.station);

  for (const MacAddress& stranger : random.take(10'000))
    EXPECT_EQ(it.table.find(stranger), std::nullopt) << to_string(stranger);
}

TEST_P(StationTableOf, FindsAnErasedStationNoMoreAndAllOthersStill) {
  for (std::size_t i = 0; i < entries.size(); i += 2) it.table.erase(entries[i].station);

  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto found = it.table.find(entries[i].station);
    if (i % 2 == 0)
      EXPECT_EQ(found, std::nullopt);
    else
      EXPECT_THAT(found, Optional(entries[i].slot));
  }
}

TEST_P(StationTableOf, TakesAStationBackIntoThePlaceOfAnErasedOne) {
  for (const Entry& entry : entries) it.table.erase(entry.station);

  EXPECT_TRUE(it.table.insert({entries.back().station, STATION_SLOTS - 1}));
  EXPECT_THAT(it.table.find(entries.back().station), Optional(STATION_SLOTS - 1));
}

// Programs that have read the seed before a rebuild go on in the table that it belongs to.
TEST_P(StationTableOf, LeavesTheTableOfTheOldSeedAloneWhenItIsRebuilt) {
  const station_table before = *it.memory;

  ASSERT_TRUE(it.table.rebuild(entries));

  EXPECT_NE(STATION_HALF(it.memory->seed), STATION_HALF(before.seed));
  const auto half = STATION_HALF(before.seed) * STATION_PLACES;
  EXPECT_EQ(
      std::memcmp(&it.memory->places[half], &before.places[half], std::size_t{8} * STATION_PLACES),
      0);
}

TEST(StationTable, OfNothingFindsNothing) {
  const Table it;

  EXPECT_EQ(it.table.find(MacAddress{}), std::nullopt);
  EXPECT_EQ(it.table.find({{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}), std::nullopt);
}

TEST(StationTable, RefusesAFifthStationForTheSameFourPlaces) {
  Table it;
  const std::vector<MacAddress> colliding = colliding_stations(it.memory->seed, 5);

  for (std::uint32_t i = 0; i < 4; ++i)
    EXPECT_TRUE(it.table.insert({colliding[i], STATION_FIRST + i}));
  EXPECT_FALSE(it.table.insert({colliding[4], STATION_FIRST + 4}));

  ASSERT_TRUE(it.table.rebuild(in_slots(colliding)));
  for (const Entry& entry : in_slots(colliding))
    EXPECT_THAT(it.table.find(entry.station), Optional(entry.slot));
}

TEST(StationTable, ThatCannotBeRebuiltStaysAsItWas) {
  Table it;
  const MacAddress station{{2, 0, 0, 0, 0, 1}};
  ASSERT_TRUE(it.table.insert({station, STATION_FIRST}));
  const std::vector<MacAddress> five_times(5, MacAddress{{2, 0, 0, 0, 0, 2}});

  EXPECT_FALSE(it.table.rebuild(in_slots(five_times)));

  EXPECT_THAT(it.table.find(station), Optional(std::uint32_t{STATION_FIRST}));
  EXPECT_EQ(it.table.find(five_times[0]), std::nullopt);
}

// Real addresses are not random: the same vendor, numbered.
TEST(StationTable, HasRoomForNumberedAddresses) {
  for (std::size_t octet = 3; octet < 5; ++octet) {
    Table it;
    std::vector<MacAddress> numbered;
    for (unsigned i = 0; i < STATION_LIMIT; ++i) {
      MacAddress station{{0x00, 0x0c, 0x43, 0, 0, 0}};
      station.octets[octet] = static_cast<std::uint8_t>(i >> 8);
      station.octets[octet + 1] = static_cast<std::uint8_t>(i);
      numbered.push_back(station);
    }

    EXPECT_TRUE(it.table.rebuild(in_slots(numbered)));
  }
}

// The kernel side makes keys of loads in a frame, at either address.
TEST(StationKey, IsWhatTheLoadsOfTheProgramsGive) {
  const std::array<std::uint8_t, 12> frame{2, 0x11, 0x22, 0x33, 0x44, 0x55,
                                           6, 0x66, 0x77, 0x88, 0x99, 0xaa};
  const auto load = [&]<class T>(T value, std::size_t at) {
    std::memcpy(&value, &frame[at], sizeof value);
    return value;
  };

  EXPECT_EQ(station_key({{2, 0x11, 0x22, 0x33, 0x44, 0x55}}),
            STATION_KEY_2_4(load(std::uint16_t{}, 0), load(std::uint32_t{}, 2)));
  EXPECT_EQ(station_key({{6, 0x66, 0x77, 0x88, 0x99, 0xaa}}),
            STATION_KEY_4_2(load(std::uint32_t{}, 6), load(std::uint16_t{}, 10)));
}

TEST(StationKey, LeavesRoomForTheSlot) {
  EXPECT_EQ(station_key({{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}), 0xffff'ffff'ffff'0000u);
}

TEST(StationHash, IsTheUpperTwelveBitsOfTheProduct) {
  EXPECT_EQ(STATION_HASH(std::uint64_t{1} << 52, std::uint64_t{1}), 1u);
  EXPECT_EQ(STATION_HASH(std::uint64_t{1} << 51, std::uint64_t{3}), 1u);
  EXPECT_EQ(STATION_HASH(std::uint64_t{1} << 63, std::uint64_t{5}), 2048u);
}

}  // namespace
}  // namespace pianissimo::bpf
