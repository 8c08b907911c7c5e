// Our counters against the driver's, over windows of two seconds.
#include "controller/core/traffic_check.hpp"

#include <gmock/gmock.h>

#include "tests/unit/core/words.hpp"

namespace pianissimo {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;
using Direction = TrafficMismatch::Direction;

constexpr std::uint64_t packet = 1'000;  // bytes, as an Ethernet frame

// Both counters of one station, read every second.
class TrafficCheckTest : public testing::Test {
 protected:
  std::vector<TrafficMismatch> second() {
    now += 1'000;
    check.on(TrafficReport{at_ms(now), wlan0, {ours}});
    return check.on(StationReport{at_ms(now), wlan0, {driver}});
  }
  std::vector<TrafficMismatch> seconds(int count, auto&& happens) {
    std::vector<TrafficMismatch> all;
    for (int i = 0; i < count; ++i) {
      happens();
      for (const TrafficMismatch& mismatch : second()) all.push_back(mismatch);
    }
    return all;
  }
  // So many packets to the station, as each side counts them.
  void sent(std::uint64_t by_driver, std::uint64_t by_us, std::uint64_t headers = 20) {
    *driver.tx_bytes += by_driver * (packet + headers);
    ours.tx_packets += by_us;
    ours.tx_bytes += by_us * packet;
  }
  void received(std::uint64_t by_driver, std::uint64_t by_us) {
    *driver.rx_bytes += by_driver * (packet + 20);
    ours.rx_packets += by_us;
    ours.rx_bytes += by_us * packet;
  }

  TrafficCheckTest() {
    driver.station = ours.station = alice;
    driver.tx_bytes = driver.rx_bytes = 5'000'000;  // counted before us
  }

  std::int64_t now = 0;
  StationSample driver;
  TrafficSample ours;
  TrafficCheck check;
};

TEST_F(TrafficCheckTest, AgreesWhenTheDriverCountsItsLongerHeader) {
  EXPECT_THAT(seconds(20, [&] { sent(100, 100), received(100, 100); }), IsEmpty());
}

TEST_F(TrafficCheckTest, AgreesWithEncryptedSmallPackets) {
  const auto voice = [&] {
    *driver.tx_bytes += 1'000 * (80 + 36);
    ours.tx_packets += 1'000;
    ours.tx_bytes += 1'000 * 80;
  };

  EXPECT_THAT(seconds(20, voice), IsEmpty());
}

TEST_F(TrafficCheckTest, TellsWhatPassesByTheHooks) {
  const auto told = seconds(5, [&] { sent(110, 100); });

  // Two windows of two seconds, and a first reading to begin with.
  EXPECT_THAT(told, ElementsAre(TrafficMismatch{Direction::to_station, alice, 2 * 110 * 1'020,
                                                2 * 100 * 1'000}));
}

TEST_F(TrafficCheckTest, TellsEachDirection) {
  const auto told = seconds(5, [&] { sent(100, 0), received(100, 0); });

  EXPECT_THAT(told, ElementsAre(Field(&TrafficMismatch::direction, Direction::to_station),
                                Field(&TrafficMismatch::direction, Direction::from_station)));
}

TEST_F(TrafficCheckTest, TellsOnce) {
  EXPECT_THAT(seconds(50, [&] { sent(200, 100); }), SizeIs(1));
}

TEST_F(TrafficCheckTest, WhatTheQueuesDroppedIsNoMismatch) {
  EXPECT_THAT(seconds(20, [&] { sent(50, 100); }), IsEmpty());
}

TEST_F(TrafficCheckTest, ReceivingLessThanWeCountedIsOne) {
  EXPECT_THAT(seconds(5, [&] { received(50, 100); }), SizeIs(1));
}

TEST_F(TrafficCheckTest, AQueueThatDrainsIsForgiven) {
  const auto offered = seconds(3, [&] { sent(50, 150); });
  const auto drained = seconds(2, [&] { sent(150, 0); });
  const auto after = seconds(4, [&] { sent(100, 100); });

  EXPECT_THAT(offered, IsEmpty());
  EXPECT_THAT(drained, IsEmpty());
  EXPECT_THAT(after, IsEmpty());
}

TEST_F(TrafficCheckTest, WaitsForEnoughBytes) {
  // 1020 bytes a second: 65 536 are there after 65 s, twice after 130 s.
  EXPECT_THAT(seconds(120, [&] { sent(1, 0); }), IsEmpty());
  EXPECT_THAT(seconds(15, [&] { sent(1, 0); }), SizeIs(1));
}

TEST_F(TrafficCheckTest, CountersThatRestartBeginAnew) {
  seconds(2, [&] { sent(100, 100); });
  driver.tx_bytes = 0;

  EXPECT_THAT(seconds(20, [&] { sent(100, 100); }), IsEmpty());
}

// Nor is it half of a disagreement: a window that disagrees after it is the first one.
TEST_F(TrafficCheckTest, ADriversCounterThatRestartsIsNoDisagreement) {
  seconds(3, [&] { sent(100, 100); });
  driver.tx_bytes = 0;
  seconds(1, [&] { sent(100, 100); });

  EXPECT_THAT(seconds(2, [&] { sent(200, 100); }), IsEmpty());
  EXPECT_THAT(seconds(4, [&] { sent(100, 100); }), IsEmpty());
}

TEST_F(TrafficCheckTest, ACounterOfOursThatRestartsIsNoDisagreement) {
  seconds(3, [&] { received(100, 100); });
  ours.rx_bytes = ours.rx_packets = 0;
  seconds(1, [&] { received(100, 100); });

  EXPECT_THAT(seconds(2, [&] { received(50, 100); }), IsEmpty());
  EXPECT_THAT(seconds(4, [&] { received(100, 100); }), IsEmpty());
}

TEST_F(TrafficCheckTest, ADriverThatDoesNotCountIsNotCompared) {
  driver.tx_bytes.reset();
  driver.rx_bytes.reset();

  EXPECT_THAT(seconds(9, [&] { ours.tx_bytes += 1'000'000; }), IsEmpty());
}

TEST_F(TrafficCheckTest, AStationThatWeDoNotCountIsNotCompared) {
  ours.station = bob;

  EXPECT_THAT(seconds(9, [&] { sent(1'000, 0); }), IsEmpty());
}

}  // namespace
}  // namespace pianissimo
