// What the daemon makes of nl80211's answers and events.
#include "controller/service/kernel_ports.hpp"

#include <gmock/gmock.h>
#include <linux/nl80211.h>

#include <boost/asio/co_spawn.hpp>
#include <cerrno>
#include <stdexcept>

#include "tests/unit/service/fake_radio.hpp"
#include "tests/unit/service/manual_time.hpp"

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using nl80211::radio;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr InterfaceIndex wlan0{3};
constexpr InterfaceIndex vlan{8};
constexpr MacAddress alice{{2, 0, 0, 0, 0, 0xa}};
constexpr MacAddress bob{{2, 0, 0, 0, 0, 0xb}};

class KernelPortsTest : public ::testing::Test {
 protected:
  KernelPortsTest() {
    radio = {};
    radio.add_access_point(3, 0, "wlan0", dbm(20));
    kernel = std::get<Kernel>(open_kernel(io, time));
  }
  ~KernelPortsTest() override { radio = {}; }

  // The answer, if there is one without anything more happening.
  template <class T>
  std::optional<T> answer(Awaitable<T> asked) {
    std::optional<T> answered;
    asio::co_spawn(io, std::move(asked), [&](std::exception_ptr, T result) { answered = result; });
    time.settle();
    return answered;
  }
  // The same where it has to be there and no error.
  template <class T>
  T what_is(Awaitable<Result<T>> asked) {
    const auto answered = answer(std::move(asked));
    if (!answered) throw std::runtime_error{"no answer"};
    if (!*answered) throw std::runtime_error{answered->error().message};
    return **answered;
  }
  template <class T>
  PortError error_of(Awaitable<Result<T>> asked) {
    const auto answered = answer(std::move(asked));
    if (!answered || *answered) throw std::runtime_error{"no error"};
    return answered->error();
  }
  std::vector<ApInterface> list() { return what_is(kernel.ports->list()); }
  StationReading read() { return what_is(kernel.ports->read(wlan0)); }
  void happens(nl80211::KernelEvent event) { radio.events.emplace_back(event); }
  Change next_change() { return what_is(kernel.ports->next_change()); }

  nl80211::Interface& add_vlan_of_wlan0() {
    nl80211::Interface device = radio.interfaces.at(0);
    device.index = vlan;
    device.name = "wlan0.sta1";
    device.type = NL80211_IFTYPE_AP_VLAN;
    radio.interfaces.push_back(device);
    return radio.interfaces.back();
  }

  asio::io_context io;
  ManualTime time{io};
  Kernel kernel;
};

TEST_F(KernelPortsTest, AnAccessPointIsListedWithItsChannelsMaximumAndItsPower) {
  auto found = list();
  ASSERT_THAT(found, SizeIs(1));
  found.front().air = {};  // what the rules of the air say has tests of its own

  EXPECT_EQ(found.front(), (ApInterface{.index = wlan0,
                                        .wiphy = WiphyIndex{0},
                                        .name = "wlan0",
                                        .driver = "unknown driver",
                                        .frequency = Mhz{5180},
                                        .width = Mhz{80},
                                        .vlans = {},
                                        .channel_maximum = dbm(23),
                                        .power = dbm(20)}));
}

TEST_F(KernelPortsTest, StationsAndMeshPointsAreListedAsWhatTheyAre) {
  radio.add_access_point(4, 0, "sta0", dbm(20));
  radio.interfaces.back().type = NL80211_IFTYPE_STATION;
  radio.add_access_point(5, 0, "mesh0", dbm(20));
  radio.interfaces.back().type = NL80211_IFTYPE_MESH_POINT;

  EXPECT_THAT(list(), ElementsAre(Field(&ApInterface::mode, InterfaceMode::access_point),
                                  Field(&ApInterface::mode, InterfaceMode::station),
                                  Field(&ApInterface::mode, InterfaceMode::mesh)));
}

TEST_F(KernelPortsTest, AStationWithoutANetworkIsNotListed) {
  radio.interfaces.at(0).type = NL80211_IFTYPE_STATION;
  radio.interfaces.at(0).frequency.reset();

  EXPECT_THAT(list(), IsEmpty());
}

