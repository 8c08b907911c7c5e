// Who counts: our programs where they can be attached and agree with the driver, else the driver.
#include "controller/service/traffic_watch.hpp"

#include <gmock/gmock.h>

namespace pianissimo::service {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

constexpr InterfaceIndex wlan0{3};
constexpr MacAddress alice{{2, 0, 0, 0, 0, 0xa}};
constexpr MacAddress bob{{2, 0, 0, 0, 0, 0xb}};

// Hooks in this process: where they are, and what they have counted.
class FakeHooks final : public TrafficSource {
 public:
  std::optional<PortError> refusal;
  std::vector<std::string> warnings;
  bool in_place = false;
  int attached = 0;
  int detached = 0;
  std::vector<InterfaceIndex> detached_vlans;
  TrafficSample counted{.station = alice};

  Result<Attached> attach(const ApInterface&, TrafficAttach) override {
    if (refusal) return *refusal;
    ++attached;
    in_place = true;
    return Attached{"native XDP, tcx egress", warnings};
  }
  bool is_attached(const ApInterface&) const override { return in_place; }
  void detach(const ApInterface& interface) override {
    ++detached;
    detached_vlans = interface.vlans;
    in_place = false;
  }
  TrafficReport read(const StationReading& reading, Instant now) override {
    return {now, reading.report.interface, {counted}};
  }
};

class TrafficWatchTest : public testing::Test {
 protected:
  void configure(TrafficSourceChoice source, TrafficSource* hooks_or_null) {
    watch.emplace(hooks_or_null, TrafficConfig{source, TrafficAttach::automatic},
                  [this](std::string text) { said.push_back(std::move(text)); });
  }
  std::optional<TrafficSourceSet> look_after(std::vector<InterfaceIndex> vlans = {}) {
    return watch->look_after({.index = wlan0, .name = "wlan0", .vlans = std::move(vlans)}, now);
  }
  std::optional<TrafficSourceSet> look_after_as(InterfaceMode mode) {
    return watch->look_after({.index = wlan0, .name = "wlan0", .mode = mode}, now);
  }
  std::vector<Event> second() {
    now += 1s;
    std::vector<StationSample> stations{driver};
    stations.insert(stations.end(), uncounted.begin(), uncounted.end());
    return watch->read({StationReport{now, wlan0, stations}, on_vlan}, now);
  }

  FakeHooks hooks;
  std::optional<TrafficWatch> watch;
  std::vector<std::string> said;
  Instant now{1000s};
  StationSample driver{.station = alice, .tx_bytes = 0};
  std::vector<StationSample> uncounted;  ///< not by our programs
  std::map<MacAddress, InterfaceIndex> on_vlan;
};

TEST_F(TrafficWatchTest, InStationAndMeshModeTheDriverCounts) {
  for (const auto& [mode, how] :
       {std::pair{InterfaceMode::station, "in station mode a frame does not name the next hop"},
        {InterfaceMode::mesh, "in mesh mode a frame does not name the next hop"}}) {
    configure(TrafficSourceChoice::automatic, &hooks);
    EXPECT_EQ(look_after_as(mode), (TrafficSourceSet{now, wlan0, TrafficOrigin::nl80211, how}));
    EXPECT_EQ(look_after_as(mode), std::nullopt);
  }
  EXPECT_EQ(hooks.attached, 0);
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(TrafficWatchTest, WhoAsksForOurProgramsThereIsToldThatTheDriverCounts) {
  configure(TrafficSourceChoice::bpf, &hooks);

  look_after_as(InterfaceMode::station);

  EXPECT_THAT(said, ElementsAre(HasSubstr("wlan0: in station mode")));
}

TEST_F(TrafficWatchTest, AnotherModeChangesWhoCounts) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after_as(InterfaceMode::access_point);

  EXPECT_EQ(look_after_as(InterfaceMode::station)->origin, TrafficOrigin::nl80211);
  EXPECT_FALSE(hooks.in_place);
  EXPECT_EQ(look_after_as(InterfaceMode::access_point)->origin, TrafficOrigin::bpf);
  EXPECT_TRUE(hooks.in_place);
}

TEST_F(TrafficWatchTest, OurProgramsServeWhereTheyCanBeAttached) {
  configure(TrafficSourceChoice::automatic, &hooks);

  EXPECT_EQ(look_after(),
            (TrafficSourceSet{now, wlan0, TrafficOrigin::bpf, "native XDP, tcx egress"}));
  const auto events = second();
  EXPECT_THAT(events, ElementsAre(Event{TrafficReport{now, wlan0, {hooks.counted}}}));
}

TEST_F(TrafficWatchTest, NothingIsNewWhileTheyAreInPlace) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();

