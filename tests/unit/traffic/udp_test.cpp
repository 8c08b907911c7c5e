// The sender on the loopback device: what is counted, not when it happens.
#include "experiments/traffic/udp.hpp"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <map>
#include <set>

namespace pianissimo::traffic {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::atomic<bool> never{false};

class Receiver {
 public:
  Receiver() : fd_{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {
    const int buffer = 4 << 20;
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&any), sizeof any) < 0) {
      ADD_FAILURE() << "no receiver: errno " << errno;
    }
  }
  ~Receiver() { close(fd_); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::uint16_t port() const {
    sockaddr_in own{};
    socklen_t length = sizeof own;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &length);
    return ntohs(own.sin_port);
  }

  /// All that has arrived, by source port.
  std::map<std::uint16_t, Amount> take() const {
    std::map<std::uint16_t, Amount> amounts;
    std::array<char, 2048> packet{};
    for (;;) {
      sockaddr_in from{};
      socklen_t length = sizeof from;
      const ssize_t bytes = recvfrom(fd_, packet.data(), packet.size(), 0,
                                     reinterpret_cast<sockaddr*>(&from), &length);
      if (bytes < 0) return amounts;
      amounts[ntohs(from.sin_port)] += {1, static_cast<std::uint64_t>(bytes)};
    }
  }

 private:
  int fd_;
};

UdpPlan plan(std::uint16_t port) {
  return {.address = "127.0.0.1",
          .port = port,
          .flow = {.rate = {10'000}, .sizes = {100, 900}},
          .duration = 20ms};
}

TEST(Udp, ReportsWhatTheReceiverGets) {
  const Receiver receiver;
  UdpPlan three = plan(receiver.port());
  three.flows = 3;

  const auto report = send_udp(three, never);

  ASSERT_TRUE(report) << report.error().message;
  std::map<std::uint16_t, Amount> sent;
  for (const UdpFlowReport& flow : report->flows) {
    if (flow.sent.packets > 0) sent[flow.source_port] = flow.sent;
  }
  EXPECT_EQ(receiver.take(), sent);
}

TEST(Udp, AccountsForEveryPacketOfTheSchedule) {
  const Receiver receiver;

  const auto report = send_udp(plan(receiver.port()), never);

  ASSERT_TRUE(report) << report.error().message;
  const UdpFlowReport& flow = report->flows.at(0);
  Amount all = flow.sent;
  all += flow.failed;
  all += flow.skipped;
  EXPECT_EQ(all, (Amount{200, 100'000}));
  EXPECT_GE(report->elapsed, 20ms);
}

TEST(Udp, CountsWhatTheKernelRefusesAndGoesOn) {
  const auto report = send_udp(plan(0), never);  // to port 0 nothing can be sent: EINVAL

  ASSERT_TRUE(report) << report.error().message;
  const UdpFlowReport& flow = report->flows.at(0);
  EXPECT_EQ(flow.sent, Amount{});
  EXPECT_EQ(flow.failed.packets + flow.skipped.packets, 200U);
  EXPECT_GT(flow.failed.packets, 0U);
  EXPECT_EQ(report->failures, (std::map<int, std::uint64_t>{{EINVAL, flow.failed.packets}}));
}

TEST(Udp, StopsWhenTold) {
  const Receiver receiver;
  UdpPlan endless = plan(receiver.port());
  endless.duration = 0ms;
  const std::atomic<bool> stopped{true};

  const auto report = send_udp(endless, stopped);

  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->flows.at(0).sent, Amount{});
}

TEST(Udp, EachFlowHasAPortOfItsOwn) {
  const Receiver receiver;
  UdpPlan many = plan(receiver.port());
  many.flows = 50;
  const std::atomic<bool> stopped{true};

  const auto report = send_udp(many, stopped);

  ASSERT_TRUE(report) << report.error().message;
  std::set<std::uint16_t> ports;
  for (const UdpFlowReport& flow : report->flows) ports.insert(flow.source_port);
  EXPECT_EQ(ports.size(), 50U);
  EXPECT_FALSE(ports.contains(0));
}

TEST(Udp, RefusesAnAddressThatIsNone) {
  UdpPlan named = plan(9);
  named.address = "access-point";

  const auto report = send_udp(named, never);

  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("'access-point'"));
  EXPECT_EQ(report.error().exit_status, ExitStatus::usage);
}

TEST(Udp, RefusesNumbersOfFlowsThatCannotBe) {
  for (const std::size_t flows : {0U, 1025U}) {
    UdpPlan bad = plan(9);
    bad.flows = flows;

    const auto report = send_udp(bad, never);

    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().message, HasSubstr("flows"));
    EXPECT_EQ(report.error().exit_status, ExitStatus::usage);
  }
}

}  // namespace
}  // namespace pianissimo::traffic
