// What goes on around the daemon while it runs: disks that are full or read-only, clocks that jump,
// stations without end, hostapd that restarts and restarts, a kernel that is slow, others who set
// the power.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <fstream>
#include <thread>

#include "tests/unit/journal/folder.hpp"
#include "tests/unit/service/fault_world.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using nl80211::Asked;
using nl80211::Errc;
using nl80211::Error;
using nl80211::radio;
using test::TinyDisk;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

nl80211::Interface& wlan0() { return radio.interfaces.at(0); }

// --- disks

class FaultyDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk.is_mounted()) GTEST_SKIP() << "mounting needs CAP_SYS_ADMIN";
    std::filesystem::create_directory(disk / "state");
  }
  std::string state() const { return disk / "state"; }
  void fill() const {
    std::ofstream file{disk / "full", std::ios::binary};
    while (file.put('x').flush()) {
    }
  }
  void empty() const { std::filesystem::remove(disk / "full"); }
  void set_read_only(bool is_so) const {
    const std::string place = std::filesystem::path{state()}.parent_path();
    const unsigned long flags = MS_REMOUNT | (is_so ? MS_RDONLY : 0ul);
    ASSERT_EQ(::mount("tmpfs", place.c_str(), "tmpfs", flags, nullptr), 0);
  }
  // Until its thread has met the disk.
  static bool says(FaultWorld& world, const std::string& words) {
    for (int i = 0; i < 10'000; ++i) {
      if (world.said().find(words) != std::string::npos) return true;
      world.time.advance(100ms);
      std::this_thread::yield();
    }
    return false;
  }

  TinyDisk disk;
};

TEST_F(FaultyDisk, NothingIsWrittenToARadioWhoseFoundPowerHasNoRoom) {
  FaultWorld world{{}, state()};
  fill();

  world.start();
  world.time.advance(6s);

  EXPECT_THAT(radio.written, IsEmpty());
  EXPECT_THAT(world.said(), HasSubstr("not driven: "));
  EXPECT_THAT(world.said(), HasSubstr("No space left on device"));
  empty();
  EXPECT_TRUE(world.reaches_the_floor_within(10s));
  world.must_have_done_no_harm();
}

TEST_F(FaultyDisk, NothingIsWrittenToARadioWhoseFoundPowerIsOnAReadOnlyDisk) {
  FaultWorld world{{}, state()};
  set_read_only(true);

  world.start();
  world.time.advance(6s);

  EXPECT_THAT(radio.written, IsEmpty());
  EXPECT_THAT(world.said(), HasSubstr("Read-only file system"));
  set_read_only(false);
  EXPECT_TRUE(world.reaches_the_floor_within(10s));
  world.must_have_done_no_harm();
}

TEST_F(FaultyDisk, ThePowerIsPutBackThoughTheDiskHasBecomeFull) {
  FaultWorld world{{}, state()};
  world.start_and_reach_the_floor();

  fill();
  world.time.advance(12s);

  EXPECT_TRUE(world.runs());
  world.must_have_done_no_harm();
}

TEST_F(FaultyDisk, ThePowerIsPutBackThoughTheDiskHasBecomeReadOnly) {
  FaultWorld world{{}, state()};
  world.start_and_reach_the_floor();

  set_read_only(true);
  world.time.advance(12s);
  world.stop();

  EXPECT_EQ(world.exit(), ExitStatus::ok);
  EXPECT_TRUE(world.is_at(FaultWorld::found));
  // The note stays, and is of what stands there.
  EXPECT_TRUE(world.is_noted());
  EXPECT_THAT(world.said(), HasSubstr("cannot be removed: Read-only file system"));
  set_read_only(false);
}

TEST_F(FaultyDisk, AJournalWithoutRoomIsSaidAndChangesNothing) {
  FaultWorld world;
  world.config.journal.path = disk / "journal.jsonl";
  fill();

  world.start_and_reach_the_floor();

  EXPECT_TRUE(says(world, "No space left on device"));
  EXPECT_THAT(world.said(), HasSubstr("journal: "));
  world.must_have_done_no_harm();
}

TEST_F(FaultyDisk, AJournalOnAReadOnlyDiskIsSaidAndChangesNothing) {
  FaultWorld world;
  world.config.journal.path = disk / "journal.jsonl";
  set_read_only(true);

  world.start_and_reach_the_floor();

  EXPECT_TRUE(says(world, "Read-only file system"));
  world.must_have_done_no_harm();
}

// --- clocks

TEST(FaultyClock, AMinuteInWhichTheProcessWasStoppedMakesNoBurst) {
  FaultWorld world;
  world.start_and_reach_the_floor();
  world.time.advance(1s);
  const int before = world.busiest_second();

  for (int i = 0; i < 10; ++i) {
    world.time.jump(60s);
    world.time.advance(1s);
  }

  EXPECT_LE(world.busiest_second(), before + 10);
  EXPECT_TRUE(world.reaches_the_floor_within(5s));
  world.must_have_done_no_harm();
}

TEST(FaultyClock, AWallClockThatJumpsForwardsAndBackwardsChangesNothing) {
  FaultWorld world;
  world.start_and_reach_the_floor();

  for (int i = 0; i < 40; ++i) {
    world.time.wall += (i % 2 == 0 ? -1 : 1) * (i + 1) * 86'400'000LL;
    world.time.advance(250ms);
  }

  EXPECT_TRUE(world.reaches_the_floor_within(5s));
  world.must_have_done_no_harm();
}