TEST_F(KernelPortsTest, WhoSendsToNobodyOrDoesNotRunIsNotListed) {
  radio.add_access_point(4, 0, "monitor", dbm(20));
  radio.interfaces.back().type = NL80211_IFTYPE_MONITOR;
  radio.add_access_point(5, 0, "stopped", dbm(20));
  radio.interfaces.back().frequency.reset();
  radio.add_access_point(6, 7, "its radio has just gone", dbm(20));
  radio.wiphys.pop_back();

  EXPECT_THAT(list(), ElementsAre(Field(&ApInterface::name, "wlan0")));
}

TEST_F(KernelPortsTest, AnyWirelessInterfaceCanBeNamed) {
  radio.add_access_point(4, 7, "mesh0", dbm(20));
  radio.interfaces.back().type = NL80211_IFTYPE_MESH_POINT;

  const auto all = what_is(kernel.ports->list_all());

  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].name, "mesh0");
  EXPECT_EQ(all[1].index, InterfaceIndex{4});
  EXPECT_EQ(all[1].wiphy, WiphyIndex{7});
}

TEST_F(KernelPortsTest, WhereTheKernelSaysNoWidthItIsTheNarrowest) {
  radio.interfaces.at(0).width.reset();

  EXPECT_EQ(list().at(0).width, Mhz{20});
}

TEST_F(KernelPortsTest, ARadioIsDescribedOnceAndNotAtEveryLook) {
  list();
  list();

  EXPECT_EQ(radio.wiphy_lists, 1);
}

TEST_F(KernelPortsTest, ARadioThatComesLaterIsAskedFor) {
  list();
  radio.add_access_point(4, 1, "wlan1", dbm(18));

  EXPECT_EQ(list().size(), 2u);
  EXPECT_EQ(radio.wiphy_lists, 2);
}

// The regulatory maximum is in that description, and no power may be above it.
TEST_F(KernelPortsTest, AfterARegulatoryChangeTheChannelsMaximumIsAskedForAnew) {
  list();
  radio.wiphys.at(0).channels.at(0).maximum = dbm(14);
  EXPECT_EQ(list().at(0).channel_maximum, dbm(23)) << "nobody has said so";
  happens(nl80211::RegulatoryChanged{});

  next_change();

  EXPECT_EQ(list().at(0).channel_maximum, dbm(14));
  list();
  EXPECT_EQ(radio.wiphy_lists, 2);
}

TEST_F(KernelPortsTest, AfterLostEventsTheChannelsMaximumIsAskedForAnew) {
  list();
  radio.wiphys.at(0).channels.at(0).maximum = dbm(14);
  happens(nl80211::Overrun{});
  happens(nl80211::InterfaceChanged{wlan0});

  next_change();
  next_change();

  EXPECT_EQ(list().at(0).channel_maximum, dbm(14));
}

TEST_F(KernelPortsTest, WhereEventsCannotBeHeardTheChannelsMaximumIsAskedForAnew) {
  list();
  radio.events.emplace_back(nl80211::Error::from_errno(EBADF));
  radio.wiphys.at(0).channels.at(0).maximum = dbm(14);

  EXPECT_EQ(error_of(kernel.ports->next_change()).message, "Bad file descriptor");

  EXPECT_EQ(list().at(0).channel_maximum, dbm(14));
}

TEST_F(KernelPortsTest, OtherEventsAreNoReasonToAskForTheRadiosAnew) {
  list();
  happens(nl80211::InterfaceChanged{wlan0});
  next_change();
  list();

  EXPECT_EQ(radio.wiphy_lists, 1);
}

TEST_F(KernelPortsTest, ADescriptionThatFailedIsAskedForAgain) {
  radio.cannot_list_wiphys = nl80211::Error::from_errno(EBUSY);
  EXPECT_EQ(error_of(kernel.ports->list()).message, "Device or resource busy");
  radio.cannot_list_wiphys.reset();
  list();
  happens(nl80211::RegulatoryChanged{});
  next_change();
  radio.cannot_list_wiphys = nl80211::Error::from_errno(EBUSY);
  EXPECT_EQ(error_of(kernel.ports->list()).message, "Device or resource busy");
  radio.cannot_list_wiphys.reset();
  radio.wiphys.at(0).channels.at(0).maximum = dbm(14);

  EXPECT_EQ(list().at(0).channel_maximum, dbm(14));
}

