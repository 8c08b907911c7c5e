// Journals that the daemon itself has written, against a fake kernel: restarted, reconfigured, with
// interfaces that come and go, rotated.
#include "tests/unit/replay/journals.hpp"
#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;

class DaemonReplay : public DaemonTest {
 protected:
  DaemonReplay() {
    config.interfaces = {};
    kernel->interfaces = {interface("wlan0", 3)};
    add_station([](Dbm level) { return test::knee(test::far_station, level); });
  }

  static ApInterface interface(const std::string& name, std::uint32_t index) {
    ApInterface out = wlan0();
    out.index = InterfaceIndex{index};
    out.wiphy = WiphyIndex{index};
    out.name = name;
    return out;
  }

  void reload() { DaemonTest::reload(config); }
  replay::Summary end_and_replay() {
    stop();
    daemon.reset();  // the journal is written until here
    return replay::replayed(config.journal.path);
  }
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
  kernel->interfaces.push_back(interface("wlan1", 4));
  start();
  time.advance(6s);
  kernel->interfaces.push_back(interface("wlan2", 5));
  time.advance(6s);
  kernel->interfaces.erase(kernel->interfaces.begin() + 1);
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
  kernel->interfaces.push_back(interface("wlan1", 4));
  time.advance(10s);

  const replay::Summary summary = end_and_replay();

  EXPECT_TRUE(std::filesystem::exists(directory / "journal.jsonl.1"));
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

// The highest level follows the width: 5 dBm/MHz are 18.01 dBm in 20 MHz and 24.03 dBm in 80.
TEST_F(DaemonReplay, OfAChannelThatChangesItsWidthIsExact) {
  ApInterface& there = kernel->interfaces.at(0);
  there.air = {.density = dbm(5), .sent_width = Mhz{20}};
  there.width = Mhz{20};
  start();
  time.advance(5s);
  there.width = there.air.sent_width = Mhz{80};
  kernel->happen(InterfacesChanged{});
  time.advance(10s);
  there.width = there.air.sent_width = Mhz{20};
  kernel->happen(InterfacesChanged{});
  time.advance(10s);

  const replay::Summary summary = end_and_replay();

  EXPECT_EQ(summary.exit_status(), 0) << summary_text(summary);
  EXPECT_GT(summary.decisions_equal, 20U);
}

}  // namespace
}  // namespace pianissimo::service
