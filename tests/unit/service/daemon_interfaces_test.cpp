// Several interfaces: whom the daemon drives, and that one of them does not hide another.
#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Hooks on the devices that they were asked for.
struct FakeHooks final : TrafficSource {
  std::vector<InterfaceIndex> attached;
  std::vector<InterfaceIndex> detached;
  Result<Attached> attach(const ApInterface& interface, TrafficAttach) override {
    attached.push_back(interface.index);
    return Attached{"a fake", {}};
  }
  bool is_attached(const ApInterface&) const override { return true; }
  void detach(const ApInterface& interface) override { detached.push_back(interface.index); }
  TrafficReport read(const StationReading& reading, Instant now) override {
    return {.at = now, .interface = reading.report.interface, .stations = {}};
  }
};

struct TakenRadio final : RadioLocks {
  explicit TakenRadio(std::uint32_t number) : taken{number} {}
  std::optional<std::string> take(WiphyIndex wiphy) override {
    return wiphy == taken ? std::optional<std::string>{"taken by a test"} : std::nullopt;
  }
  WiphyIndex taken;
};

class DaemonInterfacesTest : public DaemonTest {
 protected:
  // In the kernel's list before wlan0, and on a radio of its own.
  ApInterface& another_before_it() {
    ApInterface other = wlan0();
    other.index = InterfaceIndex{2};
    other.wiphy = WiphyIndex{1};
    other.name = "another";
    kernel->interfaces.insert(kernel->interfaces.begin(), other);
    return kernel->interfaces.front();
  }
  ApInterface& its_entry() { return kernel->interfaces.back(); }
  FoundPowers note() const { return std::get<FoundPowers>(StateFile{directory}.load()); }
  std::string status() const {
    std::ostringstream text;
    text << std::ifstream{Status::path(directory)}.rdbuf();
    return text.str();
  }
};

TEST_F(DaemonInterfacesTest, AStationOrAMeshPointIsDrivenOnlyIfItIsNamed) {
  for (const InterfaceMode mode : {InterfaceMode::station, InterfaceMode::mesh}) {
    kernel = std::make_unique<FakeKernel>(io, time);
    kernel->interfaces = {wlan0()};
    its_entry().mode = mode;
    add_station(knee_at(dbm(1)));
    config.interfaces = {};
    start();
    time.advance(5s);
    EXPECT_THAT(kernel->sent, IsEmpty());
    stop();
    daemon.reset();

    kernel = std::make_unique<FakeKernel>(io, time);
    kernel->interfaces = {wlan0()};
    its_entry().mode = mode;
    add_station(knee_at(dbm(1)));
    config.interfaces = {"wlan0"};
    start();
    time.advance(6s);
    EXPECT_EQ(kernel->power(), dbm(1));
    EXPECT_THAT(status(), HasSubstr("\"mode\":\"" + std::string{to_string(mode)} + "\""));
    stop();
    EXPECT_EQ(kernel->power(), dbm(20));
    daemon.reset();
  }
}

// Between its networks it keeps the power that we gave it.
TEST_F(DaemonInterfacesTest, AStationThatRoamsIsDrivenOnAndPutBack) {
  its_entry().mode = InterfaceMode::station;
  start_and_reach_the_floor();
  const auto its_access_point = kernel->stations;

  const ApInterface away = its_entry();
  kernel->interfaces.clear();
  kernel->stations.clear();
  kernel->happen(InterfacesChanged{});
  time.advance(3s);
  EXPECT_EQ(times_said("wlan0: gone"), 1u);
  kernel->interfaces = {away};
  its_entry().frequency = Mhz{5745};
  const MacAddress next{{2, 0, 0, 0, 0, 0x77}};
  kernel->stations[next] = {.expected = knee_at(dbm(15)), .since = time.now()};
  kernel->happen(InterfacesChanged{});
  time.advance(20s);

  EXPECT_GE(kernel->power(), dbm(14)) << "what the new one needs";
  EXPECT_THAT(log_text.str(), Not(HasSubstr("somebody else")));
  stop();
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonInterfacesTest, AnAccessPointThatBecomesAStationIsLeftAloneUnlessItIsNamed) {
  config.interfaces = {};
  start_and_reach_the_floor();

  its_entry().mode = InterfaceMode::station;
  kernel->happen(InterfacesChanged{});
  time.advance(1s);
  const std::size_t before = kernel->sent.size();
  time.advance(10s);

  EXPECT_EQ(times_said("wlan0: gone"), 1u);
  EXPECT_EQ(kernel->sent.size(), before);
  stop();
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonInterfacesTest, WithoutNamesAllAreDriven) {
  another_before_it();
  config.interfaces = {};
  start_and_reach_the_floor();

  EXPECT_EQ(kernel->interfaces.at(0).power, dbm(1));
  EXPECT_EQ(kernel->interfaces.at(1).power, dbm(1));
}

