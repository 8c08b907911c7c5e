// One interface with a knob of its own: events in, answers out.
#include "controller/core/controller.hpp"

#include <gmock/gmock.h>

#include "tests/unit/core/script.hpp"

namespace pianissimo {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class ControllerTest : public testing::Test {
 protected:
  Outcome on(const Event& event) { return controller.on(event); }
  Outcome report(std::int64_t ms, std::vector<StationSample> stations, bool complete = true) {
    return on(StationReport{at_ms(ms), wlan0, std::move(stations), complete});
  }
  std::vector<MacAddress> stations_last_read() {
    std::vector<MacAddress> all;
    for (const StationView& view : scripts[0].readings.back()) all.push_back(view.station);
    return all;
  }

  Scripts scripts;
  Controller controller{BoxParams{}, scripts.factory()};
};

TEST_F(ControllerTest, AnInterfaceBeginsADomain) {
  const Outcome out = on(access_point());

  EXPECT_THAT(out.decisions,
              ElementsAre(Decision{at_ms(0), knob_of_wlan0, dbm(20), dbm(20), Reason::start, {}}));
  EXPECT_EQ(scripts[0].box, Box(dbm(1), dbm(20)));
}

TEST_F(ControllerTest, WhatIsNotAnInterfaceOfOursChangesNothing) {
  const InterfaceIndex other{99};

  EXPECT_EQ(on(StationJoined{at_ms(1), other, alice}), Outcome{});
  EXPECT_EQ(on(StationLeft{at_ms(2), other, alice}), Outcome{});
  EXPECT_EQ(on(StationReport{at_ms(3), other, {sample(alice)}, true}), Outcome{});
  EXPECT_EQ(on(InterfaceGone{at_ms(4), other}), Outcome{});
  EXPECT_EQ(on(accepted(at_ms(5), knob_of_wlan0, dbm(3))), Outcome{});
  EXPECT_EQ(on(Wake{at_ms(6)}), Outcome{});
  EXPECT_EQ(scripts.made(), 0u);
}

TEST_F(ControllerTest, ThePowerFoundIsACeiling) {
  InterfaceUp up = access_point();
  up.channel_maximum = dbm(30);
  up.found = up.power = dbm(17);

  on(up);

  EXPECT_EQ(scripts[0].box, Box(dbm(1), dbm(17)));
}

TEST_F(ControllerTest, TheChannelMaximumIsACeiling) {
  InterfaceUp up = access_point();
  up.channel_maximum = dbm(14);

  EXPECT_THAT(levels_asked(on(up)), ElementsAre(dbm(14)));
  EXPECT_EQ(scripts[0].box, Box(dbm(1), dbm(14)));
}

TEST(ControllerBox, TheOperatorsCeilingAndFloorHold) {
  Scripts scripts;
  Controller controller{{.floor = dbm(6), .ceiling = dbm(12)}, scripts.factory()};

  const Outcome out = controller.on(access_point());

  EXPECT_EQ(scripts[0].box, Box(dbm(6), dbm(12)));
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(12)));
}

TEST(ControllerBox, TheOperatorCannotLiftWhatTheChannelAllows) {
  Scripts scripts;
  Controller controller{{.floor = dbm(25), .ceiling = dbm(36)}, scripts.factory()};

  const Outcome out = controller.on(access_point());

  EXPECT_EQ(scripts[0].box, Box(dbm(20), dbm(20)));
  EXPECT_THAT(out.commands, IsEmpty());
}

TEST_F(ControllerTest, AChannelSwitchMovesTheBox) {
  on(access_point());
  InterfaceUp switched = access_point();
  switched.at = at_ms(500);
  switched.frequency = Mhz{5500};
  switched.channel_maximum = dbm(27);
  switched.found = dbm(27);

  const Outcome out = on(switched);

  EXPECT_EQ(scripts[0].box, Box(dbm(1), dbm(27)));
  EXPECT_THAT(
      out.decisions,
      ElementsAre(Decision{at_ms(500), knob_of_wlan0, dbm(20), dbm(27), Reason::box_changed, {}}));
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(27)));
}

TEST_F(ControllerTest, APowerThatSomebodyElseLoweredIsTheNewCeiling) {
  on(access_point());
  InterfaceUp lowered = access_point();
  lowered.at = at_ms(500);
  lowered.found = lowered.power = dbm(8);

  const Outcome out = on(lowered);

  EXPECT_EQ(scripts[0].box, Box(dbm(1), dbm(8)));
  EXPECT_THAT(out.decisions,
              ElementsAre(Decision{
                  at_ms(500), knob_of_wlan0, dbm(20), dbm(8), Reason::limited, {.level = dbm(8)}}));
  EXPECT_THAT(out.commands, IsEmpty());
}

