// Drivers that take a power per station: every station is a domain of its own.
#include <gmock/gmock.h>

#include "tests/unit/core/script.hpp"

namespace pianissimo {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Knob knob_of(const MacAddress& station) {
  return {KnobKind::station, phy0, wlan0, station};
}

InterfaceUp per_station() {
  InterfaceUp up = access_point();
  up.path = KnobKind::station;
  return up;
}

class StationKnob : public testing::Test {
 protected:
  Outcome on(const Event& event) { return controller.on(event); }
  Outcome report(std::int64_t ms, std::vector<StationSample> stations) {
    return on(StationReport{at_ms(ms), wlan0, std::move(stations), true});
  }

  Scripts scripts;
  Controller controller{BoxParams{}, scripts.factory()};
};

TEST_F(StationKnob, AnInterfaceWithoutStationsHasNoDomain) {
  EXPECT_EQ(on(per_station()), Outcome{});
  EXPECT_EQ(scripts.made(), 0u);
}

TEST_F(StationKnob, AStationBeginsADomainAndDisturbsNoOther) {
  on(per_station());
  on(StationJoined{at_ms(1), wlan0, alice});

  const Outcome out = on(StationJoined{at_ms(2), wlan0, bob});

  EXPECT_THAT(out.decisions,
              ElementsAre(Decision{at_ms(2), knob_of(bob), dbm(20), dbm(20), Reason::start, {}}));
  EXPECT_THAT(scripts[0].told, ElementsAre("start start @1"));
  EXPECT_THAT(scripts[1].told, ElementsAre("start start @2"));
}

TEST_F(StationKnob, EveryDomainIsShownItsOwnStation) {
  on(per_station());

  report(10, {sample(alice), sample(bob)});

  ASSERT_EQ(scripts.made(), 2u);
  ASSERT_EQ(scripts[0].readings.size(), 1u);
  ASSERT_EQ(scripts[0].readings[0].size(), 1u);
  EXPECT_EQ(scripts[0].readings[0][0].station, alice);
  EXPECT_EQ(scripts[1].readings[0][0].station, bob);
}

TEST_F(StationKnob, CommandsAndAnswersAreThoseOfTheStation) {
  on(per_station());
  report(10, {sample(alice), sample(bob)});
  scripts[1].wants = dbm(15);

  const Outcome out = report(20, {sample(alice), sample(bob)});
  EXPECT_THAT(out.commands, ElementsAre(SetPower{knob_of(bob), dbm(15)}));

  on(accepted(at_ms(21), knob_of(bob), dbm(15), dbm(13)));
  EXPECT_EQ(scripts[0].box, Box(dbm(1), dbm(20)));
  EXPECT_EQ(scripts[1].box, Box(dbm(1), dbm(13)));
}

TEST_F(StationKnob, AStationThatLeavesTakesItsDomainAlong) {
  scripts[0].wakes_after = 100ms;
  on(per_station());
  ASSERT_TRUE(on(StationJoined{at_ms(1), wlan0, alice}).wake);

  EXPECT_EQ(on(StationLeft{at_ms(2), wlan0, alice}), Outcome{});

  on(StationJoined{at_ms(3), wlan0, alice});
  EXPECT_EQ(scripts.made(), 2u);
}

TEST_F(StationKnob, AReassociatedStationBeginsAnewAlone) {
  on(per_station());
  report(10, {sample(alice, 0, 100s), sample(bob, 0, 100s)});

  report(20, {sample(alice, 0, 100s), sample(bob, 0, 0s)});

  EXPECT_THAT(scripts[0].told, ElementsAre("start start @10", "reading @10", "reading @20"));
  EXPECT_THAT(scripts[1].told, ElementsAre("start start @10", "reading @10",
                                           "start station_joined @20", "reading @20"));
}

TEST_F(StationKnob, ALoweredMaximumIsObeyedByEveryStation) {
  on(per_station());
  report(10, {sample(alice), sample(bob)});
  InterfaceUp lowered = per_station();
  lowered.at = at_ms(20);
  lowered.channel_maximum = dbm(11);

  const Outcome out = on(lowered);

  EXPECT_THAT(out.commands,
              ElementsAre(SetPower{knob_of(alice), dbm(11)}, SetPower{knob_of(bob), dbm(11)}));
}

TEST_F(StationKnob, AllDomainsGoWithTheirInterface) {
  on(per_station());
  scripts[0].wakes_after = scripts[1].wakes_after = 100ms;
  ASSERT_TRUE(report(10, {sample(alice), sample(bob)}).wake);

  EXPECT_EQ(on(InterfaceGone{at_ms(20), wlan0}), Outcome{});
}

}  // namespace
}  // namespace pianissimo