TEST_F(DaemonInterfacesTest, WhoIsNotNamedIsNotDriven) {
  another_before_it();
  start_and_reach_the_floor();

  EXPECT_EQ(kernel->interfaces.at(0).power, dbm(20));
  EXPECT_EQ(kernel->interfaces.at(1).power, dbm(1));
}

TEST_F(DaemonInterfacesTest, EveryNamedInterfaceHasToExist) {
  another_before_it();
  config.interfaces = {"wlan0", "wlan7"};
  start();

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_THAT(log_text.str(), HasSubstr("wlan7: no such wireless interface"));
  EXPECT_THAT(log_text.str(), Not(HasSubstr("wlan0: no such")));
}

TEST_F(DaemonInterfacesTest, AnothersRadioIsNoReasonNotToStart) {
  another_before_it();
  TakenRadio radios{1};
  locks = &radios;
  start();

  EXPECT_EQ(exit, std::nullopt);
  stop();
  daemon.reset();
}

TEST_F(DaemonInterfacesTest, ItsOwnRadioIsAReasonNotToStartWhoeverIsListedBefore) {
  another_before_it();
  TakenRadio radios{0};
  locks = &radios;
  start();

  EXPECT_EQ(exit, ExitStatus::unavailable);
  daemon.reset();
}

TEST_F(DaemonInterfacesTest, WhereTheRegulatoryMaximumIsNotKnownNothingIsWritten) {
  kernel->interfaces.at(0).channel_maximum.reset();
  add_station(knee_at(dbm(1)));
  start();
  time.advance(6s);

  EXPECT_THAT(kernel->sent, IsEmpty());
  EXPECT_THAT(log_text.str(), HasSubstr("wlan0: not driven: its driver fake does not say its "
                                        "channel's maximum"));
  kernel->interfaces.at(0).channel_maximum = dbm(23);
  time.advance(10s);
  EXPECT_EQ(kernel->power(), dbm(1)) << "as soon as it is known";
}

TEST_F(DaemonInterfacesTest, OneWhoseMaximumIsNotKnownDoesNotHideThePowerSetAtAnother) {
  config.interfaces = {};
  another_before_it().channel_maximum.reset();
  start_and_reach_the_floor();
  its_entry().power = dbm(5);

  stop();

  EXPECT_EQ(its_entry().power, dbm(5));
}

TEST_F(DaemonInterfacesTest, OneThatIsNotDrivenDoesNotHideThePowerSetAtAnother) {
  another_before_it();
  start_and_reach_the_floor();
  its_entry().power = dbm(5);

  stop();

  EXPECT_EQ(its_entry().power, dbm(5));
}

TEST_F(DaemonInterfacesTest, OneThatIsGoneIsShownNoMoreAndItsHooksAreLetGo) {
  FakeHooks hooks;
  traffic = &hooks;
  config.interfaces = {};
  another_before_it();
  start_and_reach_the_floor();
  ASSERT_THAT(hooks.attached, ElementsAre(InterfaceIndex{2}, InterfaceIndex{3}));

  kernel->interfaces.erase(kernel->interfaces.begin());
  kernel->happen(InterfacesChanged{});
  time.advance(6s);

  EXPECT_THAT(hooks.detached, ElementsAre(InterfaceIndex{2}));
  EXPECT_THAT(status(), Not(HasSubstr("another")));
  EXPECT_THAT(status(), HasSubstr("wlan0"));
  stop();
  daemon.reset();
}

