// A connection that is taken over from the kernel, to a real TCP receiver in another namespace:
// every byte arrives, once and in order, and as many as were acknowledged.
#include "experiments/traffic/live_tcp.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <functional>
#include <future>
#include <optional>
#include <sstream>

#include "experiments/traffic/tcp_segment.hpp"
#include "tests/bpf/two_ends.hpp"

namespace pianissimo::bpf {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

#ifdef NDEBUG
constexpr std::uint64_t many_bytes = 100'000'000;
#else
constexpr std::uint64_t many_bytes = 20'000'000;
#endif
constexpr std::uint64_t some_bytes = 4'000'000;
const std::atomic<bool> never{false};

struct Received {
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> first_wrong;
  bool has_ended = false;  ///< the sender has closed its side
};

class Listener {
 public:
  /// In the network namespace of the calling thread.
  explicit Listener(const std::string& address, int buffer = 0)
      : file_{::socket(is_ipv6(address) ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    if (buffer > 0) ::setsockopt(file_.get(), SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    sockaddr_in6 own{};
    socklen_t length = sizeof own;
    if (is_ipv6(address)) {
      own.sin6_family = AF_INET6;
      ::inet_pton(AF_INET6, address.c_str(), &own.sin6_addr);
    } else {
      auto* const v4 = reinterpret_cast<sockaddr_in*>(&own);
      v4->sin_family = AF_INET;
      ::inet_pton(AF_INET, address.c_str(), &v4->sin_addr);
      length = sizeof *v4;
    }
    auto* const generic = reinterpret_cast<sockaddr*>(&own);
    EXPECT_EQ(::bind(file_.get(), generic, length), 0) << address;
    EXPECT_EQ(::listen(file_.get(), 1), 0);
    ::getsockname(file_.get(), generic, &length);
    port_ = ntohs(own.sin6_port);
  }

  std::uint16_t port() const { return port_; }
  /// Its reads fail when nothing comes for 20 s.
  File accept() const {
    File connection{::accept(file_.get(), nullptr, nullptr)};
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return connection;
  }

 private:
  static bool is_ipv6(const std::string& address) { return address.find(':') < address.size(); }

  File file_;
  std::uint16_t port_ = 0;
};

/// Reads on until the sender has closed its side, or for so many bytes more.
void read_on(Received& received, const File& connection, std::uint32_t segment_bytes,
             std::uint64_t more = std::uint64_t{1} << 62) {
  const std::uint64_t most = received.bytes + more;
  std::vector<std::uint8_t> block(1 << 18);
  while (received.bytes < most) {
    const ssize_t got = ::read(connection.get(), block.data(), block.size());
    if (got <= 0) {
      received.has_ended = got == 0;
      break;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(got) && !received.first_wrong; ++i) {
      const std::uint64_t offset = received.bytes + i;
      if (block[i] != traffic::stream_byte(offset, segment_bytes)) received.first_wrong = offset;
    }
    received.bytes += static_cast<std::uint64_t>(got);
  }
}

Received receive(const File& connection, std::uint32_t segment_bytes) {
  Received received;
  read_on(received, connection, segment_bytes);
  return received;
}

/// That IPv4 has received in the namespace of the calling thread.
std::uint64_t truncated_packets() {
  std::ifstream file{"/proc/thread-self/net/netstat"};
  std::string names;
  std::string values;
  while (std::getline(file, names) && std::getline(file, values)) {
    if (!names.starts_with("IpExt:")) continue;
    std::istringstream name{names};
    std::istringstream value{values};
    for (std::string n, v; name >> n && value >> v;) {
      if (n == "InTruncatedPkts") return std::stoull(v);
    }
  }
  ADD_FAILURE() << "no InTruncatedPkts";
  return 0;
}

void switch_gro_on(const std::string& device) {
  const File any{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ethtool_value on{.cmd = ETHTOOL_SGRO, .data = 1};
  ifreq request{};
  device.copy(request.ifr_name, IF_NAMESIZE - 1);
  request.ifr_data = reinterpret_cast<char*>(&on);
  EXPECT_EQ(::ioctl(any.get(), SIOCETHTOOL, &request), 0) << device;
}

class LiveTcp : public TwoEnds {
 protected:
  void SetUp() override {
    TwoEnds::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    listen("10.77.0.2");
  }

  /// Nothing of ours stays, whatever became of the connection.
  void TearDown() override {
    if (!IsSkipped() && !has_other_program) {
      EXPECT_EQ(attached_to("va").xdp, 0U);
    }
    TwoEnds::TearDown();
  }

  void listen(const std::string& address, int buffer = 0) {
    receiver().enter();
    listener.emplace(address, buffer);
    sender().enter();
    plan.address = address;
    plan.port = listener->port();
  }

  /// Read while the kernel writes it.
  std::uint64_t frames_of_link() const {
    return *const_cast<const volatile __u64*>(&link().frames);
  }

  std::future<Received> received_by(std::function<Received(File connection)> reader) const {
    return std::async(std::launch::async,
                      [this, reader = std::move(reader)] { return reader(listener->accept()); });
  }

  void expect_exact(const traffic::Result<traffic::LiveTcpReport>& report,
                    std::future<Received> received) const {
    ASSERT_TRUE(report) << report.error().message;
    const Received all = received.get();
    EXPECT_EQ(all.first_wrong, std::nullopt);
    EXPECT_EQ(all.bytes, report->acknowledged);
    EXPECT_TRUE(all.has_ended);
    EXPECT_EQ(report->sent.bytes, report->sent.packets * report->segment_bytes);
  }

  traffic::LiveTcpPlan plan{.interface = "va", .bytes = some_bytes};
  std::optional<Listener> listener;
  bool has_other_program = false;
};

constexpr std::uint32_t ipv4_segment = 1448;  // 1500 less 20, 20 and 12 of timestamps
constexpr std::uint32_t ipv6_segment = 1428;

Received read_all(const File& connection) { return receive(connection, ipv4_segment); }

TEST_F(LiveTcp, EveryByteArrivesInOrder) {
  plan.bytes = many_bytes;
  auto received = received_by(read_all);

  const auto report = traffic::send_live_tcp(plan, never);

  expect_exact(report, std::move(received));
  EXPECT_EQ(report->segment_bytes, ipv4_segment);
  EXPECT_EQ(report->acknowledged, (many_bytes + ipv4_segment - 1) / ipv4_segment * ipv4_segment);
  EXPECT_EQ(report->sent.bytes, report->acknowledged + report->resent * ipv4_segment);
  EXPECT_LT(report->resent, report->sent.packets / 10) << "the link loses nothing";
  EXPECT_TRUE(report->is_finished);
}

TEST_F(LiveTcp, EveryByteArrivesInOrderOverIpv6) {
  listen("fd77::2");
  plan.bytes = many_bytes;
  auto received = received_by([](const File& from) { return receive(from, ipv6_segment); });

  const auto report = traffic::send_live_tcp(plan, never);

  expect_exact(report, std::move(received));
  EXPECT_EQ(report->segment_bytes, ipv6_segment);
  EXPECT_TRUE(report->is_finished);
}

// GRO writes into the headers of what it puts together, and that memory is sent again.
TEST_F(LiveTcp, FramesAreWholeWhereTheReceiverPutsThemTogether) {
  receiver().enter();
  detach_link_program();
  switch_gro_on("vb");
  sender().enter();
  plan.bytes = many_bytes;
  auto received = received_by(read_all);

  const auto report = traffic::send_live_tcp(plan, never);

  expect_exact(report, std::move(received));
  receiver().enter();
  EXPECT_EQ(truncated_packets(), 0U) << "of which IP says that they are longer than they are";
}

TEST_F(LiveTcp, NeedsNoOptionsOfThePeer) {
  for (const char* const option : {"timestamps", "window_scaling", "sack"}) {
    std::ofstream{std::string{"/proc/sys/net/ipv4/tcp_"} + option} << 0;
  }
  auto received = received_by([](const File& from) { return receive(from, 1460); });

  const auto report = traffic::send_live_tcp(plan, never);

  expect_exact(report, std::move(received));
  EXPECT_EQ(report->segment_bytes, 1460U);
}

class LossyLiveTcp : public LiveTcp, public testing::WithParamInterface<int> {};

TEST_P(LossyLiveTcp, EveryByteArrivesInOrderWhateverIsLost) {
  link().random = 7;
  link().lost_of_1000 = static_cast<std::uint32_t>(GetParam());
  auto received = received_by(read_all);

  const auto report = traffic::send_live_tcp(plan, never);

  expect_exact(report, std::move(received));
  EXPECT_GT(link().lost, 0U);
  EXPECT_GE(report->resent, link().lost) << "whatever was lost was sent again";
  EXPECT_GT(report->repairs, 0U) << "duplicate acknowledgements were not understood";
  EXPECT_TRUE(report->is_finished);
}

INSTANTIATE_TEST_SUITE_P(PerThousand, LossyLiveTcp, testing::Values(5, 50),
                         testing::PrintToStringParamName());

// Two segments come after the lost one: too few acknowledgements to tell. Then all three are
// acknowledged at once, two of them before they are sent again.
TEST_F(LiveTcp, ALossNearTheEndIsRepairedByTheTimer) {
  plan.bytes = 10 * ipv4_segment;
  link().lost_frame = 8;
  auto received = received_by(read_all);

  const auto report = traffic::send_live_tcp(plan, never);

  expect_exact(report, std::move(received));
  EXPECT_EQ(report->acknowledged, plan.bytes);
  EXPECT_EQ(report->repairs, 0U);
  EXPECT_EQ(report->timeouts, 1U);
}

TEST_F(LiveTcp, AReceiverThatDoesNotReadIsAskedAndNotOverrun) {
  listen("10.77.0.2", 30'000);
  plan.bytes = 0;
  plan.duration = 1s;
  std::promise<void> over;
  auto received = received_by([&](const File& connection) {
    over.get_future().wait();
    return read_all(connection);
  });

  const auto report = traffic::send_live_tcp(plan, never);
  over.set_value();

  expect_exact(report, std::move(received));
  EXPECT_GT(report->window_closed, 100ms);
  EXPECT_GT(report->probes, 0U);
  EXPECT_LT(report->acknowledged, 1'000'000U);
}

TEST_F(LiveTcp, AReceiverThatReadsAgainGetsTheRest) {
  listen("10.77.0.2", 30'000);
  auto received = received_by([&](const File& connection) {
    // Until segments come for which there is no room: questions for the window.
    const auto unread = [&] {
      int bytes = 0;
      ::ioctl(connection.get(), FIONREAD, &bytes);
      return bytes;
    };
    for (int refused = 0; refused < 2;) {
      const int before = unread();
      const std::uint64_t frames = frames_of_link();
      EXPECT_TRUE(eventually([&] { return frames_of_link() > frames; }));
      refused = before > 0 && unread() == before ? refused + 1 : 0;
    }
    return read_all(connection);
  });

  const auto report = traffic::send_live_tcp(plan, never);

  expect_exact(report, std::move(received));
  EXPECT_GT(report->window_closed, Duration{0});
  EXPECT_TRUE(report->is_finished);
}

TEST_F(LiveTcp, WhenStoppedAllThatWasSentIsAcknowledged) {
  plan.bytes = 0;
  std::atomic<bool> stop{false};
  auto received = received_by([&](const File& connection) {
    Received all;
    read_on(all, connection, ipv4_segment, some_bytes);
    stop = true;
    read_on(all, connection, ipv4_segment);
    return all;
  });

  const auto report = traffic::send_live_tcp(plan, stop);

  expect_exact(report, std::move(received));
  EXPECT_GE(report->acknowledged, some_bytes);
}

TEST_F(LiveTcp, APeerThatSpeaksIsAcknowledged) {
  plan.bytes = 0;
  plan.duration = 20s;
  std::atomic<bool> stop{false};
  auto received = received_by([&](const File& connection) {
    Received all;
    read_on(all, connection, ipv4_segment, 1);  // it is taken over
    const std::vector<char> words(50'000);
    EXPECT_EQ(::send(connection.get(), words.data(), words.size(), 0), 50'000);
    int unacknowledged = 1;
    while (unacknowledged > 0 && !all.has_ended) {
      read_on(all, connection, ipv4_segment, 1);
      ::ioctl(connection.get(), TIOCOUTQ, &unacknowledged);
    }
    EXPECT_EQ(unacknowledged, 0) << "while the connection was taken over";
    stop = true;
    read_on(all, connection, ipv4_segment);
    return all;
  });

  const auto report = traffic::send_live_tcp(plan, stop);

  expect_exact(report, std::move(received));
  EXPECT_TRUE(report->is_finished);
}

TEST_F(LiveTcp, SaysThatThePeerHasResetTheConnection) {
  plan.bytes = 0;
  auto received = received_by([](const File& connection) {
    Received some;
    read_on(some, connection, ipv4_segment, some_bytes);
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return some;
  });

  const auto report = traffic::send_live_tcp(plan, never);

  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("reset the connection, after "));
  EXPECT_EQ(report.error().exit_status, traffic::ExitStatus::unavailable);
  EXPECT_EQ(received.get().first_wrong, std::nullopt);
}

TEST_F(LiveTcp, GivesUpOnAPeerThatDoesNotAnswer) {
  link().most_frames = 100;
  plan.patience = 1s;
  auto received = received_by(read_all);

  const auto report = traffic::send_live_tcp(plan, never);

  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("has not answered for 1 s, after "));
  EXPECT_EQ(report.error().exit_status, traffic::ExitStatus::unavailable);
  EXPECT_FALSE(received.get().has_ended) << "it was not reset";
}

TEST_F(LiveTcp, SaysThatAVethTakesNoFrames) {
  detach_link_program();
  auto received = received_by(read_all);

  const auto report = traffic::send_live_tcp(plan, never);

  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("va: takes no frames from XDP programs"));
  EXPECT_EQ(report.error().exit_status, traffic::ExitStatus::unavailable);
  received.get();
}

TEST_F(LiveTcp, SaysThatAnInterfaceHasNoNativeXdp) {
  plan.interface = "lo";

  const auto report = traffic::send_live_tcp(plan, never);

  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("lo: has no native XDP"));
  EXPECT_EQ(report.error().exit_status, traffic::ExitStatus::unavailable);
}

TEST_F(LiveTcp, LeavesAnotherXdpProgramWhereItIs) {
  has_other_program = true;
  const File theirs = other_program(true, 2, "theirs");
  const auto index = static_cast<int>(value(index_of("va")));
  ASSERT_EQ(bpf_xdp_attach(index, theirs.get(), 0, nullptr), 0);
  const auto before = attached_to("va");

  const auto report = traffic::send_live_tcp(plan, never);

  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("va: another XDP program is there"));
  EXPECT_EQ(report.error().exit_status, traffic::ExitStatus::unavailable);
  EXPECT_EQ(attached_to("va"), before);
}

TEST_F(LiveTcp, SaysThatNobodyListens) {
  listener.reset();

  const auto report = traffic::send_live_tcp(plan, never);

  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("Connection refused"));
  EXPECT_EQ(report.error().exit_status, traffic::ExitStatus::unavailable);
}

TEST_F(LiveTcp, SaysThatThereIsNoSuchInterface) {
  plan.interface = "nowhere";

  const auto report = traffic::send_live_tcp(plan, never);

  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("nowhere: No such device"));
  EXPECT_EQ(report.error().exit_status, traffic::ExitStatus::unavailable);
}

}  // namespace
}  // namespace pianissimo::bpf
