// What the daemon counts: seen through the file that it writes for node_exporter.
#include <sys/stat.h>

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class DaemonMetricsTest : public DaemonTest {
 protected:
  DaemonMetricsTest() { config.metrics.textfile = directory / "pianissimo.prom"; }

  std::string text() {
    std::ostringstream all;
    all << std::ifstream{config.metrics.textfile}.rdbuf();
    return all.str();
  }
  // NaN: there is none.
  double sample(const std::string& series) {
    const std::string all = text();
    const auto at = all.find('\n' + series + ' ');
    return at == std::string::npos ? std::nan("") : std::stod(all.substr(at + series.size() + 2));
  }
  std::size_t times_journaled(const std::string& words) {
    const std::string all = journal();
    std::size_t count = 0;
    for (auto at = all.find(words); at != all.npos; at = all.find(words, at + 1)) ++count;
    return count;
  }
};

const std::string step_down =
    "pianissimo_decisions_total{interface=\"wlan0\",action=\"down\",reason=\"step_down\"}";

TEST_F(DaemonMetricsTest, AreInAFileThatOthersMayReadUntilTheEnd) {
  start();
  time.advance(5s);

  struct stat file {};
  ASSERT_EQ(::stat(config.metrics.textfile.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0644U);
  EXPECT_THAT(text(), Not(HasSubstr("# EOF")));
  EXPECT_THAT(text(), Not(HasSubstr("process_")));

  stop();
  EXPECT_FALSE(std::filesystem::exists(config.metrics.textfile));
}

TEST_F(DaemonMetricsTest, FollowThePowerDown) {
  start_and_reach_the_floor();
  time.advance(5s);

  EXPECT_EQ(sample("pianissimo_radio_tx_power_dbm{interface=\"wlan0\",radio=\"phy0\"}"),
            kernel->power().value());
  const auto downs =
      sample("pianissimo_power_changes_total{interface=\"wlan0\",direction=\"down\"}");
  const auto accepted =
      sample("pianissimo_power_commands_total{interface=\"wlan0\",result=\"accepted\"}");
  EXPECT_GE(downs, 19);
  EXPECT_EQ(accepted, static_cast<double>(kernel->sent.size()));
  EXPECT_GT(sample("pianissimo_journal_written_bytes_total"), 1000);
  EXPECT_EQ(sample("pianissimo_journal_lost_lines_total"), 0);

  const double steps = sample(step_down);
  stop();
  daemon.reset();  // the journal is whole then
  EXPECT_EQ(steps, static_cast<double>(times_journaled("\"reason\":\"step_down\"")));
}

TEST_F(DaemonMetricsTest, NeverGoBackWhenTheConfigurationIsReadAnew) {
  start_and_reach_the_floor();
  time.advance(5s);
  const double before = sample(step_down);
  const double bytes = sample("pianissimo_journal_written_bytes_total");

  config.box.floor = dbm(15);
  reload(config);
  time.advance(6s);

  EXPECT_GT(sample(step_down), before);
  EXPECT_GT(sample("pianissimo_journal_written_bytes_total"), bytes);
}

TEST_F(DaemonMetricsTest, CountWhatTheKernelRefuses) {
  kernel->answer = PowerAnswer::not_permitted;
  add_station(knee_at(dbm(1)));
  start();
  time.advance(5s);

  EXPECT_GT(sample("pianissimo_power_commands_total{interface=\"wlan0\",result=\"not_permitted\"}"),
            0);
  EXPECT_GT(sample("pianissimo_netlink_errors_total{op=\"set_power\",kind=\"not_permitted\"}"), 0);
}

TEST_F(DaemonMetricsTest, CountReadingsThatFailAndTheFallBackToFullPower) {
  start_and_reach_the_floor();
  kernel->read_error = PortError{"no buffer space", false};
  time.advance(5s);

  EXPECT_GT(sample("pianissimo_readings_failed_total{interface=\"wlan0\"}"), 0);
  EXPECT_EQ(
      sample("pianissimo_fallbacks_total{interface=\"wlan0\",reason=\"stations_unreadable\"}"), 1);
  EXPECT_GT(sample("pianissimo_netlink_errors_total{op=\"read_stations\",kind=\"failed\"}"), 0);
}

TEST_F(DaemonMetricsTest, SayWhetherTheKernelIsHeard) {
  start();
  time.advance(5s);
  EXPECT_EQ(sample("pianissimo_kernel_heard"), 1);
  const double status = sample("pianissimo_status_timestamp_seconds");

  kernel->list_error = PortError{"no answer", false};
  time.advance(10s);

  EXPECT_EQ(sample("pianissimo_kernel_heard"), 0);
  EXPECT_EQ(sample("pianissimo_status_timestamp_seconds"), status);
  EXPECT_EQ(sample("pianissimo_fallbacks_total{interface=\"wlan0\",reason=\"kernel_silent\"}"), 1);
}

TEST_F(DaemonMetricsTest, CountWhatOthersSet) {
  start();
  time.advance(1s);
  kernel->interfaces[0].power = dbm(9);
  time.advance(10s);

  EXPECT_EQ(sample("pianissimo_power_set_by_others_total{interface=\"wlan0\",effect=\"lowered\"}"),
            1);
  EXPECT_EQ(sample("pianissimo_radio_limited_by_others{interface=\"wlan0\",radio=\"phy0\"}"), 1);
  EXPECT_EQ(sample("pianissimo_radio_tx_power_ceiling_dbm{interface=\"wlan0\",radio=\"phy0\"}"), 9);
}

TEST_F(DaemonMetricsTest, HaveStationsOnlyIfTheOperatorWantsThem) {
  add_station(knee_at(dbm(1)));
  start();
  time.advance(10s);
  EXPECT_THAT(text(), Not(HasSubstr("station=")));

  config.metrics.stations = true;
  reload(config);
  time.advance(10s);

  EXPECT_GT(sample("pianissimo_station_transmit_bytes_total{interface=\"wlan0\",station=\"" +
                   to_string(sta1) + "\"}"),
            0);
}

TEST_F(DaemonMetricsTest, TellTheEffectOfThePowerWhereItIsTested) {
  start();
  time.advance(5s);
  EXPECT_TRUE(std::isnan(sample("pianissimo_power_effect_verified{interface=\"wlan0\"}")));

  config.policy = PolicyName::anchor;
  reload(config);
  time.advance(5s);

  EXPECT_EQ(sample("pianissimo_power_effect_verified{interface=\"wlan0\"}"), 1);
}

TEST_F(DaemonMetricsTest, AreNotKeptFromTheDaemonByAFileThatCannotBeWritten) {
  config.metrics.textfile = "/nonexistent/pianissimo.prom";
  start();
  time.advance(11s);

  EXPECT_EQ(times_said("/nonexistent/pianissimo.prom"), 1U);
  EXPECT_FALSE(exit);
}

}  // namespace
}  // namespace pianissimo::service
