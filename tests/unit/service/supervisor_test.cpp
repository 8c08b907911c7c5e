// What systemd is told of the daemon, at a socket such as systemd's.
#include "controller/service/supervisor.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <map>

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Where the service manager listens.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& address) : address_{address} {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, address.data(), address.size());
    if (address.starts_with('@')) name.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&name), length), 0);
  }
  ~NotifySocket() { ::close(fd_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::vector<std::string> heard() {
    std::vector<std::string> all;
    std::array<char, 256> bytes{};
    for (;;) {
      const ssize_t n = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (n < 0) return all;
      all.emplace_back(bytes.data(), static_cast<std::size_t>(n));
    }
  }
  const char* address() const { return address_.c_str(); }

 private:
  std::string address_;
  int fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

class SupervisorTest : public DaemonTest {
 protected:
  ~SupervisorTest() override {
    if (daemon) stop();
    daemon.reset();  // it tells of its end as long as somebody listens
  }
  SystemdSupervisor::Made made() {
    return SystemdSupervisor::from(
        [this](const char* name) {
          const auto found = environment.find(name);
          return found == environment.end() ? nullptr : found->second.c_str();
        },
        time);
  }
  void tell_systemd() {
    systemd = std::get<std::unique_ptr<SystemdSupervisor>>(made());
    supervisor = systemd.get();
  }
  std::string why_not() {
    const auto result = made();
    const auto* const why = std::get_if<std::string>(&result);
    return why ? *why : "";
  }

  NotifySocket socket{directory / "notify"};
  std::map<std::string, std::string> environment{{"NOTIFY_SOCKET", socket.address()}};
  std::unique_ptr<SystemdSupervisor> systemd;
};

TEST_F(SupervisorTest, IsToldWhenTheInterfacesHaveBeenLookedAt) {
  tell_systemd();
  make();
  EXPECT_THAT(socket.heard(), IsEmpty());

  time.settle();

  EXPECT_THAT(socket.heard(), ElementsAre("READY=1\n"));
}

TEST_F(SupervisorTest, IsNotToldThatADaemonIsReadyWhichCannotBegin) {
  kernel->interfaces.clear();  // and wlan0 is named
  tell_systemd();

  start();

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_THAT(socket.heard(), IsEmpty());
}

TEST_F(SupervisorTest, IsToldWhenTheDaemonStops) {
  tell_systemd();
  start();
  socket.heard();

  stop();

  EXPECT_THAT(socket.heard(), ElementsAre("STOPPING=1\n"));
}

TEST_F(SupervisorTest, IsToldOfAReloadWithItsTimeAndOfItsEnd) {
  tell_systemd();
  start();
  time.advance(1s);
  socket.heard();
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(time.now().time_since_epoch()).count();

  reload(config);

  EXPECT_THAT(
      socket.heard(),
      ElementsAre("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now) + '\n', "READY=1\n"));
}

// The loop turns every 50 ms.
TEST_F(SupervisorTest, IsToldThatTheLoopLivesAtHalfOfItsPatience) {
  environment["WATCHDOG_USEC"] = "2000000";
  tell_systemd();
  start();
  time.advance(config.interval);
  EXPECT_THAT(socket.heard(), ElementsAre("READY=1\n", "WATCHDOG=1\n"));

  time.advance(1s - config.interval);
  EXPECT_THAT(socket.heard(), IsEmpty());
  time.advance(config.interval);
  EXPECT_THAT(socket.heard(), ElementsAre("WATCHDOG=1\n"));
}

TEST_F(SupervisorTest, IsToldNothingOfTheLoopIfItDoesNotWatch) {
  tell_systemd();
  start();

  time.advance(5s);

  EXPECT_THAT(socket.heard(), ElementsAre("READY=1\n"));
}

TEST_F(SupervisorTest, IsToldNothingOfTheLoopIfAnotherProcessIsWatched) {
  environment["WATCHDOG_USEC"] = "2000000";
  environment["WATCHDOG_PID"] = "1";
  tell_systemd();
  start();

  time.advance(5s);

  EXPECT_THAT(socket.heard(), ElementsAre("READY=1\n"));
}

TEST_F(SupervisorTest, IsToldLaterWhatHadNoRoom) {
  tell_systemd();
  // Linux keeps a few datagrams for a socket (net.unix.max_dgram_qlen), and takes no more.
  for (int i = 0; i < 5'000; ++i) systemd->stopping();
  systemd->ready();
  ASSERT_THAT(socket.heard(), Each("STOPPING=1\n"));

  systemd->alive();

  EXPECT_THAT(socket.heard(), ElementsAre("READY=1\n"));
}

TEST_F(SupervisorTest, MayListenAtAnAbstractAddress) {
  NotifySocket abstract{"@pianissimo-test-" + std::to_string(::getpid())};
  environment["NOTIFY_SOCKET"] = abstract.address();
  tell_systemd();

  systemd->ready();

  EXPECT_THAT(abstract.heard(), ElementsAre("READY=1\n"));
}

TEST_F(SupervisorTest, IsNobodyWhereNoSocketIsNamed) {
  environment.clear();
  EXPECT_EQ(std::get<std::unique_ptr<SystemdSupervisor>>(made()), nullptr);

  environment["NOTIFY_SOCKET"] = "";
  EXPECT_EQ(std::get<std::unique_ptr<SystemdSupervisor>>(made()), nullptr);
}

TEST_F(SupervisorTest, CannotBeToldAtAnAddressThatIsNone) {
  for (const std::string address : {"notify", "/", "@", "vsock:2:1", "/none/of/them"}) {
    environment["NOTIFY_SOCKET"] = address;
    EXPECT_THAT(why_not(), HasSubstr("NOTIFY_SOCKET=" + address + ": ")) << address;
  }
  environment["NOTIFY_SOCKET"] = '/' + std::string(200, 'x');
  EXPECT_THAT(why_not(), HasSubstr("File name too long"));
}

TEST_F(SupervisorTest, CannotWatchForATimeThatIsNone) {
  for (const std::string text : {"", "0", "-1", "1s", " 1", "9223372036854775807", "1e6"}) {
    environment["WATCHDOG_USEC"] = text;
    EXPECT_THAT(why_not(), HasSubstr("WATCHDOG_USEC=")) << text;
  }
}

}  // namespace
}  // namespace pianissimo::service