TEST_F(DaemonInterfacesTest, WhoCountsTheTrafficIsShownAtOnce) {
  FakeHooks hooks;
  traffic = &hooks;
  start();

  EXPECT_THAT(status(), HasSubstr("\"traffic_source\":\"bpf\",\"traffic_how\":\"a fake\""));
  EXPECT_THAT(log_text.str(), HasSubstr("wlan0: traffic is counted by bpf: a fake"));
  stop();
  daemon.reset();
}

TEST_F(DaemonInterfacesTest, ThePowerFoundIsOnDiskAgainAfterAReload) {
  start_and_reach_the_floor();
  bool is_noted = true;

  kernel->before_set = [&] { is_noted = is_noted && note().contains("wlan0"); };
  reload(config);
  time.advance(5s);

  ASSERT_EQ(kernel->power(), dbm(1));
  EXPECT_TRUE(is_noted);
  kernel->before_set = [] {};
}

TEST_F(DaemonInterfacesTest, ADryRunLiftsNoStationsLimit) {
  add_station(knee_at(dbm(1)));
  config.power_path = PowerPath::station;
  config.dry_run = true;
  kernel->interfaces.at(0).has_station_knob = true;
  start();
  time.advance(2s);

  kernel->read_error = PortError{"no buffer space", false};
  time.advance(3s);
  stop();

  EXPECT_THAT(kernel->given_back, IsEmpty());
  EXPECT_THAT(kernel->sent, IsEmpty());
}

TEST_F(DaemonInterfacesTest, ADryRunsPowerGoesWhereItWouldHaveGone) {
  add_station(knee_at(dbm(1)));
  config.dry_run = true;
  start();
  time.advance(12s);

  EXPECT_THAT(status(), HasSubstr("\"power_dbm\":1E0"));
}

TEST_F(DaemonInterfacesTest, WhatItIsDrivenThroughIsAsConfigured) {
  add_station(knee_at(dbm(1)));
  kernel->interfaces.at(0).has_station_knob = true;
  const auto kind_under = [&](PowerPath path, KnobKind by_default) {
    config.power_path = path;
    kernel->interfaces.at(0).default_path = by_default;
    kernel->sent.clear();
    reload(config);
    time.advance(1s);
    return kernel->sent.empty() ? std::nullopt : std::optional{kernel->sent.back().knob.kind};
  };
  start();
  time.advance(1s);

  EXPECT_EQ(kind_under(PowerPath::automatic, KnobKind::interface), KnobKind::interface);
  EXPECT_EQ(kind_under(PowerPath::automatic, KnobKind::wiphy), KnobKind::wiphy);
  EXPECT_EQ(kind_under(PowerPath::interface, KnobKind::wiphy), KnobKind::interface);
  EXPECT_EQ(kind_under(PowerPath::wiphy, KnobKind::interface), KnobKind::wiphy);
  EXPECT_EQ(kind_under(PowerPath::station, KnobKind::wiphy), KnobKind::station);
}

TEST_F(DaemonInterfacesTest, TheLowestMaximumOfARadioHoldsForAllOfIt) {
  config.interfaces = {};
  config.power_path = PowerPath::wiphy;
  ApInterface& other = another_before_it();
  other.wiphy = WiphyIndex{0};
  other.channel_maximum = other.power = dbm(9);
  add_station(knee_at(dbm(5)));
  start();
  time.advance(20s);

  ASSERT_FALSE(kernel->sent.empty());
  EXPECT_THAT(kernel->sent, Each(Field(&FakeKernel::Sent::level, ::testing::Le(dbm(9)))));
}

}  // namespace
}  // namespace pianissimo::service
