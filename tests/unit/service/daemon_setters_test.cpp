// Who else sets a power: named where the kernel tells it, and found by reading where it does not.
#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

// The tracepoint in the test's own process.
class FakeTracepoint final : public PowerSetSource {
 public:
  explicit FakeTracepoint(asio::io_context& io)
      : changed_{io, asio::steady_timer::time_point::max()} {}

  std::optional<std::string> refusal;
  bool is_listening = false;

  void tell(PowerSet set) {
    if (!is_listening) return;
    told_.push_back(std::move(set));
    changed_.cancel();
  }
  std::optional<std::string> listen() override {
    is_listening = !refusal;
    return refusal;
  }
  void ignore() override { is_listening = false; }
  Awaitable<std::optional<PowerSet>> next() override {
    while (told_.empty() && !is_closed_) {
      co_await changed_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (is_closed_) co_return std::nullopt;
    const PowerSet set = told_.front();
    told_.pop_front();
    co_return set;
  }
  void close() override {
    is_closed_ = true;
    changed_.cancel();
  }

 private:
  std::deque<PowerSet> told_;
  asio::steady_timer changed_;
  bool is_closed_ = false;
};

class DaemonSettersTest : public DaemonTest {
 protected:
  DaemonSettersTest() { power_sets = &tracepoint; }
  ~DaemonSettersTest() override {
    if (daemon) daemon->stop();
    time.settle();
  }

  // As iw does it, and as the kernel tells it.
  void iw_sets(Dbm level, std::string name = "iw") {
    kernel->interfaces.at(0).power = level;
    tracepoint.tell({time.now(), WiphyIndex{0}, {std::move(name), 812}, level});
  }
  std::string status() const {
    std::ostringstream text;
    text << std::ifstream{Status::path(directory)}.rdbuf();
    return text.str();
  }
  std::string journal_at_the_end() {
    stop();
    daemon.reset();
    return journal();
  }

