// What a reading of a power means: ours, found, or somebody else's.
#include "controller/service/power_watch.hpp"

#include <gmock/gmock.h>

namespace pianissimo::service {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::UnorderedElementsAre;
using Verdict = PowerWatch::Verdict;

constexpr Dbm mbm(std::int32_t millibel) { return Dbm::from_mbm(millibel); }

// An interface alone with its knob, on a channel that allows 23 dBm.
PowerSight wlan0_at(std::optional<Dbm> power) {
  return {.name = "wlan0",
          .interface = InterfaceIndex{3},
          .wiphy = WiphyIndex{7},
          .path = KnobKind::interface,
          .power = power,
          .channel_maximum = dbm(23)};
}

// One of several on a radio.
PowerSight on_radio(std::string name, std::uint32_t index, Dbm power) {
  PowerSight sight = wlan0_at(power);
  sight.name = std::move(name);
  sight.interface = InterfaceIndex{index};
  sight.path = KnobKind::wiphy;
  return sight;
}

constexpr Knob knob{
    .kind = KnobKind::interface, .wiphy = WiphyIndex{7}, .interface = InterfaceIndex{3}};
constexpr Knob radio{.kind = KnobKind::wiphy, .wiphy = WiphyIndex{7}};

class PowerWatchTest : public ::testing::Test {
 protected:
  Verdict see(const PowerSight& sight, std::optional<Dbm> by_hand = {}) {
    auto finding = watch.look(sight, by_hand);
    const auto verdict = finding.verdict;
    watch.adopt(sight, std::move(finding));
    return verdict;
  }
  Verdict verdict(const PowerSight& sight) const { return watch.look(sight, {}).verdict; }
  void write(const Knob& to, Dbm level) {
    watch.trying(to, level);
    watch.wrote(to, level);
  }
  const FoundPower& found(const std::string& name = "wlan0") const {
    return watch.found().at(name);
  }

