// How far below its ceiling an access point sent: means over time, without a clock.
#include "controller/service/mitigation.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <ctime>

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant begin{1000s};

Mitigation::Sight at(Dbm power, Mhz frequency = Mhz{5260}, const char* interface = "wlan0") {
  return {interface, frequency, Mhz{80}, dbm(20), power};
}

TEST(MitigationTest, IsTheMeanOverTime) {
  Mitigation mitigation;
  mitigation.see({at(dbm(20))}, begin, "2026-11-30");
  mitigation.see({at(dbm(8))}, begin + 10s, "2026-11-30");
  mitigation.see({at(dbm(8))}, begin + 15s, "2026-11-30");

  // 10 s with 0 dB and 5 s with 12 dB.
  EXPECT_THAT(mitigation.days(),
              ElementsAre(Mitigation::Day{Mhz{5260}, Mhz{80}, "2026-11-30", db(4), 15s}));
}

TEST(MitigationTest, IsOfEachChannelAndWidthAlone) {
  Mitigation mitigation;
  mitigation.see({at(dbm(10))}, begin, "2026-11-30");
  mitigation.see({at(dbm(15), Mhz{5180})}, begin + 10s, "2026-11-30");
  Mitigation::Sight narrow = at(dbm(19));
  narrow.width = Mhz{20};
  mitigation.see({narrow}, begin + 12s, "2026-11-30");
  mitigation.see({}, begin + 13s, "2026-11-30");

  EXPECT_THAT(mitigation.days(),
              ElementsAre(Mitigation::Day{Mhz{5180}, Mhz{80}, "2026-11-30", db(5), 2s},
                          Mitigation::Day{Mhz{5260}, Mhz{20}, "2026-11-30", db(1), 1s},
                          Mitigation::Day{Mhz{5260}, Mhz{80}, "2026-11-30", db(10), 10s}));
}

TEST(MitigationTest, OfTwoInterfacesOnAChannelIsTheirMean) {
  Mitigation mitigation;
  mitigation.see({at(dbm(20)), at(dbm(14), Mhz{5260}, "wlan1")}, begin, "2026-11-30");
  mitigation.see({}, begin + 10s, "2026-11-30");

  EXPECT_THAT(mitigation.days(),
              ElementsAre(Mitigation::Day{Mhz{5260}, Mhz{80}, "2026-11-30", db(3), 20s}));
}

TEST(MitigationTest, BeginsAnewEachDay) {
  Mitigation mitigation;
  mitigation.see({at(dbm(20))}, begin, "2026-11-30");
  mitigation.see({at(dbm(14))}, begin + 5s, "2026-11-30");
  mitigation.see({at(dbm(14))}, begin + 10s, "2026-12-01");

  EXPECT_THAT(mitigation.days(),
              ElementsAre(Mitigation::Day{Mhz{5260}, Mhz{80}, "2026-11-30", db(0), 5s},
                          Mitigation::Day{Mhz{5260}, Mhz{80}, "2026-12-01", db(6), 5s}));
}

// The machine slept, or the daemon hung: nobody knows.
TEST(MitigationTest, DoesNotCoverWhatNobodySaw) {
  Mitigation mitigation;
  mitigation.see({at(dbm(10))}, begin, "2026-11-30");
  mitigation.see({at(dbm(10))}, begin + 16s, "2026-11-30");
  EXPECT_THAT(mitigation.days(), IsEmpty());

  mitigation.see({at(dbm(10))}, begin + 31s, "2026-11-30");
  EXPECT_THAT(mitigation.days(),
              ElementsAre(Mitigation::Day{Mhz{5260}, Mhz{80}, "2026-11-30", db(10), 15s}));
}

TEST(MitigationTest, NothingStandsBeforeTheFirstSightAndNoTimeTwice) {
  Mitigation mitigation;
  mitigation.see({at(dbm(10))}, Instant{1s}, "2026-11-30");
  mitigation.see({at(dbm(10))}, Instant{1s}, "2026-11-30");

  EXPECT_THAT(mitigation.days(), IsEmpty());
}

TEST(MitigationTest, KeepsEightDaysAndForgetsTheOldest) {
  Mitigation mitigation;
  for (int day = 0; day <= 9; ++day) {
    mitigation.see({at(dbm(10))}, begin + day * 10s, "2026-11-1" + std::to_string(day));
  }

  const auto days = mitigation.days();
  ASSERT_THAT(days, SizeIs(8));
  EXPECT_EQ(days.front().day, "2026-11-12");
  EXPECT_EQ(days.back().day, "2026-11-19");
}

// Then the clock was set back: what is told now is kept all the same.
TEST(MitigationTest, KeepsTheDayThatItIsTold) {
  Mitigation mitigation;
  for (int day = 0; day <= 8; ++day) {
    mitigation.see({at(dbm(10))}, begin + day * 10s, "2026-11-1" + std::to_string(day));
  }
  mitigation.see({at(dbm(10))}, begin + 90s, "1970-01-01");

  EXPECT_EQ(mitigation.days().front().day, "1970-01-01");
  EXPECT_THAT(mitigation.days(), SizeIs(8));
}

TEST(MitigationTest, KeepsThirtyTwoChannelsAndForgetsTheOneSeenLongestAgo) {
  Mitigation mitigation;
  mitigation.see({at(dbm(10), Mhz{5000})}, begin, "2026-11-29");
  for (unsigned channel = 0; channel < 33; ++channel) {
    const auto now = begin + (channel + 1) * 1s;
    mitigation.see({at(dbm(10), Mhz{6000 - channel})}, now, channel ? "2026-11-30" : "2026-11-29");
  }

  const auto days = mitigation.days();
  ASSERT_THAT(days, SizeIs(32));
  EXPECT_NE(days.front().frequency, Mhz{5000});
}

TEST(LocalDay, IsTheDayOfThePlace) {
  const char* const before = std::getenv("TZ");
  const std::string kept = before ? before : "";
  constexpr std::int64_t eleven_at_night = 1'796'079'600'000;  // 2026-11-30 23:00 UTC
  ::setenv("TZ", "UTC0", 1);
  ::tzset();
  EXPECT_EQ(local_day(eleven_at_night), "2026-11-30");
  ::setenv("TZ", "CET-1", 1);
  ::tzset();
  EXPECT_EQ(local_day(eleven_at_night), "2026-12-01");
  before ? ::setenv("TZ", kept.c_str(), 1) : ::unsetenv("TZ");
  ::tzset();
}

}  // namespace
}  // namespace pianissimo::service
