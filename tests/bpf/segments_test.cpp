// Aggregates: what is counted for them is what was on the wire. Two ends with a bridge between:
//
//   near (tcx) ---- bridge ---- far (native XDP)
//
// A veth whose peer has native XDP takes no aggregates, so the bridge cuts what near sends into the
// very frames that XDP then counts one by one. The other way, far's tcx egress and near's tcx
// ingress count the same aggregates, each by its own means.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <fstream>
#include <memory>
#include <thread>

#include "bpf/station_counters.hpp"
#include "tests/bpf/frame.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {
namespace {

const MacAddress near_address{{2, 0, 0, 0, 0, 1}};
const MacAddress far_address{{2, 0, 0, 0, 0, 2}};

sockaddr_in6 address(const std::string& text, std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &address.sin6_addr), 1);
  return address;
}

class SegmentsTest : public SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped()) return;
    namespaces.resize(1);
    add_end("near", near_address, 1, far_address);
    add_end("far", far_address, 2, near_address);
    namespaces[0].enter();
    // Only what the test sends gets through: no multicast, and so no neighbour discovery.
    run("ip link add bridge type bridge mcast_snooping 0 && ip link set bridge up");
    for (const char* port : {"to_near", "to_far"})
      run(
          fmt::format("ip link set {0} master bridge up && "
                      "bridge link set dev {0} mcast_flood off bcast_flood off",
                      port));
    namespaces[1].enter();
    bring_up({"near"});
    namespaces[2].enter();
    bring_up({"far"});
    namespaces[0].enter();
    EXPECT_TRUE(bridge_forwards(2));
    near = count(1, "near", Attach::tcx, far_address);
    far = count(2, "far", Attach::native, near_address);
  }

  void add_end(const std::string& name, const MacAddress& address, int number,
               const MacAddress& neighbour) {
    namespaces.emplace_back();
    run("echo 0 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
    const std::string other = fmt::format("to_{}", name);
    run(
        fmt::format("ip link add {0} address {1} type veth peer name {2} && "
                    "ip link set {2} netns {3} && ip link set {0} up && "
                    "ip addr add 10.0.0.{4}/24 dev {0} && "
                    "ip addr add fd00::{4}/64 nodad dev {0} && "
                    "ip neigh add 10.0.0.{5} lladdr {6} dev {0} && "
                    "ip neigh add fd00::{5} lladdr {6} dev {0}",
                    name, to_string(address), other, namespaces[0].path(), number, 3 - number,
                    to_string(neighbour)));
  }

  std::unique_ptr<StationCounters> count(std::size_t in, const std::string& device, Attach wanted,
                                         const MacAddress& station) {
    namespaces[in].enter();
    auto attached = StationCounters::attach(index_of(device), wanted);
    EXPECT_TRUE(attached);
    if (!attached) return nullptr;
    EXPECT_TRUE(attached->set_stations(std::vector{station}));
    return std::make_unique<StationCounters>(std::move(*attached));
  }

  static StationCount counts(const StationCounters& counters) {
    Counts counts;
    counters.read(counts);
    return counts.stations.at(0);
  }

  File socket(std::size_t in, int type) {
    namespaces[in].enter();
    File socket{::socket(AF_INET6, type | SOCK_CLOEXEC, 0)};
    // A window below the ring of a veth (256 frames), so that none is lost.
    const int room = 64 * 1024;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    return socket;
  }

  /// Sends so many bytes over TCP; to an address as IPv6 writes it.
  void transfer(std::size_t from, std::size_t to, const std::string& address_of_to,
                std::size_t bytes) {
    const File listener = socket(to, SOCK_STREAM);
    const sockaddr_in6 name = address(address_of_to, 5000);
    const sockaddr_in6 any = address("::", 5000);
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
    ASSERT_EQ(::listen(listener.get(), 1), 0);
    std::size_t received = 0;
    std::thread receiver{[&] {
      const File accepted{::accept(listener.get(), nullptr, nullptr)};
      std::vector<char> buffer(65536);
      for (ssize_t n = 1; n > 0; received += static_cast<std::size_t>(n))
        n = ::recv(accepted.get(), buffer.data(), buffer.size(), 0);
    }};
    {
      const File sender = socket(from, SOCK_STREAM);
      EXPECT_EQ(::connect(sender.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
      const std::vector<char> buffer(65536);
      for (std::size_t left = bytes; left > 0;) {
        const ssize_t sent = ::send(sender.get(), buffer.data(), std::min(left, buffer.size()), 0);
        if (sent <= 0) break;
        left -= static_cast<std::size_t>(sent);
      }
      ::shutdown(sender.get(), SHUT_WR);
      char end = 0;
      ::recv(sender.get(), &end, 1, 0);  // until the receiver has had everything
    }
    receiver.join();
    EXPECT_EQ(received, bytes);
  }

  /// What one end sent is what the other received, to the byte, in both directions.
  void expect_agreement() {
    const auto agree = [&] {
      return counts(*near).to_station == counts(*far).from_station &&
             counts(*far).to_station == counts(*near).from_station;
    };
    EXPECT_TRUE(eventually(agree))
        << "near sent " << text(counts(*near).to_station) << ", far received "
        << text(counts(*far).from_station) << "; far sent " << text(counts(*far).to_station)
        << ", near received " << text(counts(*near).from_station);
  }

  static std::string text(const Count& count) {
    return fmt::format("{} packets, {} bytes", count.packets, count.bytes);
  }

  /// How many buffers a device has sent or received, aggregates as one.
  std::uint64_t statistic(std::size_t in, const std::string& device, const std::string& name) {
    namespaces[in].enter();
    // /proc/net/dev is that of the thread's namespace, /sys/class/net that of its mount.
    std::ifstream file{"/proc/thread-self/net/dev"};
    std::string word;
    while (file >> word && word != device + ":") {
    }
    std::array<std::uint64_t, 16> numbers{};
    for (std::uint64_t& number : numbers) file >> number;
    return name == "rx_packets" ? numbers[1] : numbers[9];
  }

  std::unique_ptr<StationCounters> near;
  std::unique_ptr<StationCounters> far;
};

struct Tcp {
  const char* name;
  const char* near;
  const char* far;
  bool timestamps;
};

class TcpSegmentsTest : public SegmentsTest, public testing::WithParamInterface<Tcp> {
 protected:
  void SetUp() override {
    SegmentsTest::SetUp();
    if (IsSkipped() || GetParam().timestamps) return;
    for (const std::size_t end : {1U, 2U}) {
      namespaces[end].enter();
      run("echo 0 > /proc/sys/net/ipv4/tcp_timestamps");
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Over, TcpSegmentsTest,
                         testing::Values(Tcp{"IPv4", "::ffff:10.0.0.1", "::ffff:10.0.0.2", true},
                                         Tcp{"IPv4WithoutTimestamps", "::ffff:10.0.0.1",
                                             "::ffff:10.0.0.2", false},
                                         Tcp{"IPv6", "fd00::1", "fd00::2", true},
                                         Tcp{"IPv6WithoutTimestamps", "fd00::1", "fd00::2", false}),
                         [](const auto& one) { return std::string{one.param.name}; });

constexpr std::size_t megabytes_30 = 30'000'000;

TEST_P(TcpSegmentsTest, AreCountedAtEgressAsTheFarEndReceivesThem) {
  transfer(1, 2, GetParam().far, megabytes_30);

  expect_agreement();
  EXPECT_GT(counts(*near).to_station.bytes, megabytes_30);
  // Or else there were no aggregates to be counted right.
  EXPECT_GT(counts(*near).to_station.packets, 3 * statistic(1, "near", "tx_packets"));
}

TEST_P(TcpSegmentsTest, AreCountedAtIngressAsTheFarEndSentThem) {
  transfer(2, 1, GetParam().near, megabytes_30);

  expect_agreement();
  EXPECT_GT(counts(*near).from_station.bytes, megabytes_30);
  EXPECT_GT(counts(*near).from_station.packets, 3 * statistic(1, "near", "rx_packets"));
}

class UdpSegmentsTest : public SegmentsTest {
 protected:
  /// 10 times 9900 bytes, to be cut at 1000: 10 segments each.
  void send_segmented(std::size_t from, std::size_t to, const char* name) {
    const File receiver = socket(to, SOCK_DGRAM);
    const sockaddr_in6 any = address("::", 5000);
    ASSERT_EQ(::bind(receiver.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
    const File sender = socket(from, SOCK_DGRAM);
    const sockaddr_in6 there = address(name, 5000);
    ASSERT_EQ(::connect(sender.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there), 0);
    const int segment = 1000;
    ASSERT_EQ(::setsockopt(sender.get(), SOL_UDP, UDP_SEGMENT, &segment, sizeof segment), 0);
    const std::vector<char> bytes(9900);
    for (int i = 0; i < 10; ++i)
      ASSERT_EQ(::send(sender.get(), bytes.data(), bytes.size(), 0), 9900);
  }
};

/// send_segmented() over IPv4 and over IPv6.
constexpr Count both{200, 100 * (42 + 62) + 2 * 99'000};

TEST_F(UdpSegmentsTest, AreCountedAtEgressAsTheFarEndReceivesThem) {
  send_segmented(1, 2, "::ffff:10.0.0.2");
  send_segmented(1, 2, "fd00::2");

  EXPECT_TRUE(eventually([&] { return counts(*near).to_station == both; }));
  expect_agreement();
}

TEST_F(UdpSegmentsTest, AreCountedAtIngressAsTheFarEndSentThem) {
  send_segmented(2, 1, "::ffff:10.0.0.1");
  send_segmented(2, 1, "fd00::1");

  EXPECT_TRUE(eventually([&] { return counts(*near).from_station == both; }));
  expect_agreement();
}

/// struct virtio_net_hdr, whose header is not C++.
struct GuestHeader {
  std::uint8_t flags = 1;     // VIRTIO_NET_HDR_F_NEEDS_CSUM
  std::uint8_t gso_type = 4;  // VIRTIO_NET_HDR_GSO_TCPV6
  std::uint16_t hdr_len = 86;
  std::uint16_t gso_size = 1000;
  std::uint16_t csum_start = 54;
  std::uint16_t csum_offset = 16;
};

// As a guest on tap or virtio sends it: the kernel does not trust its number of segments.
TEST_F(SegmentsTest, OfAGuestAreCountedAtEgressAsTheFarEndReceivesThem) {
  namespaces[1].enter();
  const File guest{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)};
  const int on = 1;
  ASSERT_EQ(::setsockopt(guest.get(), SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on), 0);
  sockaddr_ll device{};
  device.sll_family = AF_PACKET;
  device.sll_ifindex = static_cast<int>(value(index_of("near")));
  ASSERT_EQ(::bind(guest.get(), reinterpret_cast<const sockaddr*>(&device), sizeof device), 0);

  constexpr std::uint16_t payload = 10'500;
  std::vector<std::uint8_t> frame =
      Frame{far_address, near_address}.ipv6(IPPROTO_TCP).tcp(12).up_to(86 + payload).bytes();
  const std::uint16_t ip_payload = htons(32 + payload);  // the bridge's netfilter trims to it
  std::memcpy(&frame[18], &ip_payload, sizeof ip_payload);
  const GuestHeader header;
  std::vector<std::uint8_t> bytes(sizeof header);
  std::memcpy(bytes.data(), &header, sizeof header);
  bytes.insert(bytes.end(), frame.begin(), frame.end());
  ASSERT_EQ(::send(guest.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));

  EXPECT_TRUE(eventually([&] { return counts(*near).to_station == Count{11, 11 * 86 + payload}; }));
  expect_agreement();
}

}  // namespace
}  // namespace pianissimo::bpf
