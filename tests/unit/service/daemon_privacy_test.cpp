// Who the stations are in what leaves RAM.
#include <sys/stat.h>

#include <deque>
#include <tuple>

#include "config/law.hpp"
#include "controller/journal/privacy_key.hpp"
#include "controller/service/log.hpp"
#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class DaemonPrivacyTest : public DaemonTest {
 protected:
  DaemonPrivacyTest() {
    if (journal::is_in_ram(directory.string())) is_on_disk = false;
    config.privacy.stations = StationIds::hmac;
    add_station(knee_at(dbm(18)));
  }
  void SetUp() override {
    if (!is_on_disk) GTEST_SKIP() << "the folder for temporary files is in RAM";
  }

  std::string pseudonym() const {
    journal::Pseudonyms names{StationIds::hmac, journal::privacy_key(config.privacy.key_file).key};
    return to_string(names.of(sta1));
  }
  std::string status() const {
    std::ostringstream text;
    text << std::ifstream{Status::path(directory)}.rdbuf();
    return text.str();
  }
  std::string run_and_end() {
    start();
    time.advance(10s);
    stop();
    daemon.reset();
    return journal();
  }

  bool is_on_disk = true;
  const std::string address = to_string(sta1);
};

TEST_F(DaemonPrivacyTest, AJournalOnADiskHasPseudonyms) {
  const std::string text = run_and_end();

  EXPECT_THAT(text, Not(HasSubstr(address)));
  EXPECT_THAT(text, HasSubstr("\"station\":\"" + pseudonym() + '"'));
  EXPECT_THAT(text, HasSubstr("\"stations\":\"hmac\""));
  EXPECT_FALSE(kernel->sent.empty());
}

TEST_F(DaemonPrivacyTest, SoHasTheStatusThatIsThere) {
  start();
  time.advance(6s);

  EXPECT_THAT(status(), Not(HasSubstr(address)));
  EXPECT_THAT(status(), HasSubstr(pseudonym()));
}

TEST_F(DaemonPrivacyTest, SoHasALogThatLeavesRam) {
  make();
  daemon->log_leaves_ram();
  time.settle();
  time.advance(10s);
  EXPECT_THAT(log_text.str(), Not(HasSubstr(address)));
  EXPECT_THAT(log_text.str(), HasSubstr("tation " + pseudonym()));
}

TEST_F(DaemonPrivacyTest, AddressesAreThereWhereTheOperatorWantsThem) {
  config.privacy.stations = StationIds::mac;

  EXPECT_THAT(run_and_end(), HasSubstr(address));
  EXPECT_FALSE(std::filesystem::exists(config.privacy.key_file));
}

TEST_F(DaemonPrivacyTest, NumbersAreOfNobody) {
  config.privacy.stations = StationIds::none;

  const std::string text = run_and_end();

  EXPECT_THAT(text, Not(HasSubstr(address)));
  EXPECT_THAT(text, HasSubstr("\"station\":\"0a:00:00:00:00:01\""));
  EXPECT_FALSE(std::filesystem::exists(config.privacy.key_file));
}

TEST_F(DaemonPrivacyTest, AKeyThatOthersCanReadIsSaidOnceAndNotUsed) {
  std::ofstream{config.privacy.key_file} << std::string(32, 'k');
  ASSERT_EQ(::chmod(config.privacy.key_file.c_str(), 0644), 0);
  start();
  time.advance(10s);

  EXPECT_EQ(times_said("others can read it"), 1U);
  EXPECT_EQ(times_said("those of this run only"), 1U);
}

// The kernel knows no pseudonyms: with a power per station, commands name the station itself.
TEST_F(DaemonPrivacyTest, CommandsNameTheStationItself) {
  config.power_path = PowerPath::station;
  kernel->interfaces.at(0).has_station_knob = true;

  const std::string text = run_and_end();

  ASSERT_FALSE(kernel->sent.empty());
  for (const auto& sent : kernel->sent) EXPECT_EQ(sent.knob.station, sta1);
  EXPECT_THAT(text, Not(HasSubstr(address)));
  EXPECT_THAT(text, HasSubstr("\"type\":\"power_result\",\"knob\":{\"kind\":\"station\","));
}

// Stations that need the same are told apart by the order of their addresses, and that of their
// pseudonyms is another: so the core has decided on these.
class DaemonPrivacyReplay
    : public DaemonPrivacyTest,
      public ::testing::WithParamInterface<std::tuple<PolicyName, PowerPath, StationIds>> {};

TEST_P(DaemonPrivacyReplay, TheJournalsEventsLeadToTheJournalsDecisions) {
  std::tie(config.policy, config.power_path, config.privacy.stations) = GetParam();
  kernel->interfaces.at(0).has_station_knob = true;
  const FakeKernel::Station station = kernel->stations.at(sta1);
  for (std::uint8_t i = 1; i <= 6; ++i) kernel->stations[{{0, 0x1b, 0x21, 0, 0, i}}] = station;

  std::istringstream lines{run_and_end()};

  EXPECT_THAT(lines.str(), Not(HasSubstr("00:1b:21")));
  Controller core{config.box, policy_of(config)};
  std::deque<Decision> due;
  std::size_t decisions = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto record = std::get<journal::Record>(journal::from_line(line));
    if (const auto* const event = std::get_if<Event>(&record.what)) {
      EXPECT_TRUE(due.empty()) << line;
      const Outcome outcome = core.on(*event);
      due.assign(outcome.decisions.begin(), outcome.decisions.end());
    } else if (const auto* const decision = std::get_if<Decision>(&record.what)) {
      ASSERT_FALSE(due.empty()) << line;
      EXPECT_EQ(*decision, due.front()) << line;
      due.pop_front();
      ++decisions;
    }
  }
  EXPECT_TRUE(due.empty());
  EXPECT_GT(decisions, 0U);
}

std::string name_of_case(const ::testing::TestParamInfo<DaemonPrivacyReplay::ParamType>& one) {
  const auto& [policy, path, ids] = one.param;
  return std::string{to_string(policy)}
      .append("_")
      .append(to_string(path))
      .append("_")
      .append(to_string(ids));
}

INSTANTIATE_TEST_SUITE_P(
    Laws, DaemonPrivacyReplay,
    ::testing::Combine(::testing::Values(PolicyName::anchor, PolicyName::descend),
                       ::testing::Values(PowerPath::interface, PowerPath::station),
                       ::testing::Values(StationIds::hmac, StationIds::none)),
    name_of_case);

// Wherever it is: here, in RAM.
TEST(LogWithoutAddresses, SaysPseudonyms) {
  std::ostringstream text;
  spdlog::logger log{"test", std::make_shared<spdlog::sinks::ostream_sink_st>(text)};
  hide_stations_in(log,
                   std::make_shared<journal::Pseudonyms>(StationIds::none, journal::PrivacyKey{}));

  log.info("wlan0 {}: 20 -> 17 dBm", to_string(sta1));

  EXPECT_THAT(text.str(), HasSubstr("wlan0 0a:00:00:00:00:01: 20 -> 17 dBm"));
}

}  // namespace
}  // namespace pianissimo::service
