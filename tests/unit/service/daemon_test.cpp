// What the daemon does, from its start to its end.
#include <cerrno>
#include <set>

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;

TEST_F(DaemonTest, TurnsDownANearStationsPowerToTheFloor) {
  add_station(knee_at(dbm(1)));

  start();
  time.advance(5s);

  EXPECT_EQ(kernel->power(), dbm(1));
}

TEST_F(DaemonTest, PutsBackThePowerFoundWhenStopped) {
  start_and_reach_the_floor();

  stop();

  EXPECT_EQ(exit, ExitStatus::ok);
  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_FALSE(std::filesystem::exists(directory / "found.json"));
}

TEST_F(DaemonTest, HasThePowerFoundOnDiskBeforeItsFirstWrite) {
  add_station(knee_at(dbm(1)));
  bool saved_before_every_write = true;
  kernel->before_set = [&] {
    const auto loaded = StateFile{directory}.load();
    const auto* const found = std::get_if<FoundPowers>(&loaded);
    saved_before_every_write &=
        found && found->contains("wlan0") && found->at("wlan0").power == dbm(20);
  };

  start();
  time.advance(2s);

  EXPECT_FALSE(kernel->sent.empty());
  EXPECT_TRUE(saved_before_every_write);
  kernel->before_set = {};  // the end writes, too
}

TEST_F(DaemonTest, DoesNotDriveAnInterfaceWhosePowerItCannotSave) {
  add_station(knee_at(dbm(1)));
  std::filesystem::create_directory(directory / "found.json.new");

  start();
  time.advance(2s);

  EXPECT_TRUE(kernel->sent.empty());
  EXPECT_THAT(log_text.str(), HasSubstr("wlan0: not driven"));
}

TEST_F(DaemonTest, VisitsLastExactlySixtyMilliseconds) {
  add_station(knee_at(dbm(12)));

  start();
  time.advance(20s);

  std::vector<Duration> visits;
  for (std::size_t i = 0; i + 1 < kernel->sent.size(); ++i) {
    const bool is_visit = i > 0 && kernel->sent[i].level == dbm(20);
    if (is_visit) visits.push_back(kernel->sent[i + 1].at - kernel->sent[i].at);
  }
  EXPECT_GE(visits.size(), 5u);
  EXPECT_THAT(visits, Each(Duration{60ms}));
}

TEST_F(DaemonTest, WritesNothingInADryRunButDecides) {
  add_station(knee_at(dbm(1)));
  config.dry_run = true;

  start();
  time.advance(12s);
  stop();

  EXPECT_TRUE(kernel->sent.empty());
  EXPECT_FALSE(std::filesystem::exists(directory / "found.json"));
  daemon.reset();
  EXPECT_THAT(journal(), HasSubstr("\"reason\":\"floor_reached\""));
}

TEST_F(DaemonTest, PutsBackWhatAKilledRunLeftBeforeItLooksAtThePower) {
  start_and_reach_the_floor();
  kill_and_start_anew();
  ASSERT_EQ(kernel->power(), dbm(1));

  start();

  ASSERT_FALSE(kernel->sent.empty());
  EXPECT_EQ(kernel->sent.front().level, dbm(20));
  stop();
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, GoesOnWhenTheInterfaceReturnsUnderAnotherIndex) {
  start_and_reach_the_floor();

  kernel->interfaces.clear();
  kernel->happen(InterfacesChanged{});
  time.advance(1s);
  ApInterface back = wlan0();
  back.index = InterfaceIndex{7};
  back.power = dbm(23);
  kernel->interfaces = {back};
  kernel->happen(InterfacesChanged{});
  time.advance(100ms);

  // It comes with a power of its own.
  EXPECT_EQ(kernel->power(), dbm(23));
  time.advance(5s);
  EXPECT_EQ(kernel->power(), dbm(1));
  EXPECT_EQ(kernel->sent.back().knob.interface, InterfaceIndex{7});
}

TEST_F(DaemonTest, StaysBelowTheMaximumOfANewChannel) {
  add_station(knee_at(dbm(18)));
  start();
  time.advance(5s);
  const std::size_t before = kernel->sent.size();

  kernel->interfaces.at(0).channel_maximum = dbm(14);
  kernel->interfaces.at(0).power = dbm(14);
  kernel->happen(InterfacesChanged{});
  time.advance(10s);

  const std::vector<FakeKernel::Sent> after(
      kernel->sent.begin() + static_cast<std::ptrdiff_t>(before), kernel->sent.end());
  EXPECT_FALSE(after.empty());
  EXPECT_THAT(after, Each(Field(&FakeKernel::Sent::level, ::testing::Le(dbm(14)))));
}

TEST_F(DaemonTest, TakesItsLevelBackFromSomebodyElse) {
  start_and_reach_the_floor();
  ASSERT_EQ(kernel->power(), dbm(1));

  kernel->interfaces.at(0).power = dbm(22);
  kernel->happen(InterfacesChanged{});
  time.settle();

  EXPECT_EQ(kernel->power(), dbm(1));
}

