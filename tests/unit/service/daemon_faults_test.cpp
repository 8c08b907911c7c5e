// A kernel that does not answer, or says too much, and clocks that jump: the daemon goes on, says
// so, and does no harm.
#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

// Counts nothing, but is there.
struct FakeCounters final : TrafficSource {
  int attached = 0;
  Result<Attached> attach(const ApInterface&, TrafficAttach) override {
    ++attached;
    return Attached{"a fake", {}};
  }
  bool is_attached(const ApInterface&) const override { return true; }
  void detach(const ApInterface&) override {}
  TrafficReport read(const StationReading& reading, Instant now) override {
    return {.at = now, .interface = reading.report.interface, .stations = {}};
  }
};

class DaemonFaultsTest : public DaemonTest {
 protected:
  FoundPowers note() const { return std::get<FoundPowers>(StateFile{directory}.load()); }
};

// --- a kernel that answers nothing

TEST_F(DaemonFaultsTest, AKernelThatAnswersNothingIsLeftToTheWatchdog) {
  start_and_reach_the_floor();
  ASSERT_TRUE(daemon->hears_the_kernel());

  kernel->is_deaf = true;
  time.advance(6s);

  EXPECT_FALSE(daemon->hears_the_kernel());
  EXPECT_EQ(note().at("wlan0").power, dbm(20));
  EXPECT_THAT(log_text.str(), HasSubstr("[error] the kernel answers nothing: the watchdog"));
}

TEST_F(DaemonFaultsTest, AKernelThatAnswersAgainIsDrivenAgain) {
  start_and_reach_the_floor();
  kernel->is_deaf = true;
  time.advance(30s);
  // As the watchdog does.
  kernel->interfaces.at(0).power = dbm(20);

  kernel->is_deaf = false;
  time.advance(10s);

  EXPECT_TRUE(daemon->hears_the_kernel());
  EXPECT_EQ(kernel->power(), dbm(1));
  EXPECT_EQ(times_said("the kernel answers nothing"), 1u);
  EXPECT_EQ(times_said("the kernel answers again"), 1u);
  stop();
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonFaultsTest, AKernelThatAnswersNothingIsNotAskedMoreThanOnceAtATime) {
  start_and_reach_the_floor();
  kernel->is_deaf = true;
  const int before = kernel->lists;

  time.advance(60s);

  EXPECT_LE(kernel->lists - before, 30);
  EXPECT_GE(kernel->lists - before, 12);
}

TEST_F(DaemonFaultsTest, TheStatusOfADeafDaemonGrowsOld) {
  start_and_reach_the_floor();
  kernel->is_deaf = true;
  time.advance(6s);
  const auto written = std::filesystem::last_write_time(Status::path(directory));
  std::filesystem::last_write_time(Status::path(directory), written - 1h);

  time.advance(20s);

  EXPECT_EQ(std::filesystem::last_write_time(Status::path(directory)), written - 1h);
}

TEST_F(DaemonFaultsTest, DoesNotBeginWithANamedInterfaceThatItCannotAskFor) {
  kernel->is_deaf = true;

  start();
  time.advance(3s);

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_THAT(log_text.str(), HasSubstr("interfaces: no answer"));
}

TEST_F(DaemonFaultsTest, WaitsForAKernelThatAnswersNothingAtTheStart) {
  config.interfaces = {};
  kernel->is_deaf = true;
  add_station(knee_at(dbm(1)));
  start();
  time.advance(20s);
  EXPECT_FALSE(daemon->hears_the_kernel());

  kernel->is_deaf = false;
  time.advance(10s);

  EXPECT_THAT(kernel->sent, Contains(Field(&FakeKernel::Sent::level, dbm(1))));
}

TEST_F(DaemonFaultsTest, AtTheStartAKilledRunsNoteOutlivesAKernelThatAnswersNothing) {
  config.interfaces = {};
  start_and_reach_the_floor();
  kill_and_start_anew();
  kernel->is_deaf = true;

  start();
  time.advance(10s);

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_EQ(note().at("wlan0").power, dbm(20));
}

TEST_F(DaemonFaultsTest, EndsThoughTheKernelAnswersNothing) {
  start_and_reach_the_floor();
  kernel->is_deaf = true;
  time.advance(1s);

  stop();
  time.advance(10s);

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_EQ(note().at("wlan0").power, dbm(20));
  EXPECT_THAT(log_text.str(), HasSubstr("[error] wlan0: no answer"));
}

TEST_F(DaemonFaultsTest, ManyInterfacesEndNoLaterThoughTheKernelAnswersNothing) {
  config.interfaces = {};
  for (std::uint32_t index = 10; index < 26; ++index) {
    ApInterface other = wlan0();
    other.index = InterfaceIndex{index};
    other.name = "wlan" + std::to_string(index);
    kernel->interfaces.push_back(other);
  }
  start_and_reach_the_floor();
  kernel->is_deaf = true;
  time.advance(1s);

  stop();
  time.advance(10s);

  EXPECT_EQ(exit, ExitStatus::unavailable);
}

