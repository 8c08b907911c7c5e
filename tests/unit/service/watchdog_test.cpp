#include "controller/service/watchdog.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <deque>

namespace {

// What the next waits of the watchdog bring, in its process, without waiting: 0 for silence, -1 for
// a signal. After these it waits as ever.
std::deque<int> waits;
// Where to tell that it waits after the daemon's end: '5' for 5 s, else '?'.
int waits_of_the_dead = -1;

}  // namespace

// Instead of the C library's, in this program.
extern "C" int poll(pollfd* fds, nfds_t count, int timeout) {
  if (count == 0 && waits_of_the_dead >= 0) {
    return static_cast<int>(::write(waits_of_the_dead, timeout == 5000 ? "5" : "?", 1)) - 1;
  }
  if (count == 1 && !waits.empty()) {
    const int brings = waits.front();
    waits.pop_front();
    errno = EINTR;
    return brings;
  }
  return static_cast<int>(::syscall(SYS_poll, fds, count, timeout));
}

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;

// What the watchdog does comes through this pipe, from its process: 'd' for a dead daemon, 'h' for
// one that hangs. Reading waits until it is there, or until every process that could say it has
// ended.
class WatchdogTest : public ::testing::Test {
 protected:
  WatchdogTest() { EXPECT_EQ(::pipe(ends.data()), 0); }
  ~WatchdogTest() override { ::close(ends[0]); }
  Watchdog::Act act() {
    return
        [this](bool is_dead) { static_cast<void>(::write(ends[1], is_dead ? "d" : "h", 1) == 1); };
  }
  char said() {
    char word = '-';
    return ::read(ends[0], &word, 1) == 1 ? word : '-';
  }
  std::array<int, 2> ends{};
  // What a test does not wait for does not come.
  static constexpr Watchdog::Patience silence{.silence = 10ms, .end = 24h};
  static constexpr Watchdog::Patience end{.silence = 24h, .end = 0ms};
};

TEST_F(WatchdogTest, ActsOnADaemonThatSaysNothing) {
  const Watchdog watchdog{act(), silence};

  EXPECT_EQ(said(), 'h');
  ::close(ends[1]);
}

TEST_F(WatchdogTest, ActsAgainAfterADaemonHasGoneOnAndHangsAnew) {
  const Watchdog watchdog{act(), silence};
  ASSERT_EQ(said(), 'h');

  EXPECT_TRUE(watchdog.beat());

  EXPECT_EQ(said(), 'h');
  ::close(ends[1]);
}

TEST_F(WatchdogTest, ActsOnceForEachSilence) {
  waits = {0, 0, 0};
  { const Watchdog watchdog{act(), {.silence = 24h, .end = 0ms}}; }
  waits.clear();
  ::close(ends[1]);

  EXPECT_EQ(said(), 'h');
  EXPECT_EQ(said(), '-');
}

TEST_F(WatchdogTest, ASignalIsNoSilence) {
  waits = {-1};
  { const Watchdog watchdog{act(), {.silence = 24h, .end = 0ms}}; }
  waits.clear();
  ::close(ends[1]);

  EXPECT_EQ(said(), '-');
}

// Somebody else may put the power back meanwhile, or start anew.
TEST_F(WatchdogTest, WaitsFiveSecondsAfterTheDaemonsEnd) {
  waits_of_the_dead = ends[1];
  Watchdog watchdog{act()};
  waits_of_the_dead = -1;

  watchdog.hand_over();
  ::close(ends[1]);

  EXPECT_EQ(said(), '5');
  EXPECT_EQ(said(), 'd');
  ::waitpid(watchdog.child(), nullptr, 0);
}

// A terminal and a service manager send their signals to it, too.
TEST_F(WatchdogTest, OutlivesTheSignalsThatEndTheDaemon) {
  const Watchdog watchdog{act(), silence};
  ASSERT_EQ(said(), 'h');
  ASSERT_GT(watchdog.child(), 0);

  EXPECT_NE(::getsid(watchdog.child()), ::getsid(0));
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGTERM, SIGPIPE, SIGUSR1}) {
    ::kill(watchdog.child(), number);
  }
  EXPECT_TRUE(watchdog.beat());

  EXPECT_EQ(said(), 'h');
  ::close(ends[1]);
}

TEST_F(WatchdogTest, OneThatDoesNotReadDoesNotStopTheDaemon) {
  const Watchdog watchdog{act(), end};
  std::signal(SIGPIPE, SIG_IGN);
  ASSERT_GT(watchdog.child(), 0);
  ::kill(watchdog.child(), SIGSTOP);

  // More than the pipe holds.
  bool beats = true;
  for (int i = 0; i < 100'000 && beats; ++i) beats = watchdog.beat();

  EXPECT_TRUE(beats);
  ::kill(watchdog.child(), SIGKILL);
  ::close(ends[1]);
}

TEST_F(WatchdogTest, LeavesNoProcessBehind) {
  pid_t child = -1;
  {
    const Watchdog watchdog{act(), end};
    child = watchdog.child();
  }
  ::close(ends[1]);

  ASSERT_GT(child, 0);
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(WatchdogTest, ActsOnADaemonThatWasKilled) {
  const pid_t daemon = ::fork();
  if (daemon == 0) {
    const Watchdog watchdog{act(), end};
    watchdog.beat();
    ::raise(SIGKILL);
  }
  ::close(ends[1]);
  ::waitpid(daemon, nullptr, 0);

  EXPECT_EQ(said(), 'd');
}

TEST_F(WatchdogTest, DoesNothingAfterAFarewell) {
  { const Watchdog watchdog{act(), end}; }
  ::close(ends[1]);

  EXPECT_EQ(said(), '-');
}

TEST_F(WatchdogTest, DoesWhatIsHandedOver) {
  Watchdog watchdog{act(), end};

  watchdog.hand_over();
  ::close(ends[1]);

  EXPECT_EQ(said(), 'd');
  ::waitpid(watchdog.child(), nullptr, 0);
}

TEST_F(WatchdogTest, SaysThatItsProcessIsGone) {
  const Watchdog watchdog{act(), end};
  std::signal(SIGPIPE, SIG_IGN);
  ASSERT_GT(watchdog.child(), 0);  // -1 would be every process of this machine
  ::kill(watchdog.child(), SIGKILL);
  ::waitpid(watchdog.child(), nullptr, 0);

  EXPECT_FALSE(watchdog.beat());
  ::close(ends[1]);
}

}  // namespace
}  // namespace pianissimo::service
