// UDP made in the kernel arrives at the sockets of all ports, with checksums that the kernel takes.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <map>

#include "experiments/traffic/live_frames.hpp"
#include "experiments/traffic/live_plan.hpp"
#include "tests/bpf/two_ends.hpp"

namespace pianissimo::bpf {
namespace {

constexpr std::uint16_t first_port = 20'000;
constexpr std::uint16_t source_port = 4321;
constexpr std::uint32_t ports = 8;
constexpr std::uint64_t frames = 1600;
const std::atomic<bool> never{false};

using Arrived = std::map<std::size_t, std::uint64_t>;  ///< bytes of payload -> packets

/// Takes IPv4 and IPv6.
class UdpSocket {
 public:
  explicit UdpSocket(std::uint16_t port)
      : file_{::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {
    const int room = 16 << 20;
    ::setsockopt(file_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    any.sin6_port = htons(port);
    EXPECT_EQ(::bind(file_.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), 0) << port;
  }

  void take(Arrived& arrived) const {
    std::array<char, 2048> packet{};
    sockaddr_in6 from{};
    socklen_t length = sizeof from;
    for (;;) {
      const auto bytes = ::recvfrom(file_.get(), packet.data(), packet.size(), 0,
                                    reinterpret_cast<sockaddr*>(&from), &length);
      if (bytes < 0) return;
      EXPECT_EQ(ntohs(from.sin6_port), source_port);
      ++arrived[static_cast<std::size_t>(bytes)];
    }
  }

 private:
  File file_;
};

struct Family {
  const char* name;
  const char* from;
  const char* to;
  std::size_t header_bytes;  ///< Ethernet, IP and UDP
};

class LivePorts : public TwoEnds, public testing::WithParamInterface<Family> {};

TEST_P(LivePorts, GetTheSameNumberOfPacketsEachOfEachSize) {
  const Family& family = GetParam();
  const auto cpus = traffic::first_cpus(std::thread::hardware_concurrency() > 1 ? 2 : 1);
  ASSERT_TRUE(cpus);
  receiver().enter();
  std::vector<UdpSocket> sockets;
  for (std::uint16_t i = 0; i < ports; ++i) sockets.emplace_back(first_port + i);
  sender().enter();
  auto generator = traffic::LiveFrames::open(
      {.interface = "va",
       .destination = {{2, 0, 0, 0, 0, 2}},
       .sources = traffic::generated_sources(1),
       .sizes = {100, 1514, 99},
       .cpus = *cpus,
       .udp = traffic::LiveUdp{.source = *traffic::internet_address(family.from),
                               .destination = *traffic::internet_address(family.to),
                               .source_port = source_port,
                               .port = first_port,
                               .ports = ports}});
  ASSERT_TRUE(generator) << generator.error().message;

  const auto report = generator->run(3 * frames, Duration{0}, never);

  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->dropped, 0U) << "by the veth's ring";
  std::vector<Arrived> arrived(ports);
  const auto all_have_arrived = [&] {
    std::uint64_t packets = 0;
    for (std::size_t i = 0; i < ports; ++i) {
      sockets[i].take(arrived[i]);
      for (const auto& [bytes, count] : arrived[i]) packets += count;
    }
    return packets == 3 * frames;
  };
  EXPECT_TRUE(eventually(all_have_arrived));
  const std::uint64_t each = frames / ports;
  for (const Arrived& at_port : arrived) {
    EXPECT_THAT(at_port, testing::ElementsAre(std::pair{99 - family.header_bytes, each},
                                              std::pair{100 - family.header_bytes, each},
                                              std::pair{1514 - family.header_bytes, each}));
  }
}

INSTANTIATE_TEST_SUITE_P(Families, LivePorts,
                         testing::Values(Family{"IPv4", "10.77.0.1", "10.77.0.2", 42},
                                         Family{"IPv6", "fd77::1", "fd77::2", 62}),
                         [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pianissimo::bpf
