#include "controller/service/watchdog.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

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
