// Two interfaces that share the knob of their radio.
#include <gmock/gmock.h>

#include "tests/unit/core/script.hpp"

namespace pianissimo {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Knob knob_of_phy0 = {KnobKind::wiphy, phy0, {}, {}};

InterfaceUp on_radio(InterfaceIndex interface, Dbm channel_maximum = dbm(20)) {
  InterfaceUp up = access_point(interface);
  up.path = KnobKind::wiphy;
  up.channel_maximum = channel_maximum;
  return up;
}

class Radio : public testing::Test {
 protected:
  Outcome on(const Event& event) { return controller.on(event); }
  Outcome report(std::int64_t ms, InterfaceIndex interface, const MacAddress& station) {
    return on(StationReport{at_ms(ms), interface, {sample(station)}, true});
  }

  Scripts scripts;
  Controller controller{BoxParams{}, scripts.factory()};
};

TEST_F(Radio, HasOneDomainForAllItsInterfaces) {
  const Outcome first = on(on_radio(wlan0));
  const Outcome second = on(on_radio(wlan1));

  EXPECT_THAT(first.decisions,
              ElementsAre(Decision{at_ms(0), knob_of_phy0, dbm(20), dbm(20), Reason::start, {}}));
  EXPECT_EQ(second, Outcome{});
  EXPECT_EQ(scripts.made(), 1u);
}

TEST_F(Radio, ObeysTheStrictestOfItsInterfaces) {
  on(on_radio(wlan0));

  const Outcome out = on(on_radio(wlan1, dbm(13)));

  EXPECT_THAT(reasons(out), ElementsAre(Reason::box_changed));
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(13)));
}

TEST_F(Radio, IsWiderAgainWhenTheStrictestIsGone) {
  on(on_radio(wlan0));
  on(on_radio(wlan1, dbm(13)));
  on(accepted(at_ms(1), knob_of_phy0, dbm(13)));

  const Outcome out = on(InterfaceGone{at_ms(10), wlan1});

  EXPECT_THAT(reasons(out), ElementsAre(Reason::box_changed));
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(20)));
}

TEST_F(Radio, LosesTheStationsOfAnInterfaceThatIsGone) {
  on(on_radio(wlan0));
  on(on_radio(wlan1));
  on(StationJoined{at_ms(1), wlan1, bob});

  on(InterfaceGone{at_ms(10), wlan1});

  EXPECT_EQ(scripts[0].told.back(), "left 02:00:00:00:00:0b @10");
}

TEST_F(Radio, IsGoneWithItsLastInterface) {
  scripts[0].wakes_after = 1s;
  on(on_radio(wlan0));
  on(on_radio(wlan1));

  EXPECT_TRUE(on(InterfaceGone{at_ms(10), wlan1}).wake);
  EXPECT_FALSE(on(InterfaceGone{at_ms(11), wlan0}).wake);
}

// They are read one after the other; a policy that saw one of them alone would judge half a radio.
TEST_F(Radio, ShowsItsInterfacesTogetherAtTheEarlierTime) {
  on(on_radio(wlan0));
  on(on_radio(wlan1));

  report(100, wlan0, alice);
  EXPECT_THAT(scripts[0].readings, IsEmpty());

  report(103, wlan1, bob);
  ASSERT_EQ(scripts[0].readings.size(), 1u);
  EXPECT_EQ(scripts[0].told.back(), "reading @100");
  EXPECT_EQ(scripts[0].readings[0].size(), 2u);
}

TEST_F(Radio, WaitsForBothInterfacesAnew) {
  on(on_radio(wlan0));
  on(on_radio(wlan1));
  report(100, wlan0, alice);
  report(103, wlan1, bob);

  report(200, wlan1, bob);
  report(250, wlan1, bob);
  EXPECT_EQ(scripts[0].readings.size(), 1u);

  report(260, wlan0, alice);
  EXPECT_EQ(scripts[0].told.back(), "reading @250");
}

TEST_F(Radio, DoesNotWaitForAnInterfaceThatIsGone) {
  on(on_radio(wlan0));
  on(on_radio(wlan1));
  on(InterfaceGone{at_ms(50), wlan1});

  report(100, wlan0, alice);

  EXPECT_EQ(scripts[0].told.back(), "reading @100");
}

TEST_F(Radio, ReadsAllItsInterfacesAtTheEndOfADwell) {
  on(on_radio(wlan0));
  on(on_radio(wlan1));
  scripts[0].reads_now = true;

  EXPECT_THAT(on(StationJoined{at_ms(1), wlan0, alice}).read_now, ElementsAre(wlan0, wlan1));
}

TEST_F(Radio, DoesNotMindASecondRadio) {
  InterfaceUp other = on_radio(wlan1, dbm(10));
  other.wiphy = WiphyIndex{1};
  on(on_radio(wlan0));

  on(other);
  report(100, wlan0, alice);

  EXPECT_EQ(scripts.made(), 2u);
  EXPECT_EQ(scripts[0].box, Box(dbm(1), dbm(20)));
  EXPECT_EQ(scripts[1].box, Box(dbm(1), dbm(10)));
  EXPECT_EQ(scripts[0].told.back(), "reading @100");
}

// A new interface may come up with power of its own.
TEST_F(Radio, TakesANewInterfaceToTheLevelInForce) {
  on(on_radio(wlan0));
  scripts[0].wants = dbm(12);
  report(100, wlan0, alice);
  on(accepted(at_ms(101), knob_of_phy0, dbm(12)));

  EXPECT_THAT(levels_asked(on(on_radio(wlan1))), ElementsAre(dbm(12)));
}

TEST_F(Radio, LeavesANewInterfaceAloneThatIsAtTheLevelInForce) {
  on(on_radio(wlan0));
  scripts[0].wants = dbm(12);
  report(100, wlan0, alice);
  on(accepted(at_ms(101), knob_of_phy0, dbm(12)));
  InterfaceUp follower = on_radio(wlan1);
  follower.power = dbm(12);

  EXPECT_THAT(on(follower).commands, IsEmpty());
}

TEST_F(Radio, WakesForTheEarliestOfAllDomains) {
  scripts[0].wakes_after = 300ms;
  scripts[1].wakes_after = 200ms;
  InterfaceUp other = access_point(wlan1);
  other.at = at_ms(50);

  EXPECT_EQ(on(access_point(wlan0)).wake, at_ms(300));
  EXPECT_EQ(on(other).wake, at_ms(250));

  EXPECT_EQ(on(Wake{at_ms(250)}).wake, at_ms(300));
  EXPECT_EQ(scripts[0].told.back(), "start start @0");
  EXPECT_EQ(scripts[1].told.back(), "wake @250");
}

TEST_F(Radio, OneWakeMayBeForSeveralDomains) {
  scripts[0].wakes_after = 300ms;
  scripts[1].wakes_after = 300ms;
  on(access_point(wlan0));
  on(access_point(wlan1));

  on(Wake{at_ms(310)});

  EXPECT_EQ(scripts[0].told.back(), "wake @310");
  EXPECT_EQ(scripts[1].told.back(), "wake @310");
}

}  // namespace
}  // namespace pianissimo
