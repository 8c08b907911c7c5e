// Flows of real traffic to a real collector: nfcapd writes what it is sent, nfdump reads it back.
//
//   station (sta) ---- veth ---- access point (ap), collector at its lo
#include <arpa/inet.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "bpf/station_counters.hpp"
#include "controller/service/flow_export.hpp"
#include "tests/bpf/collector.hpp"
#include "tests/bpf/failing_calls.hpp"
#include "tests/bpf/sandbox.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using bpf::Collector;
using bpf::collector_port;
using bpf::eventually;
using bpf::File;
using bpf::index_of;
using bpf::run;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const MacAddress station{{2, 0, 0, 0, 0, 7}};

/// The kernel's clock, and ahead of it by as much as a test has waited.
class TestTime final : public Time {
 public:
  static constexpr std::int64_t wall_at_boot_ms = 1'700'000'000'000;

  Instant now() const override {
    return Instant{std::chrono::steady_clock::now().time_since_epoch() + ahead};
  }
  std::int64_t wall_ms() const override { return wall_at_boot_ms + now().time_since_epoch() / 1ms; }
  std::unique_ptr<Alarm> make_alarm() override { return nullptr; }

  Duration ahead{};
};

class FlowsTest : public bpf::SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (IsSkipped()) return;
    if (std::system("command -v nfcapd nfdump >/dev/null") != 0)
      GTEST_SKIP() << "Debian's package nfdump is not installed";
    run("echo 0 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
    namespaces.emplace_back();
    run("echo 0 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
    run(
        fmt::format("ip link add sta address {} type veth peer name ap "
                    "address 06:00:00:00:00:01 netns {}",
                    to_string(station), namespaces[0].path()));
    set_up_end("sta", 7, 1, "06:00:00:00:00:01");
    namespaces[0].enter();
    set_up_end("ap", 1, 7, "02:00:00:00:00:07");
    bpf::bring_up({"ap"});
    interface = {.index = index_of("ap"), .name = "ap"};
    collector.emplace();
  }

  static void set_up_end(const char* name, int own, int other, const char* other_mac) {
    run(
        fmt::format("ip link set {0} up && ip addr add 10.0.0.{1}/24 dev {0} && "
                    "ip addr add fd00::{1}/64 nodad dev {0} && "
                    "ip neigh add 10.0.0.{2} lladdr {3} dev {0} && "
                    "ip neigh add fd00::{2} lladdr {3} dev {0}",
                    name, own, other, other_mac));
  }

  void begin(FlowConfig config = {}) {
    if (config.collector.empty()) config.collector = fmt::format("127.0.0.1:{}", collector_port);
    exporter.begin(config, [this](std::string text) { said.push_back(std::move(text)); });
    exporter.look_after(interface);
  }

  void pass(Duration time_to_pass) {
    for (const Instant until = time.now() + time_to_pass; time.now() < until;) {
      const Instant due = exporter.step();
      time.ahead += std::max<Duration>(due - time.now(), 0ns);
    }
  }

  static sockaddr_in6 address(const std::string& text, std::uint16_t port) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &address.sin6_addr), 1);
    return address;
  }
  static File socket_at(int type, std::uint16_t port) {
    File socket{::socket(AF_INET6, type | SOCK_CLOEXEC, 0)};
    const sockaddr_in6 name = address("::", port);
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
    return socket;
  }
  /// Datagrams of so many bytes from one end to the other, each received.
  void datagrams(std::size_t from, std::uint16_t from_port, const std::string& to,
                 std::uint16_t to_port, int count, std::size_t bytes) {
    namespaces[1 - from].enter();
    const File receiver = socket_at(SOCK_DGRAM, to_port);
    namespaces[from].enter();
    const File sender = socket_at(SOCK_DGRAM, from_port);
    const sockaddr_in6 name = address(to, to_port);
    std::vector<char> buffer(bytes);
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(::sendto(sender.get(), buffer.data(), bytes, 0,
                         reinterpret_cast<const sockaddr*>(&name), sizeof name),
                static_cast<ssize_t>(bytes));
      EXPECT_EQ(::recv(receiver.get(), buffer.data(), bytes, 0), static_cast<ssize_t>(bytes));
    }
    namespaces[0].enter();
  }
  /// From the station to the access point, over TCP and IPv4.
  void transfer(std::size_t bytes) {
    const File listener = socket_at(SOCK_STREAM, 5001);
    ASSERT_EQ(::listen(listener.get(), 1), 0);
    std::size_t received = 0;
    std::thread receiver{[&] {
      const File accepted{::accept(listener.get(), nullptr, nullptr)};
      std::vector<char> buffer(65536);
      for (ssize_t n = 1; n > 0; received += static_cast<std::size_t>(n))
        n = ::recv(accepted.get(), buffer.data(), buffer.size(), 0);
    }};
    namespaces[1].enter();
    {
      const File sender = socket_at(SOCK_STREAM, 5000);
      const sockaddr_in6 name = address("::ffff:10.0.0.1", 5001);
      EXPECT_EQ(::connect(sender.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
      const std::vector<char> buffer(65536);
      for (std::size_t left = bytes; left > 0;) {
        const ssize_t sent = ::send(sender.get(), buffer.data(), std::min(left, buffer.size()), 0);
        if (sent <= 0) break;
        left -= static_cast<std::size_t>(sent);
      }
      ::shutdown(sender.get(), SHUT_WR);
      char end = 0;
      ::recv(sender.get(), &end, 1, 0);
    }
    receiver.join();
    namespaces[0].enter();
    EXPECT_EQ(received, bytes);
  }

  /// Five, three and seven datagrams, and what nfdump must say of them: IP's header, UDP's and the
  /// payload are 5 * 128, 3 * 1028 and 7 * 49 bytes.
  void expect_datagrams_to_the_byte() {
    begin();
    datagrams(1, 1024, "::ffff:10.0.0.1", 53, 5, 100);
    datagrams(0, 53, "::ffff:10.0.0.7", 1024, 3, 1000);
    datagrams(1, 1025, "fd00::1", 443, 7, 1);

    pass(20s);

    const std::string sta = "02:00:00:00:00:07";
    const std::string ap = "06:00:00:00:00:01";
    const auto index = value(interface.index);
    EXPECT_THAT(
        collector->read("%pr,%sa,%sp,%da,%dp,%dir,%pkt,%byt,%ismc,%idmc,%in,%out", "proto udp"),
        UnorderedElementsAre(
            fmt::format("17,10.0.0.7,1024,10.0.0.1,53,I,5,640,{},{},{},0", sta, ap, index),
            fmt::format("17,10.0.0.1,53,10.0.0.7,1024,E,3,3084,{},{},0,{}", ap, sta, index),
            fmt::format("17,fd00::7,1025,fd00::1,443,I,7,343,{},{},{},0", sta, ap, index)));
    EXPECT_THAT(collector->log(), HasSubstr("Sequence Errors: 0, Bad Packets: 0"));
    EXPECT_THAT(said, IsEmpty());
  }

  ApInterface interface;
  std::optional<Collector> collector;
  boost::asio::io_context io;
  TestTime time;
  std::vector<std::string> said;
  FlowExport exporter{io, time};
};

TEST_F(FlowsTest, TheCollectorReadsWhatWasSentToTheByte) { expect_datagrams_to_the_byte(); }

TEST_F(FlowsTest, SoItDoesBeforeLinux66) {
  const bpf::FailingCalls old_kernel{bpf::without_tcx};
  expect_datagrams_to_the_byte();
}

TEST_F(FlowsTest, TheCollectorReadsWhenAFlowBeganAndEnded) {
  const auto kernel_ms = [this] { return (time.now() - time.ahead).time_since_epoch() / 1ms; };
  begin();
  const std::int64_t before = kernel_ms();
  datagrams(1, 1, "::ffff:10.0.0.1", 53, 2, 10);
  const std::int64_t between = kernel_ms();
  EXPECT_TRUE(eventually([&] { return kernel_ms() > between; }));
  datagrams(1, 2, "::ffff:10.0.0.1", 53, 2, 10);
  const std::int64_t after = kernel_ms();

  pass(20s);

  // nfdump 1.7.1 prints wrong fractions of a second for %ter.
  const auto lines = collector->read("%sp %tsr %td", "proto udp");
  ASSERT_THAT(lines, SizeIs(2));
  std::array<std::array<std::int64_t, 2>, 2> ms{};
  for (std::size_t i = 0; i < 2; ++i) {
    int port = 0;
    double first = 0;
    double duration = 0;
    ASSERT_EQ(std::sscanf(lines[i].c_str(), "%d %lf %lf", &port, &first, &duration), 3) << lines[i];
    EXPECT_EQ(port, static_cast<int>(i) + 1);
    ms[i] = {std::llround(first * 1000) - TestTime::wall_at_boot_ms,
             std::llround((first + duration) * 1000) - TestTime::wall_at_boot_ms};
  }
  // Each clock is read in whole milliseconds, at moments that are one apart at most.
  EXPECT_LE(before - 1, ms[0][0]);
  EXPECT_LE(ms[0][0], ms[0][1]);
  EXPECT_LE(ms[0][1], between + 1);
  EXPECT_LE(between, ms[1][0]);
  EXPECT_LE(ms[1][0], ms[1][1]);
  EXPECT_LE(ms[1][1], after + 1);
}

TEST_F(FlowsTest, AggregatesAreWhatTheCountersCountThemAs) {
  for (const std::size_t end : {1U, 0U}) {
    namespaces[end].enter();
    run("for d in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $d; done");
  }
  auto counters = bpf::StationCounters::attach(interface.index, bpf::Attach::tcx);
  ASSERT_TRUE(counters);
  ASSERT_TRUE(counters->set_stations(std::vector{station}));
  begin();
  transfer(30'000'000);

  pass(20s);

  bpf::Counts counts;
  counters->read(counts);
  const auto& [mac, from, to] = counts.stations.at(0);
  EXPECT_GT(from.bytes, 30'000'000U);
  // All of it is IP behind an Ethernet header.
  EXPECT_THAT(collector->read("%pr,%sp,%dp,%dir,%pkt,%byt", "any"),
              UnorderedElementsAre(
                  fmt::format("6,5000,5001,I,{},{}", from.packets, from.bytes - 14 * from.packets),
                  fmt::format("6,5001,5000,E,{},{}", to.packets, to.bytes - 14 * to.packets)));
}

TEST_F(FlowsTest, WhatHasNoRoomIsCountedAndSaid) {
  begin({.most = 16});
  for (std::uint16_t port = 1; port <= 40; ++port) datagrams(1, port, "::ffff:10.0.0.1", 53, 1, 10);

  pass(20s);

  const std::size_t told = collector->read("%sp", "proto udp").size();
  EXPECT_LE(told, 16U);
  EXPECT_GE(told + exporter.totals().ignored.packets, 40U);
  EXPECT_THAT(said, testing::Contains(HasSubstr("more flows than have room")));
}

TEST_F(FlowsTest, TheEndSendsWhatIsNotOverYet) {
  begin();
  datagrams(1, 1024, "::ffff:10.0.0.1", 53, 5, 100);

  exporter.end();

  EXPECT_THAT(collector->read("%sp,%pkt,%byt", "proto udp"), ElementsAre("1024,5,640"));
  EXPECT_EQ(bpf::attached_to("ap"), bpf::Attached{});
  EXPECT_EQ(exporter.step(), Instant::max());
}

TEST_F(FlowsTest, ACollectorThatComesLaterReadsWhatIsSentFromThenOn) {
  collector.reset();
  begin();
  datagrams(1, 1, "::ffff:10.0.0.1", 53, 5, 100);
  pass(20s);
  EXPECT_THAT(said, testing::Contains(HasSubstr("127.0.0.1:4739: Connection refused")));

  collector.emplace();
  datagrams(1, 2, "::ffff:10.0.0.1", 53, 5, 100);
  pass(20s);

  EXPECT_THAT(collector->read("%sp,%pkt,%byt", "proto udp"), ElementsAre("2,5,640"));
}

TEST_F(FlowsTest, ACollectorToWhichThereIsNoWayIsSaidAndWhatIsNotSentIsCounted) {
  begin({.collector = "192.0.2.1:4739"});
  datagrams(1, 1, "::ffff:10.0.0.1", 53, 5, 100);

  pass(20s);

  EXPECT_THAT(said, testing::Contains(HasSubstr("192.0.2.1:4739: Network is unreachable")));
  EXPECT_GE(exporter.totals().not_sent, 1U);
  EXPECT_EQ(exporter.totals().sent, 0U);
}

TEST_F(FlowsTest, WithoutACollectorNothingIsAttached) {
  exporter.begin(FlowConfig{}, [](const std::string&) {});
  exporter.look_after(interface);

  EXPECT_EQ(bpf::attached_to("ap"), bpf::Attached{});
  EXPECT_EQ(exporter.step(), Instant::max());
}

TEST_F(FlowsTest, WhatAKilledRunLeftGoesAndTheCountersStay) {
  const bpf::FailingCalls old_kernel{bpf::without_tcx};
  const pid_t killed = ::fork();
  if (killed == 0) {
    begin();
    ::_exit(0);
  }
  ::waitpid(killed, nullptr, 0);
  const auto counters = bpf::StationCounters::attach(interface.index, bpf::Attach::clsact);
  ASSERT_TRUE(counters);
  EXPECT_THAT(bpf::attached_to("ap").clsact_ingress, SizeIs(2));

  exporter.begin(FlowConfig{}, [](const std::string&) {});
  exporter.look_after(interface);

  EXPECT_THAT(bpf::attached_to("ap").clsact_ingress, SizeIs(1));
  EXPECT_THAT(bpf::attached_to("ap").clsact_egress, SizeIs(1));
  EXPECT_TRUE(counters->is_attached());
}

TEST_F(FlowsTest, AProgramThatSomebodyRemovesIsAttachedAnew) {
  const bpf::FailingCalls old_kernel{bpf::without_tcx};
  begin();
  run("tc filter del dev ap egress");
  EXPECT_THAT(bpf::attached_to("ap").clsact_egress, IsEmpty());

  exporter.look_after(interface);

  EXPECT_THAT(bpf::attached_to("ap").clsact_egress, SizeIs(1));
  EXPECT_THAT(bpf::attached_to("ap").clsact_ingress, SizeIs(1));
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(FlowsTest, AnInterfaceThatIsForgottenIsRecordedNoMore) {
  begin();
  EXPECT_NE(bpf::attached_to("ap"), bpf::Attached{});

  exporter.forget(interface.index);

  EXPECT_EQ(bpf::attached_to("ap"), bpf::Attached{});
}

}  // namespace
}  // namespace pianissimo::service
