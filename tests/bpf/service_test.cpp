// The daemon's side of the counters, on real devices: access points and their VLAN devices.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "controller/service/bpf_traffic.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/traffic_watch.hpp"
#include "tests/bpf/failing_calls.hpp"
#include "tests/bpf/random_stations.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::service {
namespace {

using bpf::attach_and_be_killed;
using bpf::Attached;
using bpf::attached_to;
using bpf::Call;
using bpf::FailingCalls;
using bpf::index_of;
using bpf::without_tcx;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class ServiceTest : public bpf::SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped()) return;
    bpf::make_veth("ap", "air");
    bpf::make_veth("vlan", "vlan_air");
    interface = {.index = index_of("ap"), .name = "ap", .vlans = {index_of("vlan")}};
    std::filesystem::create_directories(directory);
  }
  ~ServiceTest() override { std::filesystem::remove_all(directory); }

  static StationReading reading_of(const std::vector<MacAddress>& stations) {
    StationReading reading;
    reading.report.interface = index_of("ap");
    for (const MacAddress& station : stations) {
      reading.report.stations.push_back({.station = station});
    }
    return reading;
  }

  ExitStatus restore_and_read_output() {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const ExitStatus status = restore(directory);
    output = testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    return status;
  }

  ApInterface interface;
  BpfTraffic traffic;
  std::string output;
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("pianissimo-bpf-" + std::to_string(::getpid()));
};

TEST_F(ServiceTest, RestoreRemovesAKilledRunsFiltersFromEveryDevice) {
  const FailingCalls old_kernel{without_tcx};
  attach_and_be_killed("ap", bpf::Attach::clsact);
  attach_and_be_killed("vlan", bpf::Attach::clsact);

  EXPECT_EQ(restore_and_read_output(), ExitStatus::ok);

  EXPECT_THAT(output, HasSubstr("ap: filters of the traffic counters removed: 2\n"));
  EXPECT_THAT(output, HasSubstr("vlan: filters of the traffic counters removed: 2\n"));
  EXPECT_EQ(attached_to("ap"), Attached{});
  EXPECT_EQ(attached_to("vlan"), Attached{});
}

TEST_F(ServiceTest, RestoreLeavesOthersFiltersAlone) {
  bpf::run(
      "tc qdisc add dev ap clsact && "
      "tc filter add dev ap ingress pref 49000 protocol all u32 match u32 0 0");

  EXPECT_EQ(restore_and_read_output(), ExitStatus::ok);

  EXPECT_EQ(output, "nothing to put back\n");
  bpf::run("tc filter show dev ap ingress | grep -q 'pref 49000 u32'");
}

TEST_F(ServiceTest, RestoreSaysWhichFiltersItMayNotRemove) {
  const FailingCalls old_kernel{without_tcx};
  attach_and_be_killed("ap", bpf::Attach::clsact);
  const FailingCalls no_names{[](const Call& call) {
    return !call.is_netlink && call.command == BPF_PROG_GET_FD_BY_ID ? EPERM : 0;
  }};

  EXPECT_EQ(restore_and_read_output(), ExitStatus::not_permitted);

  EXPECT_THAT(output, HasSubstr("ap: clsact egress: priority 49000"));
  EXPECT_THAT(output, HasSubstr("CAP_SYS_ADMIN"));
}

// Here is no nl80211; if there were, it would have no such interface.
TEST_F(ServiceTest, RestoreRemovesFiltersThoughThePowerCannotBePutBack) {
  const FailingCalls old_kernel{without_tcx};
  attach_and_be_killed("ap", bpf::Attach::clsact);
  std::ofstream{directory / "found.json"}
      << R"({"wlan77":{"path":"interface","wiphy":0,"power_mbm":2000}})";

  restore_and_read_output();

  EXPECT_EQ(attached_to("ap"), Attached{});
}

TEST_F(ServiceTest, WhereTheDriverCountsAKilledRunsFiltersGoFromVlanDevicesToo) {
  const FailingCalls old_kernel{without_tcx};
  attach_and_be_killed("ap", bpf::Attach::clsact);
  attach_and_be_killed("vlan", bpf::Attach::clsact);
  TrafficWatch watch{&traffic,
                     {TrafficSourceChoice::nl80211, TrafficAttach::automatic},
                     [](const std::string&) {}};

  watch.look_after(interface, Instant{});

  EXPECT_EQ(attached_to("ap"), Attached{});
  EXPECT_EQ(attached_to("vlan"), Attached{});
}

TEST_F(ServiceTest, CountsOnVlanDevicesToo) {
  const auto attached = traffic.attach(interface, TrafficAttach::automatic);

  ASSERT_TRUE(attached);
  EXPECT_EQ(attached->how, "native XDP, tcx egress, and 1 VLAN device");
  EXPECT_TRUE(traffic.is_attached(interface));
}

TEST_F(ServiceTest, AVlanDeviceThatCannotBeCountedIsSaidAndNotTriedAgain) {
  bpf::run("tc qdisc add dev vlan ingress");  // in clsact's place
  const FailingCalls old_kernel{without_tcx};

  const auto attached = traffic.attach(interface, TrafficAttach::clsact);

  ASSERT_TRUE(attached);
  EXPECT_EQ(attached->how, "clsact ingress, clsact egress");
  EXPECT_THAT(attached->warnings, ElementsAre(HasSubstr("vlan: clsact egress")));
  EXPECT_TRUE(traffic.is_attached(interface));
  StationReading reading = reading_of({{{2, 0, 0, 0, 0, 1}}, {{2, 0, 0, 0, 0, 2}}});
  reading.on_vlan[{{2, 0, 0, 0, 0, 2}}] = index_of("vlan");
  EXPECT_THAT(traffic.read(reading, Instant{}).stations, SizeIs(1));
}

TEST_F(ServiceTest, AVlanDeviceThatCameOrWentIsSeen) {
  ApInterface alone = interface;
  alone.vlans.clear();

  ASSERT_TRUE(traffic.attach(alone, TrafficAttach::automatic));
  EXPECT_FALSE(traffic.is_attached(interface));

  ASSERT_TRUE(traffic.attach(interface, TrafficAttach::automatic));
  EXPECT_FALSE(traffic.is_attached(alone));
  ASSERT_TRUE(traffic.attach(alone, TrafficAttach::automatic));
  EXPECT_EQ(attached_to("vlan").tcx_egress, std::vector<std::uint32_t>{});
}

TEST_F(ServiceTest, SaysThatThereIsNoRoomForMoreThan1024Stations) {
  std::vector<std::string> said;
  TrafficWatch watch{&traffic,
                     {TrafficSourceChoice::automatic, TrafficAttach::automatic},
                     [&](std::string text) { said.push_back(std::move(text)); }};
  interface.vlans.clear();
  watch.look_after(interface, Instant{});
  auto stations = bpf::RandomStations{1}.take(1030);

  const auto events = watch.read(reading_of(stations), Instant{});

  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(std::get<TrafficSourceSet>(events[0]).how,
            "native XDP, tcx egress; stations not counted: 6");
  EXPECT_THAT(std::get<TrafficReport>(events[1]).stations, SizeIs(1024));
  EXPECT_THAT(said, ElementsAre("ap: stations not counted, and taken for active: 6 of 1030"));

  stations.resize(1024);
  EXPECT_EQ(std::get<TrafficSourceSet>(watch.read(reading_of(stations), Instant{})[0]).how,
            "native XDP, tcx egress");
}

}  // namespace
}  // namespace pianissimo::service