TEST_F(DaemonFaultsTest, APowerThatCannotBePutBackIsAskedForOnceWhereTheKernelIsSlow) {
  start_and_reach_the_floor();
  kernel->ignores_writes = true;
  int attempts = 0;
  kernel->before_set = [&] { ++attempts; };

  stop();
  time.advance(3s);

  EXPECT_EQ(exit, ExitStatus::unavailable);
  EXPECT_EQ(attempts, 1);
  kernel->before_set = {};
}

// --- an interface whose stations cannot be read

TEST_F(DaemonFaultsTest, WhoCannotBeReadGetsTheHighestPower) {
  start_and_reach_the_floor();

  kernel->read_error = PortError{"no buffer space", false};
  time.advance(2s);

  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_TRUE(daemon->hears_the_kernel());
  EXPECT_THAT(log_text.str(), HasSubstr("[warning] wlan0: its stations cannot be read"));
  time.advance(60s);
  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_EQ(times_said("its stations cannot be read"), 1u);
}

TEST_F(DaemonFaultsTest, WhoCannotBeReadThoughItIsListedGetsTheHighestPower) {
  start_and_reach_the_floor();

  kernel->read_error = PortError{"network is down", true};
  time.advance(2s);

  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_THAT(log_text.str(), HasSubstr("wlan0: stations: network is down"));
  EXPECT_THAT(log_text.str(), HasSubstr("[warning] wlan0: its stations cannot be read"));
}

TEST_F(DaemonFaultsTest, WhoCanBeReadAgainIsDrivenAgain) {
  start_and_reach_the_floor();
  kernel->read_error = PortError{"no buffer space", false};
  time.advance(5s);

  kernel->read_error.reset();
  time.advance(5s);
  EXPECT_EQ(kernel->power(), dbm(1));

  kernel->read_error = PortError{"no buffer space", false};
  time.advance(2s);
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonFaultsTest, OneReadingThatFailsChangesNothing) {
  start_and_reach_the_floor();
  const std::size_t before = kernel->sent.size();
  // Several times, with a reading in between.
  for (int i = 0; i < 20; ++i) {
    kernel->read_error = PortError{"no buffer space", false};
    time.advance(500ms);
    kernel->read_error.reset();
    time.advance(100ms);
  }

  EXPECT_THAT(log_text.str(), Not(HasSubstr("cannot be read")));
  EXPECT_THAT(
      std::vector(kernel->sent.begin() + static_cast<std::ptrdiff_t>(before), kernel->sent.end()),
      Not(Each(Field(&FakeKernel::Sent::level, dbm(20)))));
}

