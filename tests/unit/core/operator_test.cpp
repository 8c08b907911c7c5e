// What an operator wants at run time: to hold a power, and a ceiling.
#include <gmock/gmock.h>

#include "tests/unit/core/script.hpp"

namespace pianissimo {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Asker root{0, 812};

class OperatorTest : public testing::Test {
 protected:
  Outcome on(const Event& event) { return controller.on(event); }
  Outcome hold(std::int64_t ms, std::optional<Dbm> level = {}, std::optional<Instant> until = {}) {
    return on(HoldSet{at_ms(ms), wlan0, true, level, until, root});
  }
  Outcome resume(std::int64_t ms) { return on(HoldSet{at_ms(ms), wlan0, false, {}, {}, root}); }
  Outcome ceiling(std::int64_t ms, std::optional<Dbm> level) {
    return on(CeilingSet{at_ms(ms), wlan0, level, root});
  }
  Outcome report(std::int64_t ms) {
    return on(StationReport{at_ms(ms), wlan0, {sample(alice)}, true});
  }
  // An access point whose law has gone down to 12 dBm.
  void drive_at_12() {
    on(access_point());
    scripts[0].wants = dbm(12);
    report(10);
    on(accepted(at_ms(11), knob_of_wlan0, dbm(12)));
  }

  Scripts scripts;
  Controller controller{BoxParams{.floor = dbm(3)}, scripts.factory()};
};

TEST_F(OperatorTest, AHeldPowerStaysWhateverTheLawWouldDo) {
  drive_at_12();

  const Outcome out = hold(20);
  scripts[0].wants = dbm(5);

  EXPECT_THAT(out.decisions,
              ElementsAre(Decision{at_ms(20), knob_of_wlan0, dbm(12), dbm(12), Reason::held, {}}));
  EXPECT_THAT(out.commands, IsEmpty());
  EXPECT_THAT(report(30).commands, IsEmpty());
  EXPECT_THAT(on(StationJoined{at_ms(31), wlan0, bob}).commands, IsEmpty());
  EXPECT_THAT(on(StationLeft{at_ms(32), wlan0, bob}).commands, IsEmpty());
}

TEST_F(OperatorTest, AHeldPowerMakesNoVisits) {
  scripts[0].wakes_after = 5ms;
  drive_at_12();

  EXPECT_EQ(hold(20).wake, std::nullopt);
}

TEST_F(OperatorTest, AnotherHoldMayNameALevel) {
  drive_at_12();
  hold(20);

  EXPECT_THAT(levels_asked(hold(30, dbm(9))), ElementsAre(dbm(9)));
}

TEST_F(OperatorTest, NoHoldLeadsOutOfTheBox) {
  drive_at_12();

  EXPECT_THAT(levels_asked(hold(20, dbm(30))), ElementsAre(dbm(20)));
  on(accepted(at_ms(21), knob_of_wlan0, dbm(20)));
  const Outcome low = hold(30, dbm(1));
  EXPECT_THAT(levels_asked(low), ElementsAre(dbm(3)));
  EXPECT_EQ(low.decisions.at(0).evidence.level, dbm(1)) << "it is said";
}

TEST_F(OperatorTest, ALimitThatFallsLowersAHeldPowerAndOneThatRisesGivesItBack) {
  drive_at_12();
  hold(20);
  InterfaceUp up = access_point();
  up.power = dbm(12);
  up.at = at_ms(30);
  up.channel_maximum = dbm(8);

  EXPECT_THAT(levels_asked(on(up)), ElementsAre(dbm(8)));
  on(accepted(at_ms(31), knob_of_wlan0, dbm(8)));
  up.at = at_ms(40);
  up.power = dbm(8);
  up.channel_maximum = dbm(20);
  EXPECT_THAT(levels_asked(on(up)), ElementsAre(dbm(12)));
}

TEST_F(OperatorTest, SomebodyElsesHigherPowerIsTakenBackToTheHeldOne) {
  drive_at_12();
  hold(20);
  InterfaceUp up = access_point();
  up.at = at_ms(30);
  up.power = dbm(19);

  EXPECT_THAT(levels_asked(on(up)), ElementsAre(dbm(12)));
}

TEST_F(OperatorTest, ResumedItBeginsAnew) {
  drive_at_12();
  hold(20);
  scripts[0].wants.reset();

  const Outcome out = resume(30);

  EXPECT_THAT(reasons(out), ElementsAre(Reason::resumed));
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(20)));
}

