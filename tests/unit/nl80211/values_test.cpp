#include "nl80211/values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/nl80211.h>

namespace pianissimo::nl80211 {
namespace {

using ::testing::ElementsAre;

Interface access_point(std::optional<Dbm> power, bool running = true) {
  Interface interface { .name = "wlan", .type = NL80211_IFTYPE_AP, .power = power };
  if (running) interface.frequency = Mhz{5180};
  return interface;
}

TEST(LowestPower, IsThatOfTheAccessPointThatCapsTheOthers) {
  EXPECT_EQ(lowest_power({access_point(dbm(20)), access_point(dbm(3)), access_point(dbm(12))}),
            dbm(3));
}

TEST(LowestPower, LeavesOutWhatDoesNotRun) {
  Interface monitor = access_point(dbm(0));
  monitor.type = NL80211_IFTYPE_MONITOR;

  EXPECT_EQ(lowest_power({monitor, access_point(dbm(1), false), access_point(dbm(20))}), dbm(20));
}

// A station that its access point has ordered to be quiet says nothing of ours.
TEST(LowestPower, IsAStationsOnlyWithoutAnAccessPoint) {
  Interface station = access_point(dbm(10));
  station.type = NL80211_IFTYPE_STATION;

  EXPECT_EQ(lowest_power({station, access_point(dbm(20))}), dbm(20));
  EXPECT_EQ(lowest_power({station, access_point(dbm(0), false)}), dbm(10));
}

TEST(LowestPower, TakesWhatThereIsWhereNothingRuns) {
  EXPECT_EQ(lowest_power({access_point(dbm(7), false), access_point(std::nullopt, false)}), dbm(7));
}

TEST(LowestPower, IsNothingWhereNothingIsTold) {
  EXPECT_EQ(lowest_power({}), std::nullopt);
  EXPECT_EQ(lowest_power({access_point(std::nullopt)}), std::nullopt);
}

TEST(KeepLatest, KeepsEachStationOnceInTheOrderOfTheirFirst) {
  StationSample a, b, a_again;
  a.station.octets[5] = a_again.station.octets[5] = 1;
  b.station.octets[5] = 2;
  a_again.tx_packets = 9;
  std::vector<StationSample> stations{a, b, a_again};

  keep_latest(stations);

  EXPECT_THAT(stations, ElementsAre(a_again, b));
}

}  // namespace
}  // namespace pianissimo::nl80211