TEST_F(ControllerTest, ALoweredRegulatoryMaximumIsObeyedAtOnce) {
  on(access_point());
  InterfaceUp lowered = access_point();
  lowered.at = at_ms(500);
  lowered.channel_maximum = dbm(10);

  EXPECT_THAT(levels_asked(on(lowered)), ElementsAre(dbm(10)));
}

TEST_F(ControllerTest, ToldAgainUnchangedNothingBeginsAnew) {
  on(access_point());
  InterfaceUp again = access_point();
  again.at = at_ms(500);

  EXPECT_EQ(on(again), Outcome{});
  EXPECT_THAT(scripts[0].told, ElementsAre("start start @0"));
}

TEST_F(ControllerTest, PowerMovedBySomebodyElseIsPutBack) {
  on(access_point());
  InterfaceUp moved = access_point();
  moved.at = at_ms(500);
  moved.power = dbm(9);

  EXPECT_THAT(levels_asked(on(moved)), ElementsAre(dbm(20)));
}

TEST_F(ControllerTest, WhatWeSetOurselvesIsNoNews) {
  on(access_point());
  scripts[0].wants = dbm(15);
  ASSERT_THAT(levels_asked(report(100, {})), ElementsAre(dbm(15)));
  on(accepted(at_ms(101), knob_of_wlan0, dbm(15)));
  InterfaceUp told = access_point();
  told.at = at_ms(102);
  told.power = dbm(15);

  EXPECT_EQ(on(told), Outcome{});
}

TEST_F(ControllerTest, AnInterfaceThatIsGoneTakesItsDomainAlong) {
  scripts[0].wakes_after = 1s;
  ASSERT_EQ(on(access_point()).wake, at_ms(1000));

  EXPECT_EQ(on(InterfaceGone{at_ms(10), wlan0}), Outcome{});
  EXPECT_EQ(on(Wake{at_ms(1000)}), Outcome{});
}

TEST_F(ControllerTest, AnInterfaceThatComesBackBeginsAnew) {
  on(access_point());
  on(StationJoined{at_ms(1), wlan0, alice});
  on(InterfaceGone{at_ms(10), wlan0});
  InterfaceUp back = access_point();
  back.at = at_ms(20);
  back.power = dbm(11);

  const Outcome out = on(back);

  EXPECT_EQ(scripts.made(), 2u);
  EXPECT_THAT(reasons(out), ElementsAre(Reason::start));
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(20)));
}

TEST_F(ControllerTest, AStationThatJoinsBeginsTheDomainAnew) {
  on(access_point());

  const Outcome out = on(StationJoined{at_ms(50), wlan0, alice});

  EXPECT_THAT(reasons(out), ElementsAre(Reason::station_joined));
  EXPECT_EQ(scripts[0].told.back(), "start station_joined @50");
}

TEST_F(ControllerTest, AStationFirstSeenInAReportHasJoined) {
  on(access_point());

  report(50, {sample(alice)});

  EXPECT_THAT(scripts[0].told,
              ElementsAre("start start @0", "start station_joined @50", "reading @50"));
}

TEST_F(ControllerTest, AStationThatJoinedDoesNotJoinAgainInTheReport) {
  on(access_point());
  on(StationJoined{at_ms(50), wlan0, alice});

  report(60, {sample(alice)});
  report(70, {sample(alice)});

  EXPECT_THAT(scripts[0].told, ElementsAre("start start @0", "start station_joined @50",
                                           "reading @60", "reading @70"));
}

TEST_F(ControllerTest, AReassociationBeginsTheDomainAnew) {
  on(access_point());
  report(50, {sample(alice, 0, 100s)});

  report(100, {sample(alice, 0, 0s)});

  EXPECT_THAT(scripts[0].told,
              ElementsAre("start start @0", "start station_joined @50", "reading @50",
                          "start station_joined @100", "reading @100"));
}

TEST_F(ControllerTest, TheKernelSayingThatAKnownStationIsNewBeginsTheDomainAnew) {
  on(access_point());
  on(StationJoined{at_ms(50), wlan0, alice});

  on(StationJoined{at_ms(70), wlan0, alice});

  EXPECT_EQ(scripts[0].told.back(), "start station_joined @70");
}

TEST_F(ControllerTest, AStationThatLeavesIsForgotten) {
  on(access_point());
  report(50, {sample(alice), sample(bob)});

  on(StationLeft{at_ms(60), wlan0, alice});
  EXPECT_EQ(scripts[0].told.back(), "left 02:00:00:00:00:0a @60");

  report(70, {sample(bob)});
  EXPECT_THAT(stations_last_read(), ElementsAre(bob));
}

TEST_F(ControllerTest, AStationUnknownToUsCannotLeave) {
  on(access_point());

  on(StationLeft{at_ms(60), wlan0, alice});

  EXPECT_THAT(scripts[0].told, ElementsAre("start start @0"));
}

