// What others do to the power while the daemon runs: a lower one is a limit, and what stands
// outside of us is put back as it was.
#include <random>

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;

class DaemonPowerTest : public DaemonTest {
 protected:
  void somebody_sets(Dbm level) { kernel->interfaces.at(0).power = level; }
  void interface_returns_at(Dbm level) {
    kernel->interfaces.clear();
    kernel->happen(InterfacesChanged{});
    time.advance(1s);
    ApInterface back = wlan0();
    back.index = InterfaceIndex{7};
    back.power = level;
    kernel->interfaces = {back};
    kernel->happen(InterfacesChanged{});
    time.advance(100ms);
  }
  std::vector<FakeKernel::Sent> sent_since(std::size_t before) const {
    return {kernel->sent.begin() + static_cast<std::ptrdiff_t>(before), kernel->sent.end()};
  }
  static auto at_most(Dbm level) { return Each(Field(&FakeKernel::Sent::level, Le(level))); }
};

TEST_F(DaemonPowerTest, SomebodyElsesLowerPowerIsTheHighestFromThenOn) {
  add_station(knee_at(dbm(18)));
  start();
  time.advance(5s);
  const std::size_t before = kernel->sent.size();

  somebody_sets(dbm(5));
  time.advance(30s);

  EXPECT_THAT(sent_since(before), at_most(dbm(5)));
  EXPECT_THAT(log_text.str(), HasSubstr("[warning] wlan0: somebody else set 5 dBm"));
  stop();
  EXPECT_EQ(kernel->power(), dbm(5));
  daemon.reset();
  EXPECT_THAT(journal(), HasSubstr("\"reason\":\"limited\""));
}

TEST_F(DaemonPowerTest, ALimitMayBeHigherThanThePowerInForce) {
  start_and_reach_the_floor();

  somebody_sets(dbm(8));
  time.advance(5s);

  EXPECT_EQ(kernel->power(), dbm(1));
  stop();
  EXPECT_EQ(kernel->power(), dbm(8));
}

TEST_F(DaemonPowerTest, AHigherPowerLiftsNoLimit) {
  start_and_reach_the_floor();

  somebody_sets(dbm(23));
  time.advance(10s);

  EXPECT_EQ(kernel->power(), dbm(1));
  EXPECT_THAT(log_text.str(), HasSubstr("the highest power stays 20 dBm"));
  stop();
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonPowerTest, ALimitOutlivesAReload) {
  start_and_reach_the_floor();
  somebody_sets(dbm(5));
  time.advance(6s);
  const std::size_t before = kernel->sent.size();

  reload(config);
  time.advance(10s);
  stop();

  EXPECT_THAT(sent_since(before), at_most(dbm(5)));
  EXPECT_EQ(kernel->power(), dbm(5));
}

TEST_F(DaemonPowerTest, APowerSetJustBeforeAReloadIsALimit) {
  start_and_reach_the_floor();
  somebody_sets(dbm(5));
  const std::size_t before = kernel->sent.size();

  reload(config);
  time.advance(10s);

  EXPECT_THAT(sent_since(before), at_most(dbm(5)));
}

TEST_F(DaemonPowerTest, APowerSetJustBeforeTheEndStays) {
  start_and_reach_the_floor();
  somebody_sets(dbm(5));

  stop();

  EXPECT_EQ(exit, ExitStatus::ok);
  EXPECT_EQ(kernel->power(), dbm(5));
}

TEST_F(DaemonPowerTest, ALimitHoldsThoughItCannotBeWrittenDown) {
  start_and_reach_the_floor();
  std::filesystem::create_directory(directory / "found.json.new");
  const std::size_t before = kernel->sent.size();

  somebody_sets(dbm(5));
  kernel->stations.at(sta1).expected = knee_at(dbm(30));
  time.advance(20s);

  for (std::size_t i = before; i < kernel->sent.size(); ++i) {
    EXPECT_LE(kernel->sent[i].level, dbm(5));
  }
  EXPECT_LE(kernel->power(), dbm(5));
}

