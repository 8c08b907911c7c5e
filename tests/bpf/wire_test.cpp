// Frames through a real device, at each hook.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <map>
#include <memory>
#include <random>

#include "bpf/station_counters.hpp"
#include "tests/bpf/frame.hpp"
#include "tests/bpf/random_stations.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

const MacAddress anna{{2, 0, 0, 0, 0, 1}};
const MacAddress bert{{2, 0, 0, 0, 0, 2}};
const MacAddress router{{6, 0, 0, 0, 0, 1}};
const MacAddress some{{1, 0, 0x5e, 0, 0, 1}};

/// `near` counts; what is sent at `far` arrives there.
class WireTest : public SandboxTest, public testing::WithParamInterface<Attach> {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped()) return;
    make_veth("near", "far");
    count(GetParam());
  }

  void count(Attach wanted) {
    auto attached = StationCounters::attach(index_of("near"), wanted);
    ASSERT_TRUE(attached);
    counters = std::make_unique<StationCounters>(std::move(*attached));
    ASSERT_TRUE(counters->set_stations(std::vector{anna, bert}));
  }

  static void put_into_bridge(const std::vector<std::string>& ports) {
    run("ip link add bridge type bridge && ip link set bridge up");
    for (const std::string& port : ports) run("ip link set " + port + " master bridge");
    EXPECT_TRUE(bridge_forwards(ports.size()));
  }

  Counts counts() const {
    Counts counts;
    counters->read(counts);
    return counts;
  }
  Count from_anna() const { return counts().stations[0].from_station; }
  Count to_anna() const { return counts().stations[0].to_station; }

  std::unique_ptr<StationCounters> counters;
};

std::string name_of(const testing::TestParamInfo<Attach>& one) {
  constexpr std::array names{"Automatic", "Native", "Tcx", "Clsact", "Generic"};
  return names[static_cast<std::size_t>(one.param)];
}

INSTANTIATE_TEST_SUITE_P(At, WireTest,
                         testing::Values(Attach::native, Attach::tcx, Attach::clsact,
                                         Attach::generic),
                         name_of);

TEST_P(WireTest, CountsEveryFrameOfManyStationsBothWays) {
  const std::vector<MacAddress> stations = RandomStations{1}.take(64);
  ASSERT_TRUE(counters->set_stations(stations));
  const Wire near{"near"};
  const Wire far{"far"};
  std::mt19937_64 random{2};
  std::map<MacAddress, StationCount> expected;
  for (const MacAddress& station : stations) expected[station].station = station;

  const auto add = [](Count& count, std::size_t size) {
    count = {count.packets + 1, count.bytes + size};
  };
  for (int i = 0; i < 2000; ++i) {
    const MacAddress& station = stations[random() % stations.size()];
    const std::size_t size = 60 + random() % 1455;
    if (random() % 2 == 0) {
      far.send(Frame{router, station}.type(0x88b5).up_to(size).bytes());
      add(expected[station].from_station, size);
    } else {
      near.send(Frame{station, router}.type(0x88b5).up_to(size).bytes());
      add(expected[station].to_station, size);
    }
  }

  const auto all_there = [&] {
    return std::ranges::equal(counts().stations, expected, {}, {},
                              [](const auto& pair) { return pair.second; });
  };
  EXPECT_TRUE(eventually(all_there));
  EXPECT_EQ(counts().others, Others{});
}

// XDP and the sender see a tag in the frame; the kernel takes it out before tc ingress.
TEST_P(WireTest, CountsATagWhereverTheKernelKeepsIt) {
  const Frame tagged = Frame{router, anna}.tag(7).ipv4(IPPROTO_UDP).udp().up_to(346);
  const Frame twice = Frame{router, anna}.tag(7, 0x88a8).tag(8).ipv4(IPPROTO_UDP).up_to(100);
  Wire{"far"}.send(tagged.bytes());
  Wire{"far"}.send(twice.bytes());
  Wire{"near"}.send(Frame{anna, router}.tag(7).type(0x0800).up_to(200).bytes());

  EXPECT_TRUE(eventually([&] { return from_anna() == Count{2, 446}; }));
  EXPECT_TRUE(eventually([&] { return to_anna() == Count{1, 200}; }));
}

TEST_P(WireTest, CreditsBothEndsOfWhatIsRelayed) {
  Wire{"near"}.send(Frame{anna, bert}.type(0x88b5).up_to(500).bytes());
  Wire{"near"}.send(Frame{some, bert}.type(0x88b5).up_to(300).bytes());

  EXPECT_TRUE(eventually([&] { return counts().others.group_out == Count{1, 300}; }));
  EXPECT_EQ(to_anna(), (Count{1, 500}));
  EXPECT_EQ(counts().stations[1].from_station, (Count{1, 500}));
}

// A bridge passes the tag on as it got it: beside the frame.
TEST_P(WireTest, CountsTheTagOfABridgedFrame) {
  make_veth("wired", "switch");
  put_into_bridge({"near", "wired"});

  Wire{"switch"}.send(Frame{anna, router}.tag(7).type(0x0800).up_to(200).bytes());

  EXPECT_TRUE(eventually([&] { return to_anna() == Count{1, 200}; }));
}

// What a bridge sends back where it came from has been counted when it came.
TEST_P(WireTest, DoesNotCreditWhatAHairpinSendsBack) {
  put_into_bridge({"near"});
  run("bridge link set dev near hairpin on");

  Wire{"far"}.send(Frame{anna, bert}.type(0x88b5).up_to(500).bytes());

  EXPECT_TRUE(eventually([&] { return to_anna() == Count{1, 500}; }));
  EXPECT_EQ(counts().stations[1].from_station, (Count{1, 500}));
}

// Copies of our own multicast arrive at the device without an Ethernet header.
TEST_P(WireTest, FilesLoopedBackMulticastAsFramesWithoutHeader) {
  run("ip addr add 10.0.0.1/24 dev near && ip route add 239.0.0.0/8 dev near");
  const File socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ip_mreqn group{};
  group.imr_multiaddr.s_addr = ::inet_addr("239.1.1.1");
  group.imr_ifindex = static_cast<int>(value(index_of("near")));
  ASSERT_EQ(::setsockopt(socket.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(9);
  to.sin_addr = group.imr_multiaddr;
  const std::array<char, 72> bytes{};
  const Counts before = counts();

  ASSERT_EQ(::sendto(socket.get(), bytes.data(), bytes.size(), 0,
                     reinterpret_cast<const sockaddr*>(&to), sizeof to),
            72);

  // Native XDP is before they come back; generic XDP cannot tell, and finds no station either.
  Others expected;
  if (GetParam() == Attach::generic)
    expected.unknown_in = {1, 100};
  else if (GetParam() != Attach::native)
    expected.without_header = {1, 100};
  EXPECT_TRUE(eventually([&] {
    const Others others = counts().others;
    return others.group_out.bytes >= before.others.group_out.bytes + 114 &&
           others.without_header == expected.without_header &&
           others.unknown_in == expected.unknown_in;
  }));
}

}  // namespace
}  // namespace pianissimo::bpf
