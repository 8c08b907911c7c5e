#include "experiments/replay/power.hpp"

#include <gmock/gmock.h>

#include "tests/unit/core/words.hpp"

namespace pianissimo::replay {
namespace {

using namespace test;

PowerResult set_to(int ms, const Knob& knob, int level) {
  return {.at = at_ms(ms), .knob = knob, .asked = dbm(level)};
}

InterfaceUp up_at(int ms, KnobKind path, int power) {
  InterfaceUp up = access_point(wlan0);
  up.at = at_ms(ms);
  up.path = path;
  up.power = dbm(power);
  return up;
}

TEST(PowerInForce, MeansLevelsOverTime) {
  PowerInForce power;
  power.on(up_at(0, KnobKind::interface, 20));
  power.on(set_to(100, knob_of_wlan0, 10));
  power.on(Wake{at_ms(400)});
  power.end();

  EXPECT_DOUBLE_EQ(*power.mean_dbm(), (20 * 100 + 10 * 300) / 400.0);
}

TEST(PowerInForce, BeforeAnyTimeHasPassedHasNoMean) {
  PowerInForce power;
  power.on(up_at(5, KnobKind::interface, 20));
  power.end();

  EXPECT_EQ(power.mean_dbm(), std::nullopt);
}

TEST(PowerInForce, IsWhatWasReadBack) {
  PowerInForce power;
  PowerResult clamped = set_to(1, knob_of_wlan0, 17);
  clamped.read_back = dbm(14);
  power.on(up_at(0, KnobKind::interface, 20));
  power.on(clamped);

  EXPECT_EQ(power.level(knob_of_wlan0), dbm(14));
  EXPECT_TRUE(power.has_visited(knob_of_wlan0, dbm(14)));
  EXPECT_TRUE(power.has_visited(knob_of_wlan0, dbm(20)));
  EXPECT_FALSE(power.has_visited(knob_of_wlan0, dbm(17)));
}

TEST(PowerInForce, StaysWhereACommandIsRefused) {
  PowerInForce power;
  PowerResult refused = set_to(1, knob_of_wlan0, 17);
  refused.answer = PowerAnswer::not_permitted;
  power.on(up_at(0, KnobKind::interface, 20));
  power.on(refused);

  EXPECT_EQ(power.level(knob_of_wlan0), dbm(20));
}

TEST(PowerInForce, EndsWithItsInterface) {
  PowerInForce power;
  power.on(up_at(0, KnobKind::interface, 20));
  power.on(InterfaceGone{at_ms(100), wlan0});
  power.on(Wake{at_ms(1000)});

  EXPECT_EQ(power.level(knob_of_wlan0), std::nullopt);
  EXPECT_DOUBLE_EQ(*power.mean_dbm(), 20);
}

TEST(PowerInForce, OfARadioEndsWithItsLastInterface) {
  PowerInForce power;
  const Knob radio{.kind = KnobKind::wiphy};
  InterfaceUp other = up_at(0, KnobKind::wiphy, 20);
  other.interface = wlan1;
  power.on(up_at(0, KnobKind::wiphy, 20));
  power.on(other);

  power.on(InterfaceGone{at_ms(100), wlan0});
  EXPECT_EQ(power.level(radio), dbm(20));
  power.on(InterfaceGone{at_ms(100), wlan1});
  EXPECT_EQ(power.level(radio), std::nullopt);
}

TEST(PowerInForce, OfAStationBeginsAtThatOfItsInterfaceAndEndsWithIt) {
  PowerInForce power;
  const Knob knob{KnobKind::station, phy0, wlan0, alice};
  power.on(up_at(0, KnobKind::station, 18));
  power.on(StationReport{at_ms(1), wlan0, {{.station = alice}}});
  EXPECT_EQ(power.level(knob), dbm(18));

  power.on(StationLeft{at_ms(2), wlan0, alice});
  EXPECT_EQ(power.level(knob), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::replay