TEST_F(DaemonPowerTest, ACeilingByHandAndAReloadLiftALimit) {
  start_and_reach_the_floor();
  somebody_sets(dbm(5));
  time.advance(6s);
  kernel->stations.at(sta1).expected = knee_at(dbm(30));
  config.box.ceiling = dbm(15);

  reload(config);
  time.advance(10s);

  EXPECT_EQ(kernel->power(), dbm(15));
  stop();
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonPowerTest, AnInterfaceThatReturnsBringsItsOwnPower) {
  start_and_reach_the_floor();
  const std::size_t before = kernel->sent.size();

  interface_returns_at(dbm(10));
  time.advance(10s);

  EXPECT_THAT(sent_since(before), at_most(dbm(10)));
  stop();
  EXPECT_EQ(kernel->power(), dbm(10));
}

TEST_F(DaemonPowerTest, AnAccessPointThatRestartsKeepsThePowerFound) {
  start_and_reach_the_floor();
  const std::vector<ApInterface> stopped = std::exchange(kernel->interfaces, {});
  kernel->happen(InterfacesChanged{});
  time.advance(1s);

  kernel->interfaces = stopped;
  kernel->happen(InterfacesChanged{});
  time.advance(5s);
  stop();

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonPowerTest, TheKernelsCapOnANewChannelIsNobodysLimit) {
  add_station(knee_at(dbm(30)));
  start();
  time.advance(5s);

  kernel->interfaces.at(0).channel_maximum = kernel->interfaces.at(0).power = dbm(14);
  kernel->happen(InterfacesChanged{});
  time.advance(5s);
  kernel->interfaces.at(0).channel_maximum = dbm(23);
  kernel->happen(InterfacesChanged{});
  time.advance(5s);

  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_THAT(log_text.str(), Not(HasSubstr("somebody else")));
}

TEST_F(DaemonPowerTest, APowerAtTheChannelsMaximumIsGivenBackAsAutomatic) {
  kernel->interfaces.at(0).power = dbm(23);
  start_and_reach_the_floor();

  stop();

  EXPECT_EQ(kernel->power(), dbm(23));
  EXPECT_EQ(kernel->given_back.size(), 1u);
  EXPECT_THAT(log_text.str(), HasSubstr("wlan0: automatic again, 23 dBm"));
}

TEST_F(DaemonPowerTest, AutomaticThatGivesMoreThanWasFoundIsReplacedByThatLevel) {
  kernel->interfaces.at(0).power = dbm(23);
  start_and_reach_the_floor();
  kernel->automatic_gives = dbm(26);

  stop();

  EXPECT_EQ(kernel->power(), dbm(23));
  EXPECT_THAT(log_text.str(), HasSubstr("wlan0: 23 dBm again"));
}

TEST_F(DaemonPowerTest, AnInterfaceThatItNeverWroteToIsLeftAsItIs) {
  start();
  time.advance(10s);

  stop();

  EXPECT_TRUE(kernel->sent.empty());
  EXPECT_TRUE(kernel->given_back.empty());
  EXPECT_FALSE(std::filesystem::exists(directory / "found.json"));
}

TEST_F(DaemonPowerTest, OneInterfacesLimitHoldsForTheWholeRadio) {
  config.interfaces = {};
  config.power_path = PowerPath::wiphy;
  ApInterface guest = wlan0();
  guest.index = InterfaceIndex{4};
  guest.name = "wlan0-1";
  kernel->interfaces.push_back(guest);
  start_and_reach_the_floor();

  kernel->interfaces.at(1).power = dbm(6);
  time.advance(6s);
  stop();

  EXPECT_EQ(kernel->power(), dbm(6));
  EXPECT_EQ(kernel->interfaces.at(1).power, dbm(6));
}

class ImplausiblePowerTest : public DaemonPowerTest,
                             public ::testing::WithParamInterface<std::optional<Dbm>> {};

INSTANTIATE_TEST_SUITE_P(Reports, ImplausiblePowerTest,
                         ::testing::Values(std::nullopt, dbm(0), dbm(3), dbm(-1), dbm(24),
                                           dbm(255)));