TEST_F(KernelPortsTest, AStationThatComesOrGoesIsTold) {
  time.advance(7s);
  happens(nl80211::StationNew{wlan0, alice});
  happens(nl80211::StationDeleted{wlan0, bob});

  EXPECT_EQ(std::get<StationJoined>(next_change()), (StationJoined{time.now(), wlan0, alice}));
  EXPECT_EQ(std::get<StationLeft>(next_change()), (StationLeft{time.now(), wlan0, bob}));
}

TEST_F(KernelPortsTest, AllElseThatHappensIsAReasonToLook) {
  happens(nl80211::ChannelSwitched{wlan0, {}, {}});

  EXPECT_TRUE(std::holds_alternative<InterfacesChanged>(next_change()));
}

TEST_F(KernelPortsTest, ClosingEndsTheWaitForChanges) {
  std::optional<Result<Change>> answered;
  asio::co_spawn(io, kernel.ports->next_change(),
                 [&](std::exception_ptr, Result<Change> result) { answered = result; });
  time.settle();
  ASSERT_FALSE(answered);

  kernel.ports->close();
  time.settle();

  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->error().message, "closed");
  happens(nl80211::InterfaceChanged{wlan0});
  EXPECT_EQ(error_of(kernel.ports->next_change()).message, "closed") << "and stays closed";
}

TEST_F(KernelPortsTest, AnInterfaceThatIsGoneOrDownHasNoStationsAndIsGone) {
  radio.interfaces.clear();
  EXPECT_TRUE(error_of(kernel.ports->power_of(wlan0)).gone);
  for (const auto& [number, is_gone] :
       {std::pair{ENODEV, true}, {ENETDOWN, true}, {EBUSY, false}}) {
    radio.cannot_list = nl80211::Error::from_errno(number);
    EXPECT_EQ(error_of(kernel.ports->list()).gone, is_gone) << number;
    EXPECT_EQ(error_of(kernel.ports->list_all()).gone, is_gone) << number;
  }
}

TEST_F(KernelPortsTest, AnInterfacesPowerIsTheOneInForce) {
  EXPECT_EQ(what_is(kernel.ports->power_of(wlan0)), dbm(20));
}

TEST_F(KernelPortsTest, StationsOnADeviceOfTheirOwnAreTheAccessPoints) {
  add_vlan_of_wlan0();
  radio.stations[wlan0].stations = {{.station = alice}};
  radio.stations[vlan] = {.at = {}, .interface = vlan, .stations = {{.station = bob}}};

  EXPECT_THAT(list().at(0).vlans, ElementsAre(vlan));
  const StationReading reading = read();

  EXPECT_THAT(reading.report.stations, ElementsAre(Field(&StationSample::station, alice),
                                                   Field(&StationSample::station, bob)));
  EXPECT_THAT(reading.on_vlan, ElementsAre(Pair(bob, vlan)));
  EXPECT_TRUE(reading.report.complete);
}

TEST_F(KernelPortsTest, AnotherAccessPointsDevicesAreNotItsOwn) {
  add_vlan_of_wlan0().mac = {{2, 0, 0, 0, 0, 0x77}};
  EXPECT_THAT(list().at(0).vlans, IsEmpty());

  radio.interfaces.back().mac = radio.interfaces.front().mac;
  radio.interfaces.back().wiphy = WiphyIndex{9};
  EXPECT_THAT(list().at(0).vlans, IsEmpty());
}

// Where its stations are now is not known, so none of them has left.
TEST_F(KernelPortsTest, AReadingIsNotCompleteWhileADeviceGoes) {
  add_vlan_of_wlan0();
  radio.stations[wlan0].stations = {{.station = alice}};
  list();

  const StationReading reading = read();

  EXPECT_FALSE(reading.report.complete);
  EXPECT_THAT(reading.report.stations, ElementsAre(Field(&StationSample::station, alice)));
}