// --- stations and interfaces that come and go

TEST(ManyStations, ThousandsThatComeAndGoAskForNoMore) {
  FaultWorld world;
  world.start_and_reach_the_floor();

  for (int i = 0; i < 2000; ++i) {
    const MacAddress one{
        {2, 0, 0, 9, static_cast<std::uint8_t>(i / 256), static_cast<std::uint8_t>(i % 256)}};
    radio.happen(nl80211::StationNew{wlan0().index, one});
    if (i % 10 == 9) world.time.advance(10ms);
    radio.happen(nl80211::StationDeleted{wlan0().index, one});
  }

  EXPECT_TRUE(world.reaches_the_floor_within(15s));
  world.must_have_done_no_harm();
}

TEST(RestartingHostapd, AnInterfaceThatComesWithANewIndexEachTime) {
  FaultWorld world;
  world.start_and_reach_the_floor();

  for (int i = 0; i < 60; ++i) {
    world.vanish();
    world.return_anew();
    world.time.advance(std::chrono::milliseconds{50 * (i % 10)});
  }

  EXPECT_TRUE(world.reaches_the_floor_within(5s));
  world.must_have_done_no_harm();
}

// The network device stays, and with it the power that we gave it.
TEST(RestartingHostapd, AnAccessPointThatIsDownForMomentsIsPutBackAllTheSame) {
  FaultWorld world;
  world.start_and_reach_the_floor();

  for (int i = 0; i < 60; ++i) {
    wlan0().frequency.reset();
    radio.happen(nl80211::InterfaceChanged{wlan0().index});
    world.time.advance(std::chrono::milliseconds{40 * (i % 7)});
    wlan0().frequency = Mhz{5180};
    radio.happen(nl80211::InterfaceChanged{wlan0().index});
    world.time.advance(std::chrono::milliseconds{50 * (i % 10)});
  }

  EXPECT_TRUE(world.reaches_the_floor_within(5s));
  world.must_have_done_no_harm();
}

TEST(RestartingHostapd, AnAccessPointThatIsDownAtTheEndIsPutBack) {
  FaultWorld world;
  world.start_and_reach_the_floor();

  wlan0().frequency.reset();
  radio.happen(nl80211::InterfaceChanged{wlan0().index});
  world.time.advance(1s);

  world.must_have_done_no_harm();
}

// --- a kernel that is slow

class SlowKernel : public ::testing::TestWithParam<Asked> {};

TEST_P(SlowKernel, DoesNoHarmThoughEachAnswerComesLate) {
  FaultWorld world;
  world.start_and_reach_the_floor();

  world.arm({GetParam(), 1, true, {"late", {}, 1900ms}});
  world.time.advance(60s);

  EXPECT_GT(world.hits(), 0);
  world.disarm();
  EXPECT_TRUE(world.reaches_the_floor_within(15s));
  world.must_have_done_no_harm();
}

TEST_P(SlowKernel, DoesNoHarmThoughNoAnswerComesForAMinute) {
  FaultWorld world;
  world.start_and_reach_the_floor();

  world.arm({GetParam(), 1, true, {"never", {.error = Error{Errc::timed_out}}, 2s}});
  world.time.advance(60s);

  EXPECT_GT(world.hits(), 0);
  world.disarm();
  EXPECT_TRUE(world.reaches_the_floor_within(30s));
  world.must_have_done_no_harm();
}

INSTANTIATE_TEST_SUITE_P(Of, SlowKernel,
                         ::testing::Values(Asked::interfaces, Asked::interface,
                                           Asked::regulatory_domain, Asked::stations,
                                           Asked::set_power, Asked::read_back));

// --- somebody else's power

class SomebodyElse : public ::testing::Test {
 protected:
  // In the middle of a visit to the highest power.
  void be_at_a_visit() {
    world.start_and_reach_the_floor();
    for (int i = 0; i < 3000 && !world.is_at(FaultWorld::found); ++i) world.time.advance(10ms);
    ASSERT_TRUE(world.is_at(FaultWorld::found)) << "there was no visit";
  }

  FaultWorld world;
};

TEST_F(SomebodyElse, WhoLowersThePowerInAVisitHasTheLastWord) {
  be_at_a_visit();
  radio.written.clear();

  wlan0().power = dbm(18);
  world.time.advance(30s);

  for (const auto& written : radio.written) EXPECT_LE(written.level, dbm(18));
  EXPECT_FALSE(radio.written.empty());
  EXPECT_THAT(world.said(), HasSubstr("nothing goes above that from here on"));
  world.stop();
  EXPECT_EQ(world.exit(), ExitStatus::ok);
  EXPECT_TRUE(world.is_at(dbm(18)));
}

TEST_F(SomebodyElse, WhoRaisesThePowerInAVisitLiftsNoLimit) {
  be_at_a_visit();

  wlan0().power = dbm(23);
  world.time.advance(30s);

  EXPECT_THAT(world.said(), HasSubstr("that lifts no limit"));
  world.must_have_done_no_harm();
}

TEST_F(SomebodyElse, WhoLowersThePowerJustBeforeTheEndHasTheLastWord) {
  be_at_a_visit();

  wlan0().power = dbm(18);
  world.stop();

  EXPECT_EQ(world.exit(), ExitStatus::ok);
  EXPECT_TRUE(world.is_at(dbm(18)));
}

}  // namespace
}  // namespace pianissimo::service