  EXPECT_EQ(look_after(), std::nullopt);
  EXPECT_EQ(hooks.attached, 1);
}

TEST_F(TrafficWatchTest, WhatTheOperatorShouldKnowIsSaid) {
  configure(TrafficSourceChoice::automatic, &hooks);
  hooks.warnings = {"wlan0: somebody else's XDP program"};

  look_after();

  EXPECT_THAT(said, ElementsAre("wlan0: somebody else's XDP program"));
}

TEST_F(TrafficWatchTest, AHookThatSomebodyRemovedIsAttachedAnew) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  hooks.in_place = false;

  const auto serving = look_after();

  ASSERT_TRUE(serving);
  EXPECT_EQ(serving->origin, TrafficOrigin::bpf);
  EXPECT_EQ(hooks.attached, 2);
  EXPECT_THAT(said, ElementsAre(HasSubstr("gone")));
}

TEST_F(TrafficWatchTest, TheDriverServesWhereTheyCannotBeAttached) {
  configure(TrafficSourceChoice::automatic, &hooks);
  hooks.refusal = PortError{"wlan0: no permission", false};

  EXPECT_EQ(look_after(),
            (TrafficSourceSet{now, wlan0, TrafficOrigin::nl80211, "wlan0: no permission"}));
  EXPECT_THAT(second(), IsEmpty());
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(TrafficWatchTest, WhatDidNotWorkIsNotTriedAgain) {
  configure(TrafficSourceChoice::automatic, &hooks);
  hooks.refusal = PortError{"wlan0: no permission", false};
  look_after();
  hooks.refusal.reset();

  EXPECT_EQ(look_after(), std::nullopt);
  EXPECT_EQ(hooks.attached, 0);
}

TEST_F(TrafficWatchTest, UnlessItIsInsistedOn) {
  configure(TrafficSourceChoice::bpf, &hooks);
  hooks.refusal = PortError{"wlan0: busy", false};
  look_after();
  EXPECT_THAT(said, ElementsAre(HasSubstr("the driver's counters serve")));
  EXPECT_EQ(look_after(), std::nullopt);
  hooks.refusal.reset();

  const auto serving = look_after();

  ASSERT_TRUE(serving);
  EXPECT_EQ(serving->origin, TrafficOrigin::bpf);
}

TEST_F(TrafficWatchTest, TheDriverServesAsConfigured) {
  configure(TrafficSourceChoice::nl80211, &hooks);

  EXPECT_EQ(look_after(), (TrafficSourceSet{now, wlan0, TrafficOrigin::nl80211, "as configured"}));
  EXPECT_EQ(hooks.attached, 0);
  EXPECT_EQ(hooks.detached, 1);  // what a killed run left there
}

// The kernel is asked nothing that is not needed: at the end it may be the one that hangs.
TEST_F(TrafficWatchTest, AtTheEndOnlyWhatIsAttachedIsRemoved) {
  configure(TrafficSourceChoice::nl80211, &hooks);
  look_after();

  watch.reset();

  EXPECT_EQ(hooks.detached, 1);  // as above
}

TEST_F(TrafficWatchTest, AtTheEndOurProgramsAreRemoved) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();

  watch.reset();

  EXPECT_EQ(hooks.detached, 1);
  EXPECT_FALSE(hooks.in_place);
}