TEST_P(ImplausiblePowerTest, IsNotDriven) {
  kernel->reports_always(GetParam());
  add_station([](Dbm) { return Throughput::from_kbps(100'000); });

  start();
  time.advance(10s);
  stop();

  EXPECT_TRUE(kernel->sent.empty());
  EXPECT_TRUE(kernel->given_back.empty());
  EXPECT_THAT(log_text.str(), HasSubstr("wlan0: not driven: its driver "));
  EXPECT_THAT(log_text.str(), HasSubstr("box.ceiling_dbm"));
}

TEST_P(ImplausiblePowerTest, IsDrivenBelowACeilingByHandAndGivenBackAsAutomatic) {
  kernel->reports_always(GetParam());
  add_station([](Dbm) { return Throughput::from_kbps(100'000); });
  config.box.ceiling = dbm(15);

  start();
  time.advance(10s);

  ASSERT_FALSE(kernel->sent.empty());
  EXPECT_EQ(kernel->sent.front().level, dbm(15));
  EXPECT_EQ(kernel->sent.back().level, dbm(1));
  stop();
  EXPECT_EQ(kernel->given_back.size(), 1u);
}

// Whatever others do, no command is above the lowest limit in force: the channel's maximum, the
// power found, and the lower powers that somebody else has set. What is replaced before anybody has
// looked, and what equals our own level, cannot be seen.
class ForeignChangesTest : public DaemonPowerTest,
                           public ::testing::WithParamInterface<std::uint32_t> {
 protected:
  int draw(int least, int most) { return std::uniform_int_distribution{least, most}(random); }
  Dbm limit() const { return set_last ? std::min(seen, *set_last) : seen; }
  // The daemon looks every 5 s, and before each of its writes.
  void somebody_draws_a_power() {
    const bool was_seen = time.now() - set_at > 6s || kernel->sent.size() > sent_before;
    if (was_seen) seen = limit();
    ApInterface& interface = kernel->interfaces.at(0);
    const Dbm level = std::min(dbm(draw(0, 23)), *interface.channel_maximum);
    const Dbm ours = kernel->sent.empty() ? seen : kernel->sent.back().level;
    set_last = level == ours || level == interface.power ? std::nullopt : std::optional{level};
    set_at = time.now();
    sent_before = kernel->sent.size();
    interface.power = level;
  }
  void the_channel_changes() {
    ApInterface& interface = kernel->interfaces.at(0);
    interface.channel_maximum = dbm(draw(14, 23));
    interface.power = std::min(*interface.power, *interface.channel_maximum);
    kernel->happen(InterfacesChanged{});
  }
  // Only this brings another power that may be higher.
  void the_interface_returns() {
    ApInterface& interface = kernel->interfaces.at(0);
    interface.index = InterfaceIndex{++last_index};
    interface.power = seen = dbm(draw(5, 12));
    if (config.power_path == PowerPath::wiphy) interface.wiphy = WiphyIndex{last_index};
    set_last.reset();
    kernel->happen(InterfacesChanged{});
  }
  void the_configuration_is_read_anew() {
    config.box.floor = dbm(draw(1, 4));
    reload(config);
  }

  std::mt19937 random{GetParam()};
  Dbm seen = dbm(20);
  std::optional<Dbm> set_last;
  Instant set_at;
  std::size_t sent_before = 0;
  std::uint32_t last_index = 3;
};

INSTANTIATE_TEST_SUITE_P(Seeds, ForeignChangesTest, ::testing::Range(0u, 20u));

TEST_P(ForeignChangesTest, PowerIsNeverAboveTheLowestLimitInForce) {
  log->set_level(spdlog::level::off);
  config.policy = GetParam() % 2 == 0 ? PolicyName::anchor : PolicyName::descend;
  if (GetParam() % 3 == 0) config.power_path = PowerPath::wiphy;
  add_station(knee_at(dbm(10)));
  start();

  std::size_t checked = 0;
  for (int step = 0; step < 120; ++step) {
    time.advance(std::chrono::milliseconds{draw(0, 3000)});
    const auto sent = sent_since(checked);
    checked = kernel->sent.size();
    ASSERT_THAT(sent, at_most(std::min(limit(), *kernel->interfaces.at(0).channel_maximum)))
        << "step " << step;
    switch (draw(0, 9)) {
      case 0:
      case 1:
      case 2:
        somebody_draws_a_power();
        break;
      case 3:
        the_channel_changes();
        break;
      case 4:
        the_configuration_is_read_anew();
        break;
      case 5:
        if (limit() < dbm(4)) the_interface_returns();
        break;
      case 6:
        kernel->answers_after = std::chrono::milliseconds{draw(0, 30)};
        break;
      default:
        kernel->stations.at(sta1).expected = knee_at(dbm(draw(1, 25)));
    }
  }
  stop();
  time.advance(1s);
  const bool is_somebodys = kernel->power() == set_last;
  EXPECT_TRUE(kernel->power() <= limit() || is_somebodys) << kernel->power().value();
}

}  // namespace
}  // namespace pianissimo::service
