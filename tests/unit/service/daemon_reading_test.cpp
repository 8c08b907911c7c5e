// When the daemon reads, looks and writes things down.
#include <algorithm>

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;

class DaemonReadingTest : public DaemonTest {
 protected:
  // The journal's records, once the daemon is gone.
  std::vector<journal::Record> records() {
    stop();
    daemon.reset();
    std::vector<journal::Record> all;
    std::istringstream lines{journal()};
    for (std::string line; std::getline(lines, line);) {
      all.push_back(std::get<journal::Record>(journal::from_line(line)));
    }
    return all;
  }
  template <class Kind>
  std::vector<Kind> events() {
    std::vector<Kind> all;
    for (const journal::Record& record : records()) {
      const auto* const event = std::get_if<Event>(&record.what);
      if (event && std::holds_alternative<Kind>(*event)) all.push_back(std::get<Kind>(*event));
    }
    return all;
  }
  std::string status() const {
    std::ostringstream text;
    text << std::ifstream{Status::path(directory)}.rdbuf();
    return text.str();
  }
  bool is_read_between(Instant begin, Instant end) const {
    return std::ranges::any_of(kernel->reads, [&](Instant at) { return begin < at && at < end; });
  }
  // When the visits to the power found ended.
  std::vector<Instant> ends_of_visits() const {
    std::vector<Instant> ends;
    for (std::size_t i = 2; i < kernel->sent.size(); ++i) {
      if (kernel->sent[i - 1].level == dbm(20)) ends.push_back(kernel->sent[i].at);
    }
    return ends;
  }
};

// --- readings

TEST_F(DaemonReadingTest, StationsAreReadAtEachInterval) {
  config.policy = PolicyName::fixed;  // wants no readings of its own
  const Instant began = time.now();
  start();
  time.advance(2s);

  for (Duration due = config.interval; due <= 2s; due += config.interval) {
    EXPECT_THAT(kernel->reads, Contains(began + due));
  }
  EXPECT_EQ(kernel->reads.size(), static_cast<std::size_t>(2s / config.interval));
}

TEST_F(DaemonReadingTest, ReadingsThatTakeTooLongAreNeitherDoubledNorMadeUpFor) {
  config.policy = PolicyName::fixed;
  start();
  kernel->reads_take = config.interval * 5 / 2;
  time.advance(3s);

  for (std::size_t i = 1; i < kernel->reads.size(); ++i) {
    EXPECT_EQ(kernel->reads[i] - kernel->reads[i - 1], 3 * config.interval);
  }
  kernel->reads_take = {};
}

// The command that ends it would have to wait for the answer.
TEST_F(DaemonReadingTest, NoReadingIsUnderWayWhenAVisitEnds) {
  add_station(knee_at(dbm(12)));
  kernel->reads_take = 11ms;
  start();
  time.advance(60s);

  const auto ends = ends_of_visits();
  EXPECT_GE(ends.size(), 5u);
  for (const Instant end : ends) EXPECT_FALSE(is_read_between(end - 11ms, end));
  kernel->reads_take = {};
}

TEST_F(DaemonReadingTest, AnInterfaceThatIsGoneWhenItIsReadIsLookedForAtOnce) {
  start_and_reach_the_floor();
  time.advance(1s);
  const auto before = kernel->lists;

  kernel->interfaces.clear();
  time.advance(config.interval);

  EXPECT_EQ(kernel->lists, before + 1);
  EXPECT_THAT(log_text.str(), HasSubstr("wlan0: gone"));
}

// --- what others tell

TEST_F(DaemonReadingTest, AStationThatLeavesIsToldTheMomentItDoes) {
  start_and_reach_the_floor();
  const StationLeft left{time.now(), InterfaceIndex{3}, sta1};
  kernel->happen(left);
  kernel->happen(StationLeft{time.now(), InterfaceIndex{9}, sta1});  // not driven
  time.settle();

  EXPECT_THAT(events<StationLeft>(), ::testing::ElementsAre(left));
}

TEST_F(DaemonReadingTest, AStationOfAnInterfaceThatIsNotDrivenIsNobodys) {
  start_and_reach_the_floor();
  kernel->happen(StationJoined{time.now(), InterfaceIndex{9}, sta1});
  time.settle();

  EXPECT_EQ(kernel->power(), dbm(1));
  EXPECT_THAT(events<StationJoined>(), ::testing::IsEmpty());
}

TEST_F(DaemonReadingTest, WhatChangesIsSeenAfterFiveSecondsThoughNobodySaysIt) {
  start_and_reach_the_floor();
  kernel->lose_events({"no buffer space", false});
  time.settle();
  EXPECT_EQ(times_said("kernel events: no buffer space"), 1u);

  kernel->interfaces.at(0).channel_maximum = dbm(14);
  time.advance(5s);

  EXPECT_THAT(log_text.str(), HasSubstr("channel maximum 14 dBm"));
}

// A request that is not answered takes two seconds: the first is that for the stations.
TEST_F(DaemonReadingTest, AKernelThatAnswersNothingIsKnownAsThatAfterTwoRequests) {
  start();
  time.advance(5s + config.interval);  // the periodic look has just been

  kernel->is_deaf = true;
  time.advance(4s + config.interval);

  EXPECT_FALSE(daemon->hears_the_kernel());
}