TEST_F(TrafficWatchTest, TheDriverServesWithoutBpf) {
  configure(TrafficSourceChoice::automatic, nullptr);

  EXPECT_EQ(look_after(),
            (TrafficSourceSet{now, wlan0, TrafficOrigin::nl80211, "built without BPF"}));
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(TrafficWatchTest, CountsThatDisagreeWithTheDriverAreGivenUp) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  std::vector<Event> events;
  for (int i = 0; i < 5; ++i) {
    *driver.tx_bytes += 1'000'000;
    events = second();
  }

  EXPECT_THAT(events, Contains(Event{TrafficSourceSet{now, wlan0, TrafficOrigin::nl80211,
                                                      "BPF counters disagree with the driver"}}));
  EXPECT_THAT(said, ElementsAre(HasSubstr("offloaded")));
  EXPECT_FALSE(hooks.in_place);
  EXPECT_EQ(look_after(), std::nullopt);
  EXPECT_THAT(second(), IsEmpty());
}

TEST_F(TrafficWatchTest, SaysWhoHasCountedHowMuchInWhichDirection) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  driver.rx_bytes = 0;
  for (int i = 0; i < 5; ++i) {
    *driver.rx_bytes += 1'000'000;
    second();
  }

  EXPECT_THAT(said, ElementsAre("wlan0: the driver has counted 2000000 bytes from "
                                "02:00:00:00:00:0a, our BPF programs 0: is forwarding offloaded "
                                "to hardware?; the driver's counters serve"));
}

TEST_F(TrafficWatchTest, WhatTheDriverMissesIsNotOffloaded) {
  configure(TrafficSourceChoice::bpf, &hooks);
  look_after();
  driver.rx_bytes = 0;
  for (int i = 0; i < 5; ++i) {
    hooks.counted.rx_bytes += 1'000'000;
    second();
  }

  EXPECT_THAT(said, ElementsAre("wlan0: the driver has counted 0 bytes from 02:00:00:00:00:0a, "
                                "our BPF programs 2000000"));
}

TEST_F(TrafficWatchTest, WhereBothDirectionsDisagreeTheCountsAreGivenUpOnce) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  driver.rx_bytes = 0;
  int given_up = 0;
  for (int i = 0; i < 5; ++i) {
    *driver.tx_bytes += 1'000'000;
    *driver.rx_bytes += 1'000'000;
    for (const Event& event : second()) given_up += std::holds_alternative<TrafficSourceSet>(event);
  }

  EXPECT_EQ(given_up, 1);
  EXPECT_EQ(hooks.detached, 1);
  EXPECT_THAT(said, SizeIs(2)) << "and both are said";
}

TEST_F(TrafficWatchTest, WhoIsInsistedOnButNotBuiltInIsSaid) {
  configure(TrafficSourceChoice::bpf, nullptr);

  look_after();

  EXPECT_THAT(said, ElementsAre("wlan0: built without BPF"));
  watch->forget(wlan0);
  EXPECT_EQ(watch->serving(wlan0), std::nullopt);
}

TEST_F(TrafficWatchTest, WhatServesCanBeAskedFor) {
  configure(TrafficSourceChoice::automatic, &hooks);
  EXPECT_EQ(watch->serving(wlan0), std::nullopt);

  const auto serving = look_after();

  EXPECT_EQ(watch->serving(wlan0), serving);
  EXPECT_EQ(watch->serving(InterfaceIndex{9}), std::nullopt);
}

TEST_F(TrafficWatchTest, AReadingOfAnInterfaceThatIsNotLookedAfterBringsNothing) {
  configure(TrafficSourceChoice::automatic, &hooks);

  EXPECT_THAT(second(), IsEmpty());
}

TEST_F(TrafficWatchTest, WhatFailsWhenItIsAttachedAnewIsNews) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  hooks.in_place = false;
  hooks.refusal = PortError{"wlan0: no permission", false};

  EXPECT_EQ(look_after(),
            (TrafficSourceSet{now, wlan0, TrafficOrigin::nl80211, "wlan0: no permission"}));
  EXPECT_EQ(look_after(), std::nullopt);
}