TEST_F(DaemonFaultsTest, AWholeRadioGetsTheHighestPowerIfOneOfItsInterfacesCannotBeRead) {
  config.interfaces = {};
  config.power_path = PowerPath::wiphy;
  ApInterface guest = wlan0();
  guest.index = InterfaceIndex{4};
  guest.name = "wlan0-1";
  kernel->interfaces.push_back(guest);
  start_and_reach_the_floor();
  ASSERT_EQ(kernel->power(), dbm(1));

  kernel->unreadable = InterfaceIndex{4};
  time.advance(2s);

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(DaemonFaultsTest, StationsThatCannotBeReadLoseTheirLimits) {
  add_station(knee_at(dbm(1)));
  config.power_path = PowerPath::station;
  kernel->interfaces.at(0).has_station_knob = true;
  start();
  time.advance(2s);
  ASSERT_TRUE(kernel->given_back.empty());

  kernel->read_error = PortError{"no buffer space", false};
  time.advance(2s);

  EXPECT_THAT(kernel->given_back, ElementsAre(Field(&Knob::station, sta1)));
}

TEST_F(DaemonFaultsTest, WhoCannotBeReadKeepsItsTrafficCounters) {
  FakeCounters counters;
  traffic = &counters;
  start_and_reach_the_floor();

  kernel->read_error = PortError{"no buffer space", false};
  time.advance(2s);
  stop();
  daemon.reset();

  EXPECT_EQ(counters.attached, 1);
  const std::string text = journal();
  const auto begun_anew = text.find("interface_gone");
  ASSERT_NE(begun_anew, std::string::npos);
  EXPECT_NE(text.find("\"origin\":\"bpf\"", begun_anew), std::string::npos);
}

// What was said is remembered, so that it is said once; but not without an end.
TEST_F(DaemonFaultsTest, AThousandOtherTroublesLaterATroubleIsSaidAgain) {
  start_and_reach_the_floor();
  const auto trouble = [&](const std::string& text) {
    kernel->read_error = PortError{text, false};
    time.advance(config.interval);
  };
  trouble("the first");
  trouble("the first");
  EXPECT_EQ(times_said("wlan0: stations: the first"), 1u);

  for (int i = 0; i < 1000; ++i) trouble("number " + std::to_string(i));
  trouble("the first");

  EXPECT_EQ(times_said("wlan0: stations: the first"), 2u);
}

// --- a storm of events

// Each is a lost message (ENOBUFS) or a link that changes somewhere on the machine.
TEST_F(DaemonFaultsTest, AStormOfChangesMakesFewLooks) {
  start_and_reach_the_floor();
  const int before = kernel->lists;

  for (int i = 0; i < 1000; ++i) {
    for (int event = 0; event < 100; ++event) kernel->happen(InterfacesChanged{});
    time.advance(10ms);
  }

  // And one before each write.
  EXPECT_LE(kernel->lists - before, 10 * 5 + 20);
  EXPECT_GE(kernel->lists - before, 10 * 5);
  EXPECT_EQ(kernel->power(), dbm(1));
}

TEST_F(DaemonFaultsTest, TheLastChangeOfAStormIsSeen) {
  start_and_reach_the_floor();
  for (int i = 0; i < 10; ++i) {
    kernel->happen(InterfacesChanged{});
    time.advance(1ms);
  }

  kernel->interfaces.at(0).frequency = Mhz{5745};
  kernel->happen(InterfacesChanged{});
  time.advance(200ms);

  EXPECT_THAT(log_text.str(), HasSubstr("on 5745 MHz"));
}

TEST_F(DaemonFaultsTest, AStationThatJoinsInAStormIsHeardAtOnce) {
  start_and_reach_the_floor();
  kernel->happen(InterfacesChanged{});
  time.settle();
  const MacAddress sta2{{2, 0, 0, 0, 2, 0}};
  kernel->stations[sta2] = {.since = time.now()};

  kernel->happen(InterfacesChanged{});
  kernel->happen(StationJoined{time.now(), InterfaceIndex{3}, sta2});
  time.settle();

  EXPECT_EQ(kernel->power(), dbm(20));
}

// What is known of the channel is old from the change on, though the look at it has to wait.
TEST_F(DaemonFaultsTest, NothingIsWrittenInAStormBeforeALook) {
  start_and_reach_the_floor();
  kernel->happen(InterfacesChanged{});
  time.settle();
  const MacAddress sta2{{2, 0, 0, 0, 2, 0}};
  kernel->stations[sta2] = {.since = time.now()};

  kernel->interfaces.at(0).channel_maximum = dbm(14);
  kernel->happen(InterfacesChanged{});
  kernel->happen(StationJoined{time.now(), InterfaceIndex{3}, sta2});
  time.settle();

  EXPECT_EQ(kernel->sent.back().level, dbm(14));
}

// --- the wall clock

TEST_F(DaemonFaultsTest, AWallClockThatJumpsChangesNothing) {
  add_station(knee_at(dbm(12)));
  std::vector<std::vector<FakeKernel::Sent>> runs;
  for (const bool jumps : {false, true}) {
    start();
    const Instant began = time.now();
    for (int i = 0; i < 100; ++i) {
      if (jumps) time.wall += (i % 2 == 0 ? -1 : 1) * (i + 1) * 3'600'000LL;
      time.advance(200ms);
    }
    stop();
    for (FakeKernel::Sent& sent : kernel->sent) sent.at -= began.time_since_epoch();
    runs.push_back(std::exchange(kernel->sent, {}));
    daemon.reset();
    kernel = std::make_unique<FakeKernel>(io, time);
    kernel->interfaces = {wlan0()};
    add_station(knee_at(dbm(12)));
  }

  ASSERT_GT(runs[0].size(), 10u);
  ASSERT_EQ(runs[0].size(), runs[1].size());
  for (std::size_t i = 0; i < runs[0].size(); ++i) {
    EXPECT_EQ(runs[0][i].at, runs[1][i].at) << i;
    EXPECT_EQ(runs[0][i].level, runs[1][i].level) << i;
  }
}

TEST_F(DaemonFaultsTest, TheJournalsTimesDoNotJumpWithTheWallClock) {
  add_station(knee_at(dbm(12)));
  start();
  for (int i = 0; i < 20; ++i) {
    time.wall -= 3'600'000;
    time.advance(100ms);
  }
  stop();
  daemon.reset();

  std::istringstream lines{journal()};
  Instant last{};
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto record = std::get<journal::Record>(journal::from_line(line));
    EXPECT_GE(record.at, last) << line;
    EXPECT_LE(record.at, time.now()) << line;
    last = record.at;
  }
  EXPECT_GT(count, 20);
}

}  // namespace
}  // namespace pianissimo::service