TEST_F(DaemonReadingTest, WhereInterfacesCannotBeListedThatIsSaidOnce) {
  start_and_reach_the_floor();
  kernel->list_error = PortError{"no buffer space", false};
  time.advance(12s);

  EXPECT_EQ(times_said("interfaces: no buffer space"), 1u);
}

TEST_F(DaemonReadingTest, AfterAReloadATroubleIsSaidAgain) {
  start();
  kernel->read_error = PortError{"no buffer space", false};
  time.advance(500ms);

  reload(config);
  time.advance(500ms);

  EXPECT_EQ(times_said("wlan0: stations: no buffer space"), 2u);
}

// --- the status

TEST_F(DaemonReadingTest, TheStatusIsThereFromTheStartToTheEnd) {
  start();
  EXPECT_THAT(status(), HasSubstr("\"name\":\"wlan0\""));

  stop();

  EXPECT_FALSE(std::filesystem::exists(Status::path(directory)));
}

TEST_F(DaemonReadingTest, TheStatusIsWrittenEveryFiveSeconds) {
  start();
  for (int i = 0; i < 3; ++i) {
    std::filesystem::remove(Status::path(directory));
    time.advance(5s);
    EXPECT_TRUE(std::filesystem::exists(Status::path(directory)));
  }
  std::filesystem::remove(Status::path(directory));
  time.advance(4s);
  EXPECT_FALSE(std::filesystem::exists(Status::path(directory))) << "and not all the time";
}

TEST_F(DaemonReadingTest, SaysThatTheStatusCannotBeWritten) {
  std::filesystem::create_directories(Status::path(directory) + ".new");
  start();
  time.advance(20s);

  EXPECT_EQ(times_said("status.json.new: cannot be written"), 1u);
}

TEST_F(DaemonReadingTest, TheStatusSaysWhoIsLeftAloneAsLongAsItIs) {
  config.interfaces = {};
  kernel->interfaces.at(0).power = dbm(2);
  start();
  EXPECT_THAT(status(), HasSubstr("\"not_driven\":[{\"name\":\"wlan0\""));

  kernel->interfaces.at(0).power = dbm(20);
  time.advance(6s);

  EXPECT_THAT(status(), HasSubstr("\"not_driven\":[]"));
}

// --- the log and the journal

TEST_F(DaemonReadingTest, SaysThatNoInterfaceIsUpYet) {
  config.interfaces = {};
  kernel->interfaces.clear();
  start();
  EXPECT_EQ(times_said("no interface to drive is up yet"), 1u);

  daemon->stop();
  time.settle();
  daemon.reset();
  kernel = std::make_unique<FakeKernel>(io, time);
  kernel->interfaces = {wlan0()};
  start();
  EXPECT_EQ(times_said("no interface to drive is up yet"), 1u) << "and only then";
}

TEST_F(DaemonReadingTest, TheLogNamesWhatADecisionIsAbout) {
  const auto words_of = [&](PowerPath path) {
    log_text.str("");
    config.power_path = path;
    reload(config);
    time.advance(1s);
    return log_text.str();
  };
  kernel->interfaces.at(0).has_station_knob = true;
  add_station(knee_at(dbm(1)));
  start();

  EXPECT_THAT(words_of(PowerPath::interface), HasSubstr(" wlan0: 20 -> 19 dBm: "));
  EXPECT_THAT(words_of(PowerPath::wiphy), HasSubstr(" phy0: 20 -> 19 dBm: "));
  EXPECT_THAT(words_of(PowerPath::station), HasSubstr(" wlan0 02:00:00:00:01:00: 20 -> 19 dBm: "));
}

TEST_F(DaemonReadingTest, TheJournalSaysEachInterfaceThatComesWithItsChannel) {
  config.interfaces = {};
  start();
  time.advance(1s);
  ApInterface other = wlan0();
  other.index = InterfaceIndex{4};
  other.name = "wlan1";
  other.driver = "another";
  other.frequency = Mhz{2437};
  other.width = Mhz{20};
  kernel->interfaces.push_back(other);
  kernel->happen(InterfacesChanged{});
  time.advance(1s);

  std::vector<journal::Header> headers;
  for (const journal::Record& record : records()) {
    const auto* const header = std::get_if<journal::Header>(&record.what);
    if (header) headers.push_back(*header);
  }
  ASSERT_EQ(headers.size(), 2u) << "one at the top, and one when it came";
  EXPECT_EQ(headers[0].interfaces.size(), 1u);
  ASSERT_EQ(headers[1].interfaces.size(), 2u);
  EXPECT_EQ(headers[1].interfaces[1].name, "wlan1");
  EXPECT_EQ(headers[1].interfaces[1].driver, "another");
  EXPECT_EQ(headers[1].interfaces[1].frequency_mhz, 2437u);
  EXPECT_EQ(headers[1].interfaces[1].width_mhz, 20u);
}

TEST_F(DaemonReadingTest, ATroubleIsInTheJournalToo) {
  start();
  kernel->read_error = PortError{"no buffer space", false};
  time.advance(200ms);

  std::vector<std::string> notes;
  for (const journal::Record& record : records()) {
    const auto* const note = std::get_if<journal::Note>(&record.what);
    if (note) notes.push_back(note->text);
  }
  EXPECT_THAT(notes, Contains("wlan0: stations: no buffer space"));
}

}  // namespace
}  // namespace pianissimo::service