TEST_F(DaemonTest, AStationThatJoinsSendsTheDomainToTheTop) {
  start_and_reach_the_floor();

  const MacAddress sta2{{2, 0, 0, 0, 2, 0}};
  kernel->stations[sta2] = {.since = time.now()};
  kernel->happen(StationJoined{time.now(), InterfaceIndex{3}, sta2});
  time.settle();

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, SurvivesAStationThatLeavesDuringAVisit) {
  add_station(knee_at(dbm(12)));
  start();
  while (kernel->sent.size() < 2 || kernel->sent.back().level != dbm(20)) time.advance(10ms);

  kernel->stations.clear();
  kernel->happen(StationLeft{time.now(), InterfaceIndex{3}, sta1});
  time.advance(100ms);

  EXPECT_LT(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, KeepsWhatIsInForceWhenTheKernelRefuses) {
  add_station(knee_at(dbm(1)));
  kernel->answer = PowerAnswer::not_permitted;
  kernel->error = EPERM;

  start();
  time.advance(5s);

  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_THAT(log_text.str(),
              HasSubstr("The kernel refused 19 dBm (errno 1): what was in force stays, 20 dBm. "
                        "Operation not permitted."));
}

TEST_F(DaemonTest, GoesOnWhenABusyKernelIsFreeAgain) {
  add_station(knee_at(dbm(1)));
  kernel->answer = PowerAnswer::busy;
  start();
  time.advance(1s);

  kernel->answer = PowerAnswer::accepted;
  time.advance(10s);

  EXPECT_EQ(kernel->power(), dbm(1));
}

TEST_F(DaemonTest, SaysARepeatedReadErrorOnce) {
  add_station(knee_at(dbm(1)));
  kernel->read_error = PortError{"no buffer space", false};

  start();
  time.advance(3s);

  const std::string text = log_text.str();
  const auto first = text.find("wlan0: stations: no buffer space");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("no buffer space", first + 40), std::string::npos);
}

TEST_F(DaemonTest, RefusesToStartWithoutTheNamedInterface) {
  config.interfaces = {"wlan7"};

  start();

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_THAT(log_text.str(), HasSubstr("wlan7: no such wireless interface"));
}

TEST_F(DaemonTest, RefusesAStateFileItCannotUnderstand) {
  std::ofstream{directory / "found.json"} << "{\"wlan0\": 20}";

  start();

  EXPECT_EQ(exit, ExitStatus::bad_data);
  EXPECT_TRUE(std::filesystem::exists(directory / "found.json"));
}

TEST_F(DaemonTest, SaysThatADriverHasNoPowerPerStation) {
  add_station(knee_at(dbm(1)));
  config.power_path = PowerPath::station;

  start();
  time.advance(1s);

  EXPECT_TRUE(kernel->sent.empty());
  EXPECT_THAT(log_text.str(), HasSubstr("no power per station"));
}

TEST_F(DaemonTest, LiftsStationLimitsOnExit) {
  add_station(knee_at(dbm(1)));
  config.power_path = PowerPath::station;
  kernel->interfaces.at(0).has_station_knob = true;
  start();
  time.advance(1s);
  ASSERT_FALSE(kernel->sent.empty());
  EXPECT_EQ(kernel->sent.front().knob.station, sta1);

  stop();

  EXPECT_EQ(kernel->given_back.size(), 1u);
}

TEST_F(DaemonTest, AReloadBeginsAnewUnderTheNewConfiguration) {
  start_and_reach_the_floor();
  Config higher_floor = config;
  higher_floor.box.floor = dbm(10);

  reload(higher_floor);
  EXPECT_EQ(kernel->power(), dbm(20));
  time.advance(5s);

  EXPECT_EQ(kernel->power(), dbm(10));
  stop();
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, RemembersThePowerFoundWhenAReloadCannotPutItBack) {
  start_and_reach_the_floor();
  kernel->answer = PowerAnswer::busy;

  reload(config);
  time.advance(2s);
  kernel->answer = PowerAnswer::accepted;
  time.advance(5s);
  stop();

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonTest, SavesThePowerFoundWhenADryRunBecomesARealOne) {
  add_station(knee_at(dbm(1)));
  config.dry_run = true;
  start();
  time.advance(5s);
  config.dry_run = false;

  reload(config);

  EXPECT_TRUE(std::filesystem::exists(directory / "found.json"));
}

TEST_F(DaemonTest, JournalsHeaderEventsAndDecisions) {
  add_station(knee_at(dbm(12)));
  start();
  time.advance(3s);
  stop();
  daemon.reset();

  std::istringstream lines{journal()};
  std::string line;
  std::set<std::size_t> kinds;
  bool is_first = true;
  while (std::getline(lines, line)) {
    const auto record = journal::from_line(line);
    ASSERT_TRUE(std::holds_alternative<journal::Record>(record)) << line;
    const auto& what = std::get<journal::Record>(record).what;
    kinds.insert(what.index());
    if (is_first) {
      const auto* const header = std::get_if<journal::Header>(&what);
      ASSERT_NE(header, nullptr);
      ASSERT_EQ(header->interfaces.size(), 1u);
      EXPECT_EQ(header->interfaces[0].driver, "fake");
      EXPECT_EQ(header->regulatory_domain, "US");
    }
    is_first = false;
  }
  EXPECT_THAT(kinds, ::testing::IsSupersetOf({0u, 1u, 2u}));  // header, event, decision
}

}  // namespace
}  // namespace pianissimo::service
