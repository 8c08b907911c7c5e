// What happens around the daemon at the wrong moment: the power found comes back all the same.
#include <stdexcept>

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

// The new name stands behind the old one, so that it is put back last: ours is the power that it
// shows.
TEST_F(DaemonTest, KnowsThePowerFoundOfAnInterfaceThatIsRenamed) {
  config.interfaces = {};
  start_and_reach_the_floor();
  ASSERT_EQ(kernel->power(), dbm(1));

  kernel->interfaces.at(0).name = "wlan9";
  kernel->happen(InterfacesChanged{});
  time.advance(5s);
  stop();

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, PutsBackThePowerOfAnInterfaceWhoseNewNameItDoesNotDrive) {
  start_and_reach_the_floor();
  ASSERT_EQ(kernel->power(), dbm(1));

  kernel->interfaces.at(0).name = "ap0";
  kernel->happen(InterfacesChanged{});
  time.advance(1s);
  stop();

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, DrivesAnInterfaceNoMoreWhoseNewNameIsNotItsOwn) {
  start_and_reach_the_floor();
  kernel->interfaces.at(0).name = "ap0";
  kernel->happen(InterfacesChanged{});
  time.advance(1s);
  const std::size_t before = kernel->sent.size();

  // Whoever drives it would go up.
  kernel->stations.at(sta1).expected = knee_at(dbm(30));
  time.advance(10s);

  EXPECT_EQ(kernel->sent.size(), before);
}

TEST_F(DaemonTest, PutsBackThePowerOfAnInterfaceThatIsRenamedAfterItWasKilled) {
  config.interfaces = {};
  start_and_reach_the_floor();
  kill_and_start_anew();
  ASSERT_EQ(kernel->power(), dbm(1));
  kernel->interfaces.at(0).name = "wlan9";

  start();
  stop();

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, IsNotToldAReadingThatComesInAfterTheStop) {
  std::optional<Instant> stopped;
  bool stops = false;
  add_station([&](Dbm power) {
    if (stops && !stopped) {
      stopped = time.now();
      daemon->stop();
    }
    return knee_at(dbm(1))(power);
  });
  start();
  time.advance(1s);
  stops = true;
  time.advance(1s);
  ASSERT_TRUE(stopped);
  daemon.reset();

  std::istringstream lines{journal()};
  for (std::string line; std::getline(lines, line);) {
    const auto record = std::get<journal::Record>(journal::from_line(line));
    const auto* const event = std::get_if<Event>(&record.what);
    if (event != nullptr && std::holds_alternative<StationReport>(*event)) {
      EXPECT_LT(record.at, *stopped) << line;
    }
  }
}

// A dongle that is unplugged and plugged in again.
TEST_F(DaemonTest, PutsBackThePowerOfTheRadioThatTheInterfaceHasComeBackOn) {
  config.power_path = PowerPath::wiphy;
  start_and_reach_the_floor();
  kernel->interfaces.clear();
  kernel->happen(InterfacesChanged{});
  time.advance(1s);
  ApInterface back = wlan0();
  back.index = InterfaceIndex{7};
  back.wiphy = WiphyIndex{1};
  kernel->interfaces = {back};
  kernel->happen(InterfacesChanged{});
  time.advance(5s);
  ASSERT_EQ(kernel->power(), dbm(1));

  stop();

  EXPECT_EQ(kernel->sent.back().knob.wiphy, WiphyIndex{1});
  EXPECT_EQ(kernel->sent.back().level, dbm(20));
}