TEST_F(ControllerTest, AStationMissingFromACompleteReportHasLeft) {
  on(access_point());
  report(50, {sample(alice), sample(bob)});

  report(100, {sample(bob)});

  EXPECT_THAT(stations_last_read(), ElementsAre(bob));
  EXPECT_THAT(scripts[0].told, testing::Contains("left 02:00:00:00:00:0a @100"));
}

// As many as a hall has, in the order of a hash table: whoever is missing has left, and nobody
// else.
TEST_F(ControllerTest, OfManyStationsInAnyOrderOnlyTheMissingHaveLeft) {
  std::vector<StationSample> all;
  for (unsigned i = 0; i < 5'000; ++i) {
    const unsigned number = i * 2'654'435'761U % 5'003;
    MacAddress mac = alice;
    mac.octets[4] = static_cast<std::uint8_t>(number >> 8U);
    mac.octets[5] = static_cast<std::uint8_t>(number);
    all.push_back(sample(mac));
  }
  on(access_point());
  report(50, all);
  const std::size_t present = stations_last_read().size();
  const StationSample missing = all[2'500];
  all.erase(all.begin() + 2'500);

  report(100, all);

  EXPECT_EQ(stations_last_read().size(), present - 1);
  EXPECT_THAT(scripts[0].told, testing::Contains("left " + to_string(missing.station) + " @100"));
}

TEST_F(ControllerTest, AnIncompleteReportDropsNobody) {
  on(access_point());
  report(50, {sample(alice), sample(bob)});

  report(100, {sample(bob)}, false);

  EXPECT_THAT(stations_last_read(), ElementsAre(alice, bob));
  EXPECT_EQ(scripts[0].told.back(), "reading @100");
}

TEST_F(ControllerTest, AReadingShowsEstimatesAndTotals) {
  on(access_point());
  report(50, {sample(alice, 10'000)});
  StationSample now = sample(alice, 13'000);
  now.expected_throughput = mbps(58);

  report(100, {now});

  const StationView& view = scripts[0].readings.back().front();
  EXPECT_EQ(view.expected_throughput, mbps(58));
  EXPECT_EQ(view.totals.tx_bytes, 3'000u);
  EXPECT_EQ(view.totals.tx_retries, std::nullopt);
}

TEST_F(ControllerTest, APolicyThatWantsAReadingGetsItsInterfaceRead) {
  on(access_point());
  scripts[0].reads_now = true;

  EXPECT_THAT(on(StationJoined{at_ms(1), wlan0, alice}).read_now, ElementsAre(wlan0));
}

TEST_F(ControllerTest, AClampedLevelBecomesTheCeiling) {
  on(access_point());
  scripts[0].wants = dbm(19);
  report(100, {});

  const Outcome out = on(accepted(at_ms(101), knob_of_wlan0, dbm(19), dbm(17)));

  EXPECT_EQ(scripts[0].box, Box(dbm(1), dbm(17)));
  EXPECT_THAT(reasons(out), ElementsAre(Reason::knob_clamped, Reason::box_changed));
  EXPECT_THAT(out.commands, IsEmpty());
}

TEST(ControllerBox, AnIgnoredCommandAboveTheBoxDoesNotLoop) {
  Scripts scripts;
  Controller controller{{.ceiling = dbm(15)}, scripts.factory()};
  Outcome out = controller.on(access_point());
  int commands = 0;
  // A kernel that says yes and does nothing, for ten minutes.
  for (Instant at = at_ms(0); at < at_ms(600'000);) {
    if (out.commands.empty()) {
      ASSERT_TRUE(out.wake);
      ASSERT_GT(*out.wake, at);
      at = *out.wake;
      out = controller.on(Wake{at});
    } else {
      ASSERT_LT(++commands, 100);
      out = controller.on(accepted(at, knob_of_wlan0, out.commands[0].level, dbm(20)));
    }
  }

  // At 0, 1, 3, 7, 15, 31, 63 s, and every 60 s from there on.
  EXPECT_EQ(commands, 7 + 8);
}

// A level that is refused and then set by somebody else is in force: nothing is left to try.
TEST_F(ControllerTest, ARetryThatHasBecomeNeedlessWakesNobody) {
  on(access_point());
  scripts[0].wants = dbm(15);
  report(100, {});
  ASSERT_TRUE(on(refused(at_ms(101), knob_of_wlan0, dbm(15), PowerAnswer::busy)).wake);
  InterfaceUp moved = access_point();
  moved.at = at_ms(110);
  moved.power = dbm(15);

  EXPECT_EQ(on(moved), Outcome{});
}

}  // namespace
}  // namespace pianissimo
