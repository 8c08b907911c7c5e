// Journals that the daemon itself has written, against a fake kernel: restarted, reconfigured, with
// interfaces that come and go, rotated.
#include <spdlog/sinks/null_sink.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "controller/service/daemon.hpp"
#include "tests/unit/replay/journals.hpp"
#include "tests/unit/service/fake_kernel.hpp"
#include "tests/unit/service/manual_time.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

class DaemonReplay : public testing::Test {
 protected:
  DaemonReplay() : time{io}, kernel{io, time} {
    config.journal.path = folder / "journal.jsonl";
    kernel.interfaces = {interface("wlan0", 3)};
    kernel.stations[test::near_station] = {
        .expected = [](Dbm level) { return test::knee(test::far_station, level); },
        .since = time.now()};
  }

  static ApInterface interface(const std::string& name, std::uint32_t index) {
    return {.index = InterfaceIndex{index},
            .wiphy = WiphyIndex{index},
            .name = name,
            .driver = "fake",
            .frequency = Mhz{5180},
            .width = Mhz{80},
            .channel_maximum = dbm(23),
            .power = dbm(20)};
  }

  void start() {
    daemon.emplace(Ports{time, kernel, kernel, kernel}, config, StateFile{folder.path()}, *log);
    asio::co_spawn(
        io, [](Daemon& what) -> Awaitable<void> { co_await what.run(); }(*daemon), asio::detached);
    time.settle();
  }
  void reload() {
    asio::co_spawn(io, daemon->reload(config), asio::detached);
    time.settle();
  }
  replay::Summary end_and_replay() {
    daemon->stop();
    time.settle();
    daemon.reset();  // the journal is written until here
    return replay::replayed(config.journal.path);
  }

  replay::Folder folder;
  asio::io_context io;
  ManualTime time;
  FakeKernel kernel;
  Config config;
  std::shared_ptr<spdlog::logger> log =
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>());
  std::optional<Daemon> daemon;
};

TEST_F(DaemonReplay, OfAPlainRunIsExact) {
  start();
  time.advance(20s);

  const replay::Summary summary = end_and_replay();

  EXPECT_EQ(summary.exit_status(), 0) << summary_text(summary);
  EXPECT_EQ(summary.runs, 1U);
  EXPECT_GT(summary.decisions_equal, 30U);
  EXPECT_EQ(summary.decisions_equal, summary.decisions_recorded);
}

TEST_F(DaemonReplay, OfAReconfiguredRunIsTwoRuns) {
  start();
  time.advance(5s);
  config.box.floor = dbm(18);
  reload();
  time.advance(5s);

  const replay::Summary summary = end_and_replay();

  EXPECT_EQ(summary.exit_status(), 0) << summary_text(summary);
  EXPECT_EQ(summary.runs, 2U);
}

// Also when nothing has changed: the core was made anew.
TEST_F(DaemonReplay, OfARunThatWasReloadedAsItWasIsTwoRuns) {
  start();
  time.advance(5s);
  reload();
  time.advance(5s);

  const replay::Summary summary = end_and_replay();

  EXPECT_EQ(summary.exit_status(), 0) << summary_text(summary);
  EXPECT_EQ(summary.runs, 2U);
}

TEST_F(DaemonReplay, OfInterfacesThatComeAndGoIsOneRun) {
  kernel.interfaces.push_back(interface("wlan1", 4));
  start();
  time.advance(6s);
  kernel.interfaces.push_back(interface("wlan2", 5));
  time.advance(6s);
  kernel.interfaces.erase(kernel.interfaces.begin() + 1);
  time.advance(6s);

  const replay::Summary summary = end_and_replay();

  EXPECT_EQ(summary.exit_status(), 0) << summary_text(summary);
  EXPECT_EQ(summary.runs, 1U);
  EXPECT_GT(summary.decisions_equal, 50U);
}

// The journal's share of a file is 64 KiB here: some files are full, none is gone.
TEST_F(DaemonReplay, OverRotatedFilesIsExact) {
  config.journal.budget_bytes = 262'144;
  start();
  time.advance(20s);
  kernel.interfaces.push_back(interface("wlan1", 4));
  time.advance(10s);

  const replay::Summary summary = end_and_replay();

  EXPECT_TRUE(std::filesystem::exists(folder / "journal.jsonl.1"));
  EXPECT_EQ(summary.exit_status(), 0) << summary_text(summary);
  EXPECT_EQ(summary.runs, 1U);
}

TEST_F(DaemonReplay, OfARunWhoseBeginningIsGoneSaysSo) {
  config.journal.budget_bytes = 65'536;
  start();
  time.advance(60s);

  const replay::Summary summary = end_and_replay();

  EXPECT_EQ(summary.exit_status(), 69) << summary_text(summary);
  EXPECT_FALSE(summary.difference);
}

TEST_F(DaemonReplay, AfterTheBeginningIsGoneANewRunIsExactAgain) {
  config.journal.budget_bytes = 65'536;
  start();
  time.advance(60s);
  config.box.floor = dbm(18);
  reload();
  time.advance(1s);

  const replay::Summary summary = end_and_replay();

  EXPECT_EQ(summary.exit_status(), 69) << summary_text(summary);
  EXPECT_EQ(summary.runs, 2U);
  EXPECT_LT(summary.events_not_exact, summary.events);
}

}  // namespace
}  // namespace pianissimo::service