// A radio keeps its power when the access point's interface is deleted.
TEST_F(DaemonTest, PutsBackThePowerOfARadioWhoseInterfaceIsGone) {
  config.power_path = PowerPath::wiphy;
  start_and_reach_the_floor();
  ASSERT_EQ(kernel->power(), dbm(1));
  kernel->interfaces.at(0).index = InterfaceIndex{9};
  kernel->interfaces.at(0).name = "mesh0";
  kernel->happen(InterfacesChanged{});
  time.advance(1s);

  stop();

  EXPECT_EQ(exit, ExitStatus::ok);
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, SurvivesTwoLooksAtOnceThatFindTheSameInterfacesGone) {
  add_station(knee_at(dbm(1)));
  config.interfaces = {};
  config.power_path = PowerPath::wiphy;
  for (std::uint32_t index = 1; index < 3; ++index) {
    ApInterface other = wlan0();
    other.index = InterfaceIndex{index};
    other.name = "other" + std::to_string(index);
    kernel->interfaces.push_back(other);
  }
  kernel->interfaces.at(1).channel_maximum = kernel->interfaces.at(1).power = dbm(10);
  start();
  time.advance(5s);

  // When the first one is gone the others may be louder, and telling the kernel takes its time.
  kernel->answers_after = 300ms;
  kernel->interfaces.resize(1);
  kernel->read_error = PortError{"no such device", true};
  kernel->happen(InterfacesChanged{});
  time.advance(1s);
  kernel->read_error.reset();
  time.advance(5s);
  stop();
  time.advance(3s);

  EXPECT_EQ(exit, ExitStatus::ok);
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, AReloadBeforeItHasBegunLosesNoKilledRunsPower) {
  start_and_reach_the_floor();
  kill_and_start_anew();
  kernel->answers_after = 100ms;
  start();

  reload(config);
  time.advance(5s);
  stop();
  time.advance(1s);

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, ADryRunThatBecomesARealOnePutsAKilledRunsPowerBack) {
  start_and_reach_the_floor();
  kill_and_start_anew();
  Config real = config;
  config.dry_run = true;
  start();
  time.advance(1s);
  ASSERT_EQ(kernel->power(), dbm(1));

  reload(real);
  time.advance(5s);
  stop();

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, ADryRunThatBecomesARealOneKeepsWhatItCannotPutBack) {
  start_and_reach_the_floor();
  kill_and_start_anew();
  Config real = config;
  config.dry_run = true;
  start();
  kernel->answer = PowerAnswer::busy;

  reload(real);
  time.advance(5s);

  EXPECT_EQ(std::get<FoundPowers>(StateFile{directory}.load()).at("wlan0").power, dbm(20));
}

// The level that still stands is ours, and no limit of somebody else's.
TEST_F(DaemonTest, WhatAReloadToAnotherKnobCannotPutBackIsPutBackLater) {
  start_and_reach_the_floor();
  kernel->answer = PowerAnswer::busy;
  config.power_path = PowerPath::wiphy;
  reload(config);
  time.advance(5s);
  kernel->answer = PowerAnswer::accepted;
  time.advance(5s);

  stop();

  EXPECT_EQ(exit, ExitStatus::ok);
  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_THAT(log_text.str(), Not(HasSubstr("somebody else")));
}

TEST_F(DaemonTest, AReloadSaysWhichNamedInterfaceDoesNotExist) {
  start();
  config.interfaces = {"wlan7"};

  reload(config);

  EXPECT_THAT(log_text.str(), HasSubstr("wlan7: no such wireless interface"));
}

TEST_F(DaemonTest, WritesNothingWhenItIsStoppedBeforeItHasBegun) {
  add_station(knee_at(dbm(1)));
  config.box.ceiling = dbm(10);
  make();

  stop();

  EXPECT_EQ(exit, ExitStatus::ok);
  EXPECT_TRUE(kernel->sent.empty());
}

TEST_F(DaemonTest, SaysThatAKilledRunsRadioIsGone) {
  config.interfaces = {};
  config.power_path = PowerPath::wiphy;
  start_and_reach_the_floor();
  kill_and_start_anew();
  kernel->interfaces.clear();

  start();

  EXPECT_THAT(log_text.str(),
              HasSubstr("wlan0: is gone; its radio phy0: is gone, and its power with it"));
}

TEST_F(DaemonTest, SaysWhyStationLimitsCouldNotBeLifted) {
  add_station(knee_at(dbm(1)));
  config.power_path = PowerPath::station;
  kernel->interfaces.at(0).has_station_knob = true;
  start();
  time.advance(1s);
  kernel->read_error = PortError{"no buffer space", false};

  stop();

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_THAT(log_text.str(),
              HasSubstr("wlan0: the stations' limits could not be lifted: no buffer space"));
}

TEST_F(DaemonTest, PutsThePowerFoundBackBeforeItTellsOfABug) {
  start_and_reach_the_floor();
  ASSERT_EQ(kernel->power(), dbm(1));

  kernel->stations.at(sta1).expected = [](Dbm) -> Throughput { throw std::logic_error{"a bug"}; };
  time.advance(1s);

  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_FALSE(std::filesystem::exists(directory / "found.json"));
  EXPECT_THROW(std::rethrow_exception(bug ? bug : std::make_exception_ptr(0)), std::logic_error);
}

}  // namespace
}  // namespace pianissimo::service