  PowerWatch watch;
};

TEST_F(PowerWatchTest, TheFirstReadingIsThePowerFound) {
  EXPECT_EQ(see(wlan0_at(dbm(20))), Verdict::found);

  EXPECT_EQ(found(), (FoundPower{.path = KnobKind::interface,
                                 .wiphy = WiphyIndex{7},
                                 .power = dbm(20),
                                 .interface = InterfaceIndex{3},
                                 .setting = PowerSetting::fixed,
                                 .channel_maximum = dbm(23)}));
}

TEST_F(PowerWatchTest, WithinADecibelOfTheMaximumItWasTheKernels) {
  EXPECT_EQ(watch.look(wlan0_at(dbm(22)), {}).found.at("wlan0").setting, PowerSetting::fixed);
  EXPECT_EQ(watch.look(wlan0_at(mbm(2201)), {}).found.at("wlan0").setting, PowerSetting::automatic);
}

PowerSight told(PowerSight sight, std::optional<Dbm> level) {
  sight.told = PowerSet{Instant{}, sight.wiphy, {"iw", 812}, level};
  return sight;
}

TEST_F(PowerWatchTest, WhoHasSetAPowerIsNamedWhereTheReadingAgrees) {
  EXPECT_EQ(who_set(told(wlan0_at(dbm(5)), dbm(5))), "iw (pid 812) set 5 dBm");
  EXPECT_EQ(who_set(told(wlan0_at(mbm(550)), dbm(5))), "iw (pid 812) set 5.5 dBm");
  EXPECT_EQ(who_set(told(wlan0_at(dbm(5)), dbm(6))), "somebody else set 5 dBm");
  EXPECT_EQ(who_set(wlan0_at(dbm(5))), "somebody else set 5 dBm");
}

TEST_F(PowerWatchTest, WhatTheKernelCutsIsStillTheirs) {
  EXPECT_EQ(who_set(told(wlan0_at(dbm(23)), dbm(30))), "iw (pid 812) set 23 dBm");
  EXPECT_EQ(who_set(told(wlan0_at(dbm(22)), std::nullopt)),
            "iw (pid 812) set automatic power, 22 dBm");
}

TEST_F(PowerWatchTest, TheLevelThatIsOursTooIsALimitIfSomebodyHasSetIt) {
  see(wlan0_at(dbm(20)));
  write(knob, dbm(5));
  ASSERT_EQ(see(wlan0_at(dbm(5))), Verdict::ours);

  EXPECT_EQ(verdict(told(wlan0_at(dbm(5)), mbm(550))), Verdict::ours) << "which was refused";
  EXPECT_EQ(verdict(told(wlan0_at(dbm(5)), std::nullopt)), Verdict::ours);
  EXPECT_EQ(see(told(wlan0_at(dbm(5)), dbm(5))), Verdict::lowered);

  EXPECT_EQ(found().power, dbm(5));
  EXPECT_EQ(see(told(wlan0_at(dbm(5)), dbm(5))), Verdict::ours) << "which is known by then";
}

TEST_F(PowerWatchTest, WhoSetsThePowerFoundSetsNoLimit) {
  see(wlan0_at(dbm(20)));

  EXPECT_EQ(see(told(wlan0_at(dbm(20)), dbm(20))), Verdict::ours);
}

TEST_F(PowerWatchTest, WhatNoAccessPointSendsWithIsNotFound) {
  EXPECT_EQ(verdict(wlan0_at(dbm(5))), Verdict::found);
  EXPECT_EQ(verdict(wlan0_at(mbm(2399))), Verdict::found) << "rounded up by the driver";
  EXPECT_EQ(verdict(wlan0_at(mbm(499))), Verdict::implausible);
  EXPECT_EQ(verdict(wlan0_at(dbm(24))), Verdict::implausible);
  EXPECT_EQ(verdict(wlan0_at(std::nullopt)), Verdict::implausible);
  EXPECT_THAT(watch.look(wlan0_at(dbm(3)), {}).why, HasSubstr("reports 3 dBm"));
  EXPECT_THAT(watch.look(wlan0_at(dbm(24)), {}).why,
              HasSubstr("reports 24 dBm, more than the channel's maximum of 23 dBm"));
  EXPECT_THAT(watch.look(wlan0_at(dbm(3)), {}).found, IsEmpty());
}

TEST_F(PowerWatchTest, ACeilingByHandStandsInForWhatCannotBeBelieved) {
  const auto finding = watch.look(wlan0_at(dbm(0)), dbm(15));

  EXPECT_EQ(finding.verdict, Verdict::found);
  EXPECT_THAT(finding.why, HasSubstr("0 dBm"));
  EXPECT_EQ(finding.found.at("wlan0").power, dbm(15));
  EXPECT_EQ(finding.found.at("wlan0").setting, PowerSetting::unknown);
}

TEST_F(PowerWatchTest, ADriverThatWasNotBelievedIsNotHeardLaterEither) {
  see(wlan0_at(dbm(0)), dbm(15));

  for (const std::optional<Dbm> power : {std::optional{dbm(0)}, {dbm(9)}, {dbm(40)}, {}}) {
    EXPECT_EQ(see(wlan0_at(power), dbm(15)), Verdict::ours);
  }
  EXPECT_EQ(found().power, dbm(15));
}

TEST_F(PowerWatchTest, WhatIsReadWithinADecibelOfWhatWasFoundIsThat) {
  see(wlan0_at(dbm(20)));

  EXPECT_EQ(verdict(wlan0_at(mbm(2099))), Verdict::ours);
  EXPECT_EQ(verdict(wlan0_at(dbm(21))), Verdict::raised);
  EXPECT_EQ(verdict(wlan0_at(mbm(1901))), Verdict::ours);
  EXPECT_EQ(verdict(wlan0_at(dbm(19))), Verdict::lowered);
}

TEST_F(PowerWatchTest, WhatIsReadWithinADecibelOfWhatWasWrittenIsThat) {
  see(wlan0_at(dbm(20)));
  write(knob, dbm(10));

  EXPECT_EQ(verdict(wlan0_at(mbm(1099))), Verdict::ours);
  EXPECT_EQ(verdict(wlan0_at(dbm(11))), Verdict::lowered);
  EXPECT_EQ(verdict(wlan0_at(mbm(901))), Verdict::ours);
  EXPECT_EQ(verdict(wlan0_at(dbm(9))), Verdict::lowered);
  EXPECT_EQ(verdict(wlan0_at(dbm(20))), Verdict::raised) << "we have written since it was found";
}

TEST_F(PowerWatchTest, WhatTheLastReadingWasIsOurs) {
  see(wlan0_at(dbm(20)));
  write(knob, dbm(10));
  PowerSight sight = wlan0_at(dbm(13));
  sight.last_read = dbm(13);

  EXPECT_EQ(verdict(sight), Verdict::ours);
  sight.last_read = dbm(12);
  EXPECT_EQ(verdict(sight), Verdict::lowered);
}

// A write that timed out may have come through.
TEST_F(PowerWatchTest, WhatWasOnlyTriedMayBeInForce) {
  see(wlan0_at(dbm(20)));
  write(knob, dbm(10));

  watch.trying(knob, dbm(15));

  EXPECT_EQ(verdict(wlan0_at(dbm(15))), Verdict::ours);
  EXPECT_EQ(verdict(wlan0_at(dbm(10))), Verdict::ours);
  EXPECT_EQ(verdict(wlan0_at(dbm(12))), Verdict::lowered);
}

TEST_F(PowerWatchTest, WhatTheChannelCapsIsOurs) {
  see(wlan0_at(dbm(20)));
  PowerSight capped = wlan0_at(dbm(14));
  capped.channel_maximum = dbm(14);

  EXPECT_EQ(verdict(capped), Verdict::ours);
  write(knob, dbm(18));
  EXPECT_EQ(verdict(capped), Verdict::ours);
  write(knob, dbm(10));
  EXPECT_EQ(verdict(capped), Verdict::lowered);
}

TEST_F(PowerWatchTest, WhatWasTheKernelsFollowsTheChannel) {
  see(wlan0_at(dbm(23)));
  PowerSight wider = wlan0_at(dbm(26));
  wider.channel_maximum = dbm(26);

  EXPECT_EQ(verdict(wider), Verdict::ours);
  wider.power = dbm(25);
  EXPECT_EQ(verdict(wider), Verdict::raised);
}

TEST_F(PowerWatchTest, WhatWasSetDoesNotFollowTheChannel) {
  see(wlan0_at(dbm(20)));

  EXPECT_EQ(verdict(wlan0_at(dbm(23))), Verdict::raised);
}

TEST_F(PowerWatchTest, ALowerPowerIsALimitAndIsPutBackAsALevel) {
  see(wlan0_at(dbm(20)));
  PowerSight lower = wlan0_at(dbm(12));
  lower.channel_maximum = dbm(12);
  write(knob, dbm(10));

  EXPECT_EQ(see(lower), Verdict::lowered);

  EXPECT_EQ(found().power, dbm(12));
  EXPECT_EQ(found().setting, PowerSetting::fixed) << "though it is the channel's maximum";
}

TEST_F(PowerWatchTest, AHigherPowerChangesNothing) {
  see(wlan0_at(dbm(20)));

  EXPECT_EQ(see(wlan0_at(dbm(22))), Verdict::raised);

  EXPECT_EQ(found().power, dbm(20));
}

TEST_F(PowerWatchTest, NoLevelOfARadioChangesNothing) {
  see(wlan0_at(dbm(20)));

  for (const std::optional<Dbm> power : {std::optional{mbm(-1001)}, {dbm(24)}, {}}) {
    EXPECT_EQ(see(wlan0_at(power)), Verdict::unreadable);
  }
  EXPECT_EQ(found().power, dbm(20));
  EXPECT_THAT(watch.look(wlan0_at(dbm(24)), {}).why, HasSubstr("24 dBm"));
  EXPECT_EQ(verdict(wlan0_at(dbm(-10))), Verdict::lowered);
}

TEST_F(PowerWatchTest, AnInterfaceThatWasGoneBringsAPowerOfItsOwn) {
  see(wlan0_at(dbm(12)));

  watch.see_present({InterfaceIndex{3}});
  EXPECT_EQ(verdict(wlan0_at(dbm(18))), Verdict::raised);
  watch.see_present({InterfaceIndex{4}});
  EXPECT_EQ(see(wlan0_at(dbm(18))), Verdict::found);

  EXPECT_EQ(found().power, dbm(18));
}

TEST_F(PowerWatchTest, LiftingTheLimitsBringsBackWhatWasFoundAtFirst) {
  see(wlan0_at(dbm(20)));
  see(wlan0_at(dbm(12)));
  see(wlan0_at(dbm(8)));
  ASSERT_EQ(found().power, dbm(8));

  watch.lift_limits();

  EXPECT_EQ(found().power, dbm(20));
  see(wlan0_at(dbm(12)));
  watch.lift_limits();
  EXPECT_EQ(found().power, dbm(20)) << "and again";
}

TEST_F(PowerWatchTest, LiftingTheLimitsBringsBackNothingOfAnEarlierLife) {
  see(wlan0_at(dbm(20)));
  see(wlan0_at(dbm(12)));
  watch.see_present({});
  see(wlan0_at(dbm(16)));

  watch.lift_limits();

  EXPECT_EQ(found().power, dbm(16));
}

TEST_F(PowerWatchTest, LiftingTheLimitsBringsBackNoInterfaceThatIsForgotten) {
  see(wlan0_at(dbm(20)));
  see(wlan0_at(dbm(12)));
  watch.owe({});

  watch.lift_limits();

  EXPECT_THAT(watch.found(), IsEmpty());
}

TEST_F(PowerWatchTest, OnlyWhatWasWrittenIsPutBack) {
  see(wlan0_at(dbm(20)));
  PowerSight other = wlan0_at(dbm(18));
  other.name = "wlan1";
  other.interface = InterfaceIndex{4};
  see(other);
  EXPECT_THAT(watch.to_put_back(), IsEmpty());

  write(knob, dbm(10));

  EXPECT_THAT(watch.to_put_back(), UnorderedElementsAre(Key("wlan0")));
}

TEST_F(PowerWatchTest, WhatIsPutBackIsWhatStands) {
  see(wlan0_at(dbm(20)));
  write(knob, dbm(10));

  watch.all_put_back();

  EXPECT_THAT(watch.to_put_back(), IsEmpty());
  EXPECT_EQ(verdict(wlan0_at(dbm(20))), Verdict::ours);
  EXPECT_EQ(verdict(wlan0_at(dbm(10))), Verdict::lowered);
  write(knob, dbm(15));
  EXPECT_THAT(watch.to_put_back(), UnorderedElementsAre(Key("wlan0"))) << "written once more";
}

TEST_F(PowerWatchTest, WhatWasTriedAfterItWasPutBackIsPutBackOnceMore) {
  see(wlan0_at(dbm(20)));
  write(knob, dbm(10));
  watch.all_put_back();

  watch.trying(knob, dbm(15));

  EXPECT_THAT(watch.to_put_back(), UnorderedElementsAre(Key("wlan0")));
}

TEST_F(PowerWatchTest, WhatWasTheKernelsFollowsTheChannelWhenItIsPutBack) {
  see(wlan0_at(dbm(23)));
  write(knob, dbm(10));
  watch.all_put_back();
  PowerSight wider = wlan0_at(dbm(26));
  wider.channel_maximum = dbm(26);

  EXPECT_EQ(verdict(wider), Verdict::ours);
}

TEST_F(PowerWatchTest, ARadioThatIsPutBackHasTheLowestOfItsInterfaces) {
  see(on_radio("wlan0", 3, dbm(20)));
  write(radio, dbm(5));
  see(on_radio("wlan1", 4, dbm(5)));
  see(on_radio("wlan1", 4, dbm(14)));
  ASSERT_EQ(found("wlan1").power, dbm(14));

  watch.all_put_back();

  EXPECT_EQ(verdict(on_radio("wlan0", 3, dbm(14))), Verdict::ours);
}

TEST_F(PowerWatchTest, WhatIsOwedIsPutBackWhoeverWrote) {
  const FoundPowers left{{"wlan9", {.power = dbm(17), .interface = InterfaceIndex{9}}}};

  watch.owe(left);
  EXPECT_EQ(watch.to_put_back(), left);
  watch.all_put_back();

  EXPECT_THAT(watch.to_put_back(), IsEmpty());
}

TEST_F(PowerWatchTest, WhatIsOwedIsPutBackTheWayItWasWritten) {
  watch.owe({{"wlan0",
              {.path = KnobKind::wiphy,
               .wiphy = WiphyIndex{7},
               .power = dbm(17),
               .interface = InterfaceIndex{3}}}});

  see(wlan0_at(dbm(17)));

  EXPECT_EQ(found().path, KnobKind::wiphy);
  watch.all_put_back();
  see(wlan0_at(dbm(17)));
  EXPECT_EQ(found().path, KnobKind::interface);
}

TEST_F(PowerWatchTest, ARenamedInterfaceIsTheSame) {
  see(wlan0_at(dbm(20)));
  write(knob, dbm(10));
  PowerSight renamed = wlan0_at(dbm(10));
  renamed.name = "ap0";

  EXPECT_EQ(see(renamed), Verdict::ours);

  EXPECT_THAT(watch.found(), UnorderedElementsAre(Key("ap0")));
  EXPECT_EQ(found("ap0").power, dbm(20));
}

TEST_F(PowerWatchTest, AnotherInterfaceOfTheRadioHasTheRadiosPowerFound) {
  see(on_radio("wlan0", 3, dbm(20)));
  write(radio, dbm(5));

  EXPECT_EQ(see(on_radio("guest", 4, dbm(5))), Verdict::ours);

  EXPECT_EQ(found("guest").power, dbm(20));
  EXPECT_EQ(found("guest").interface, InterfaceIndex{4});
  EXPECT_THAT(watch.found(), UnorderedElementsAre(Key("wlan0"), Key("guest")));
}

TEST_F(PowerWatchTest, AnInterfaceThatReturnsToItsRadioHasItsOwnRatherThanAnothers) {
  see(on_radio("aaa", 3, dbm(20)));
  write(radio, dbm(5));
  see(on_radio("wlan1", 4, dbm(5)));
  see(on_radio("wlan1", 4, dbm(14)));
  write(radio, dbm(5));

  EXPECT_EQ(see(on_radio("wlan1", 9, dbm(5))), Verdict::ours);

  EXPECT_EQ(found("wlan1").power, dbm(14));
}

TEST_F(PowerWatchTest, AnInterfaceOnAnotherRadioHasNothingToDoWithThisOne) {
  see(on_radio("wlan0", 3, dbm(20)));
  PowerSight other = on_radio("wlan1", 4, dbm(18));
  other.wiphy = WiphyIndex{8};

  EXPECT_FALSE(watch.knows(other));
  EXPECT_EQ(verdict(other), Verdict::found);
  other.name = "wlan0";
  EXPECT_FALSE(watch.knows(other)) << "whatever its name is";
  EXPECT_TRUE(watch.knows(on_radio("wlan1", 4, dbm(18))));
}

TEST_F(PowerWatchTest, AnInterfaceWithAKnobOfItsOwnHasNothingToDoWithTheRadio) {
  see(on_radio("wlan0", 3, dbm(20)));
  PowerSight other = wlan0_at(dbm(18));
  other.interface = InterfaceIndex{4};

  EXPECT_FALSE(watch.knows(other));
}

TEST_F(PowerWatchTest, WhatAStationWasGivenIsNoPowerOfTheInterface) {
  PowerSight sight = wlan0_at(dbm(20));
  sight.path = KnobKind::station;
  see(sight);
  write({.kind = KnobKind::station, .interface = InterfaceIndex{3}}, dbm(5));

  EXPECT_EQ(verdict(sight), Verdict::ours);
  sight.power = dbm(5);
  EXPECT_EQ(verdict(sight), Verdict::lowered);
}

}  // namespace
}  // namespace pianissimo::service