TEST_F(TrafficWatchTest, StationsThatWereNotCountedAreSaidAnewWithNewHooks) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  uncounted = {{.station = bob}};
  second();
  hooks.in_place = false;
  look_after();

  EXPECT_THAT(second(), SizeIs(2)) << "shown again, as the new hooks are";
}

TEST_F(TrafficWatchTest, CountsThatStoppedBecauseAHookWasRemovedAreTrustedAgain) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  hooks.in_place = false;
  for (int i = 0; i < 9; ++i) {
    *driver.tx_bytes += 1'000'000;
    second();
  }

  const auto serving = look_after();

  ASSERT_TRUE(serving);
  EXPECT_EQ(serving->origin, TrafficOrigin::bpf);
}

TEST_F(TrafficWatchTest, CountsThatAreInsistedOnServeThoughTheyDisagree) {
  configure(TrafficSourceChoice::bpf, &hooks);
  look_after();
  for (int i = 0; i < 9; ++i) {
    *driver.tx_bytes += 1'000'000;
    EXPECT_THAT(second(), SizeIs(1));
  }

  EXPECT_THAT(said, SizeIs(1));
  EXPECT_TRUE(hooks.in_place);
}

TEST_F(TrafficWatchTest, AnInterfaceThatIsGoneIsForgottenAndBeginsAnewWhenItReturns) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();

  watch->forget(wlan0);

  EXPECT_FALSE(hooks.in_place);
  EXPECT_THAT(second(), IsEmpty());
  EXPECT_TRUE(look_after().has_value());
  EXPECT_TRUE(hooks.in_place);
}

TEST_F(TrafficWatchTest, LetsGoOfItsHooksInTheEnd) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after({InterfaceIndex{4}});

  watch.reset();

  EXPECT_FALSE(hooks.in_place);
  EXPECT_THAT(hooks.detached_vlans, ElementsAre(InterfaceIndex{4}));
}

TEST_F(TrafficWatchTest, StationsThatThereIsNoRoomForAreSaidAndShown) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  uncounted = {{.station = bob}};

  const auto events = second();

  EXPECT_THAT(
      events,
      ElementsAre(Event{TrafficSourceSet{now, wlan0, TrafficOrigin::bpf,
                                         "native XDP, tcx egress; stations not counted: 1"}},
                  Event{TrafficReport{now, wlan0, {hooks.counted}}}));
  EXPECT_THAT(said, ElementsAre("wlan0: stations not counted, and taken for active: 1 of 2"));
}

TEST_F(TrafficWatchTest, StationsThatThereIsNoRoomForAreSaidOnce) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  uncounted = {{.station = bob}};
  second();

  EXPECT_THAT(second(), SizeIs(1));
  uncounted.push_back({.station = {{2, 0, 0, 0, 0, 0xc}}});
  EXPECT_THAT(second(), SizeIs(2));

  EXPECT_THAT(said, SizeIs(1));
}

TEST_F(TrafficWatchTest, OnceAllAreCountedAgainThatIsShown) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  uncounted = {{.station = bob}};
  second();
  uncounted.clear();

  const auto events = second();

  EXPECT_THAT(
      events,
      Contains(Event{TrafficSourceSet{now, wlan0, TrafficOrigin::bpf, "native XDP, tcx egress"}}));
}

TEST_F(TrafficWatchTest, StationsOnADeviceThatHasJustComeAreNotMissed) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  uncounted = {{.station = bob}};
  on_vlan = {{bob, InterfaceIndex{4}}};

  EXPECT_THAT(second(), SizeIs(1));
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(TrafficWatchTest, ADeviceThatHasJustComeIsNoHookThatIsGone) {
  configure(TrafficSourceChoice::automatic, &hooks);
  look_after();
  hooks.in_place = false;

  EXPECT_TRUE(look_after({InterfaceIndex{4}}).has_value());

  EXPECT_THAT(said, IsEmpty());
}

}  // namespace
}  // namespace pianissimo::service