TEST_F(KernelPortsTest, AReadingIsAsCompleteAsEachOfItsParts) {
  add_vlan_of_wlan0();
  list();
  for (const auto& [own, device] : {std::pair{true, false}, {false, true}}) {
    radio.stations[wlan0].complete = own;
    radio.stations[vlan] = {.at = {}, .interface = vlan, .stations = {}, .complete = device};
    EXPECT_FALSE(read().report.complete);
  }
}

TEST_F(KernelPortsTest, AStationThatMovesWhileItIsReadIsThereOnce) {
  add_vlan_of_wlan0();
  radio.stations[wlan0].stations = {{.station = alice, .tx_bytes = 1}};
  radio.stations[vlan] = {
      .at = {}, .interface = vlan, .stations = {{.station = alice, .tx_bytes = 2}}};
  list();

  EXPECT_THAT(read().report.stations, ElementsAre(Field(&StationSample::tx_bytes, 2u)));
}

TEST_F(KernelPortsTest, ADeviceThatIsNoMoreListedIsNoMoreRead) {
  add_vlan_of_wlan0();
  list();
  radio.interfaces.pop_back();
  list();

  EXPECT_TRUE(read().report.complete);
}

TEST_F(KernelPortsTest, APowerIsWrittenThroughTheKnobThatIsNamed) {
  const Knob knob{.kind = KnobKind::interface, .interface = wlan0};

  EXPECT_EQ(answer(kernel.ports->set(knob, dbm(7)))->asked, dbm(7));
  answer(kernel.ports->set_automatic(knob));

  using Written = nl80211::FakeRadio::Written;
  EXPECT_THAT(radio.written, ElementsAre(Written{knob, dbm(7)}, Written{knob, std::nullopt}));
}

TEST_F(KernelPortsTest, AKernelThatCannotBeOpenedIsSaidWithItsExitCode) {
  for (const auto& [number, status] : {std::pair{EPERM, ExitStatus::not_permitted},
                                       {EACCES, ExitStatus::not_permitted},
                                       {EMFILE, ExitStatus::unavailable}}) {
    radio.cannot_open = nl80211::Error::from_errno(number);
    ::testing::internal::CaptureStderr();
    const auto opened = open_kernel(io, time);
    EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("nl80211: "));
    EXPECT_EQ(std::get<ExitStatus>(opened), status) << number;
  }
}

TEST_F(KernelPortsTest, WhetherPowerMayBeSetIsKnownBeforeItIs) {
  const auto status_where = [&](nl80211::Result<bool> may_write) {
    radio.may_write = may_write;
    return answer(check_permission(*kernel.nl80211));
  };

  EXPECT_EQ(status_where(true), ExitStatus::ok);
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(status_where(false), ExitStatus::not_permitted);
  EXPECT_EQ(status_where(nl80211::Error::from_errno(EBUSY)), ExitStatus::unavailable);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "setting transmit power needs CAP_NET_ADMIN\nnl80211: Device or resource busy\n");
}

TEST_F(KernelPortsTest, WhatTheRulesSayOfAChannelComesWithIt) {
  radio.wiphys.at(0).channels.at(0).radar = true;
  radio.wiphys.at(0).channels.at(0).density = dbm(5);

  const ApInterface interface = list().at(0);

  EXPECT_TRUE(interface.air.radar);
  EXPECT_EQ(interface.air.width_limit(), Dbm::from_mbm(2403));
  EXPECT_EQ(interface.channel_maximum, dbm(23));
  EXPECT_EQ(most_allowed(interface), dbm(23));
  radio.interfaces.at(0).width = Mhz{20};
  EXPECT_EQ(most_allowed(list().at(0)), Dbm::from_mbm(1801));
}

TEST_F(KernelPortsTest, InStationModeTheAccessPointsBeaconsAreRead) {
  radio.beacons[wlan0] = {.constraint = db(3)};
  EXPECT_EQ(list().at(0).air.beacon, std::nullopt);

  radio.interfaces.at(0).type = NL80211_IFTYPE_STATION;

  EXPECT_EQ(list().at(0).air.beacon.value().constraint, db(3));
  // What cannot be read is not visible, and no reason not to drive.
  radio.beacons.clear();
  EXPECT_EQ(list().at(0).air.beacon, std::nullopt);
}

}  // namespace
}  // namespace pianissimo::service