TEST_F(OperatorTest, ResumingWhatIsNotHeldChangesNothing) {
  drive_at_12();

  EXPECT_THAT(resume(20).decisions, IsEmpty());
}

TEST_F(OperatorTest, AHoldMayHaveAnEnd) {
  drive_at_12();

  EXPECT_EQ(hold(20, {}, at_ms(500)).wake, at_ms(500));
  EXPECT_THAT(on(Wake{at_ms(499)}).decisions, IsEmpty());
  EXPECT_THAT(reasons(on(Wake{at_ms(500)})), ElementsAre(Reason::resumed));
}

TEST_F(OperatorTest, ACeilingIsABoxThatBeginsAnew) {
  drive_at_12();
  scripts[0].wants.reset();

  const Outcome out = ceiling(20, dbm(10));

  EXPECT_THAT(reasons(out), ElementsAre(Reason::operator_ceiling));
  EXPECT_EQ(out.decisions.at(0).evidence.level, dbm(10));
  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(10)));
  EXPECT_EQ(scripts[0].box, Box(dbm(3), dbm(10)));
}

TEST_F(OperatorTest, NoCeilingWidensTheBox) {
  drive_at_12();

  EXPECT_EQ(ceiling(20, dbm(36)).decisions.size(), 0u);
  ceiling(30, dbm(1));

  EXPECT_EQ(scripts[0].box, Box(dbm(3), dbm(3))) << "the configuration's floor is not left";
}

TEST_F(OperatorTest, ACeilingIsLiftedAgain) {
  drive_at_12();
  ceiling(20, dbm(10));

  EXPECT_THAT(reasons(ceiling(30, std::nullopt)), ElementsAre(Reason::operator_ceiling));
  EXPECT_EQ(scripts[0].box, Box(dbm(3), dbm(20)));
}

TEST_F(OperatorTest, ACeilingLowersAHeldPower) {
  drive_at_12();
  hold(20);

  EXPECT_THAT(levels_asked(ceiling(30, dbm(7))), ElementsAre(dbm(7)));
}

TEST_F(OperatorTest, WishesMayComeBeforeTheInterfaceAndGoWithIt) {
  ceiling(1, dbm(10));
  hold(2, dbm(15));
  scripts[0].wants = dbm(4);

  EXPECT_THAT(levels_asked(on(access_point())), ElementsAre(dbm(10)));
  on(InterfaceGone{at_ms(10), wlan0});
  on(access_point());
  EXPECT_EQ(scripts[1].box, Box(dbm(3), dbm(20)));
}

TEST_F(OperatorTest, ARadioIsHeldThroughAnyOfItsInterfaces) {
  for (const InterfaceIndex index : {wlan0, wlan1}) {
    InterfaceUp up = access_point(index);
    up.path = KnobKind::wiphy;
    on(up);
  }
  on(HoldSet{at_ms(5), wlan1, true, {}, {}, root});
  scripts[0].wants = dbm(5);
  const auto both_reported = [&](std::int64_t ms) {
    report(ms);
    return on(StationReport{at_ms(ms), wlan1, {}, true});
  };

  EXPECT_THAT(both_reported(10).commands, IsEmpty());
  EXPECT_THAT(levels_asked(on(InterfaceGone{at_ms(20), wlan1})), ElementsAre(dbm(5)))
      << "its hold goes with it";
}

TEST_F(OperatorTest, EveryStationsKnobOfAHeldInterfaceIsHeld) {
  InterfaceUp up = access_point();
  up.path = KnobKind::station;
  on(up);
  on(StationJoined{at_ms(1), wlan0, alice});
  hold(5);
  scripts[0].wants = scripts[1].wants = dbm(5);

  on(StationJoined{at_ms(6), wlan0, bob});

  EXPECT_THAT(on(StationReport{at_ms(10), wlan0, {sample(alice), sample(bob)}, true}).commands,
              IsEmpty());
}

}  // namespace
}  // namespace pianissimo