  FakeTracepoint tracepoint{io};
};

TEST_F(DaemonSettersTest, WhoLowersThePowerIsNamedAtOnce) {
  start_and_reach_the_floor();

  iw_sets(dbm(8));
  time.advance(200ms);

  EXPECT_THAT(log_text.str(),
              HasSubstr("[warning] wlan0: iw (pid 812) set 8 dBm: nothing goes above"));
  time.advance(5s);
  EXPECT_THAT(status(), HasSubstr("\"words\":\"iw (pid 812) set 8 dBm\""));
  EXPECT_THAT(journal_at_the_end(), HasSubstr(R"("set_by":{"name":"iw","pid":812})"));
  EXPECT_EQ(kernel->power(), dbm(8));
}

TEST_F(DaemonSettersTest, WhoRaisesThePowerIsNamedAndLiftsNothing) {
  start_and_reach_the_floor();

  iw_sets(dbm(20), "hostapd");
  time.advance(200ms);

  EXPECT_EQ(times_said("hostapd (pid 812) set 20 dBm; that lifts no limit"), 1u);
  time.advance(5s);
  EXPECT_EQ(kernel->power(), dbm(1));
  EXPECT_THAT(journal_at_the_end(), HasSubstr(R"("set_by":{"name":"hostapd","pid":812})"));
}

// It reads as ours: only the kernel's word shows it.
TEST_F(DaemonSettersTest, TheVeryLevelThatIsOursIsALimitToo) {
  start_and_reach_the_floor();
  const std::size_t before = kernel->sent.size();
  ASSERT_EQ(kernel->power(), dbm(1));

  iw_sets(dbm(1));
  time.advance(200ms);
  kernel->stations.at(sta1).expected = knee_at(dbm(18));
  time.advance(20s);

  EXPECT_EQ(times_said("iw (pid 812) set 1 dBm: nothing goes above that"), 1u);
  EXPECT_EQ(kernel->sent.size(), before);
  stop();
  EXPECT_EQ(kernel->power(), dbm(1));
}

TEST_F(DaemonSettersTest, WhatWasRefusedIsNobodysLimit) {
  start_and_reach_the_floor();

  tracepoint.tell({time.now(), WiphyIndex{0}, {"iw", 812}, Dbm::from_mbm(150)});
  time.advance(5s);

  EXPECT_THAT(log_text.str(), Not(HasSubstr("(pid 812)")));
}

// The word is of the power at that time and not of a later one.
TEST_F(DaemonSettersTest, WhoHasSetAPowerIsForgottenWithTheNextLook) {
  start_and_reach_the_floor();
  tracepoint.tell({time.now(), WiphyIndex{0}, {"iw", 812}, dbm(8)});
  time.advance(6s);

  kernel->interfaces.at(0).power = dbm(8);
  time.advance(2s);

  EXPECT_EQ(times_said("somebody else set 8 dBm"), 1u);
  EXPECT_THAT(log_text.str(), Not(HasSubstr("(pid 812)")));
}

TEST_F(DaemonSettersTest, AnotherRadioIsNoneOfOurs) {
  start_and_reach_the_floor();
  const int before = kernel->lists;

  tracepoint.tell({time.now(), WiphyIndex{9}, {"iw", 812}, dbm(8)});
  time.advance(300ms);

  EXPECT_EQ(kernel->lists, before);
}

TEST_F(DaemonSettersTest, NoNameSpeaksToATerminalOrBreaksTheJournal) {
  start_and_reach_the_floor();

  iw_sets(dbm(8), "i\x1b[2J\xff\u202Ew");
  time.advance(1s);

  EXPECT_EQ(times_said("i?[2J??w (pid 812) set 8 dBm"), 1u);
  EXPECT_THAT(journal_at_the_end(), HasSubstr(R"("set_by":{"name":"i?[2J??w","pid":812})"));
}

TEST_F(DaemonSettersTest, AStormOfThemIsLookedAtFiveTimesASecond) {
  start_and_reach_the_floor();
  const int before = kernel->lists;

  for (int i = 0; i < 1000; ++i) {
    tracepoint.tell({time.now(), WiphyIndex{0}, {"storm", 812}, dbm(8)});
    time.advance(1ms);
  }

  // Five, and one before each of the law's own writes.
  EXPECT_LE(kernel->lists - before, 15);
}

TEST_F(DaemonSettersTest, WithoutItAPowerIsFoundWithinASecond) {
  for (PowerSetSource* const source :
       {static_cast<PowerSetSource*>(nullptr), static_cast<PowerSetSource*>(&tracepoint)}) {
    tracepoint.refusal = "no tracefs";
    power_sets = source;
    log_text.str("");
    kernel = std::make_unique<FakeKernel>(io, time);
    kernel->interfaces = {wlan0()};
    start_and_reach_the_floor();

    kernel->interfaces.at(0).power = dbm(8);
    time.advance(1100ms);

    EXPECT_EQ(times_said("[warning] wlan0: somebody else set 8 dBm"), 1u);
    EXPECT_EQ(times_said("[info] what others set is found by reading it back"), 1u);
    EXPECT_EQ(times_said(source ? "by whom: no tracefs" : "by whom: built without BPF"), 1u);
    stop();
    daemon.reset();
  }
}

TEST_F(DaemonSettersTest, EachInterfaceOfARadioIsReadOnceInASecond) {
  config.policy = PolicyName::fixed;
  config.power_path = PowerPath::wiphy;
  config.interfaces = {"wlan0", "wlan1"};
  ApInterface other = wlan0();
  other.index = InterfaceIndex{4};
  other.name = "wlan1";
  kernel->interfaces.push_back(other);
  start();
  const int before = kernel->power_reads;

  time.advance(10s);

  EXPECT_NEAR(kernel->power_reads - before, 2 * 10, 2);
}

TEST_F(DaemonSettersTest, WhoDoesNotWantItSwitchesItOff) {
  config.trace_power = false;
  start();
  EXPECT_FALSE(tracepoint.is_listening);
  EXPECT_EQ(times_said("by whom: trace_power is false"), 1u);

  config.trace_power = true;
  reload(config);
  EXPECT_TRUE(tracepoint.is_listening);

  config.trace_power = false;
  reload(config);
  EXPECT_FALSE(tracepoint.is_listening);
}

}  // namespace
}  // namespace pianissimo::service
