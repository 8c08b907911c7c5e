// `pianissimo restore`, and the same as the watchdog does it.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "controller/service/commands.hpp"
#include "controller/service/found_power.hpp"
#include "controller/service/radio_locks.hpp"
#include "controller/service/running.hpp"
#include "tests/unit/service/fake_radio.hpp"

namespace pianissimo::service {
namespace {

using nl80211::radio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Written = nl80211::FakeRadio::Written;

constexpr WiphyIndex phy0{0};
constexpr Knob knob{.kind = KnobKind::interface, .wiphy = phy0, .interface = InterfaceIndex{3}};

class RestoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!nl80211::have_own_network()) GTEST_SKIP() << "no network namespace of its own";
    std::filesystem::create_directories(directory);
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
    radio = {};
    radio.add_access_point(3, 0, "wlan0", dbm(1));
  }
  ~RestoreTest() override {
    radio = {};
    std::filesystem::remove_all(directory);
  }

  // As a run that was killed.
  void leave_note() {
    const FoundPower found{.wiphy = phy0, .power = dbm(20), .interface = InterfaceIndex{3}};
    ASSERT_EQ(state.save({{"wlan0", found}}), std::nullopt);
  }
  bool has_note() const { return std::filesystem::exists(state.path()); }
  struct Said {
    ExitStatus status = ExitStatus::ok;
    std::string out;
    std::string err;
  };
  template <class Act>
  static Said listen(Act act) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Said said;
    said.status = act();
    std::fflush(stdout);
    said.out = ::testing::internal::GetCapturedStdout();
    said.err = ::testing::internal::GetCapturedStderr();
    return said;
  }
  Said restore_now() const {
    return listen([&] { return restore(directory); });
  }
  Said watchdog_acts(bool is_dead) const {
    return listen([&] {
      restore_for(directory, is_dead);
      return ExitStatus::ok;
    });
  }

  const std::string directory =
      std::filesystem::temp_directory_path() / ("pianissimo-restore-" + std::to_string(::getpid()));
  const StateFile state{directory};
};

TEST_F(RestoreTest, PutsBackWhatAKilledRunHadFoundAndForgetsIt) {
  leave_note();

  const Said said = restore_now();

  EXPECT_EQ(said.status, ExitStatus::ok);
  EXPECT_EQ(said.out, "wlan0: 20 dBm again\n");
  EXPECT_THAT(radio.written, ElementsAre(Written{knob, dbm(20)}));
  EXPECT_FALSE(has_note());
}

TEST_F(RestoreTest, SaysThatThereIsNothingToPutBack) {
  const Said said = restore_now();

  EXPECT_EQ(said.status, ExitStatus::ok);
  EXPECT_EQ(said.out, "nothing to put back\n");
  EXPECT_THAT(radio.written, IsEmpty());
}

TEST_F(RestoreTest, KeepsTheNoteOfAPowerThatCannotBePutBack) {
  leave_note();
  radio.cannot_write = nl80211::Error::from_errno(EINVAL);

  const Said said = restore_now();

  EXPECT_EQ(said.status, ExitStatus::unavailable);
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(said.err, "wlan0: 20 dBm could not be put back: Invalid argument\n");
  EXPECT_TRUE(has_note());
}

TEST_F(RestoreTest, KeepsTheNoteWhereItMayNotSetPower) {
  leave_note();
  radio.may_write = false;

  EXPECT_EQ(restore_now().status, ExitStatus::not_permitted);

  EXPECT_THAT(radio.written, IsEmpty());
  EXPECT_TRUE(has_note());
}

TEST_F(RestoreTest, KeepsTheNoteWhereTheKernelCannotBeAsked) {
  leave_note();
  radio.cannot_open = nl80211::Error::from_errno(EMFILE);

  EXPECT_EQ(restore_now().status, ExitStatus::unavailable);

  EXPECT_TRUE(has_note());
}

TEST_F(RestoreTest, LeavesARadioAloneThatAnotherDrives) {
  leave_note();
  SocketLocks another;
  ASSERT_EQ(another.take(phy0), std::nullopt);

  const Said said = restore_now();

  EXPECT_EQ(said.status, ExitStatus::unavailable);
  EXPECT_THAT(said.err, HasSubstr("wlan0: phy"));
  EXPECT_THAT(radio.written, IsEmpty());
  EXPECT_TRUE(has_note());
}

TEST_F(RestoreTest, SaysThatThePowerIsBackThoughItsNoteCannotBeRemoved) {
  leave_note();
  // In the note's place there is, when it is to be removed, something that is no file.
  radio.after_write = [&] {
    std::filesystem::remove(state.path());
    std::filesystem::create_directories(state.path() + "/full");
  };

  const Said said = restore_now();

  EXPECT_EQ(said.status, ExitStatus::cannot_create);
  EXPECT_EQ(said.out, "wlan0: 20 dBm again\n");
  EXPECT_THAT(said.err, HasSubstr("cannot be removed"));
}

TEST_F(RestoreTest, TheWatchdogPutsBackThePowerOfADeadDaemon) {
  leave_note();

  const Said said = watchdog_acts(true);

  EXPECT_THAT(said.err, HasSubstr("watchdog: the daemon is dead; putting its power back"));
  EXPECT_THAT(radio.written, ElementsAre(Written{knob, dbm(20)}));
  EXPECT_FALSE(has_note());
}

// It may go on, and then needs its note and its radio.
TEST_F(RestoreTest, TheWatchdogLeavesADaemonThatHangsItsNoteAndItsRadio) {
  leave_note();
  SocketLocks of_the_daemon;
  ASSERT_EQ(of_the_daemon.take(phy0), std::nullopt);
  const auto its_lock = InstanceLock::take(directory);
  ASSERT_TRUE(std::holds_alternative<InstanceLock>(its_lock));

  const Said said = watchdog_acts(false);

  EXPECT_THAT(said.err, HasSubstr("watchdog: the daemon hangs; putting its power back"));
  EXPECT_THAT(radio.written, ElementsAre(Written{knob, dbm(20)}));
  EXPECT_TRUE(has_note());
}

TEST_F(RestoreTest, TheWatchdogOfADeadDaemonLeavesItToOneThatRunsByNow) {
  leave_note();
  ASSERT_EQ(note_running(directory), std::nullopt);

  EXPECT_EQ(watchdog_acts(true).err, "");

  EXPECT_THAT(radio.written, IsEmpty());
  EXPECT_TRUE(has_note());
}

// Its heart has stopped, as that of a dead one, but it holds its radio until it is gone.
TEST_F(RestoreTest, TheWatchdogPutsBackThePowerOfADaemonThatHangsAtItsEnd) {
  leave_note();
  SocketLocks of_the_daemon;
  ASSERT_EQ(of_the_daemon.take(phy0), std::nullopt);
  ASSERT_EQ(note_running(directory), std::nullopt);

  const auto as_its_child = [&] {
    restore_for(directory, true);
    ::_exit(radio.written == std::vector{Written{knob, dbm(20)}} ? EXIT_SUCCESS : EXIT_FAILURE);
  };
  EXPECT_EXIT(as_its_child(), ::testing::ExitedWithCode(EXIT_SUCCESS),
              "watchdog: the daemon hangs; putting its power back");

  EXPECT_TRUE(has_note());
}

TEST_F(RestoreTest, TheWatchdogIsQuietWhereThereIsNothingToDo) {
  for (const bool is_dead : {true, false}) {
    const Said said = watchdog_acts(is_dead);
    EXPECT_EQ(said.out + said.err, "");
  }
}

TEST_F(RestoreTest, TheWatchdogOfADaemonThatHangsWritesNothingByANoteThatItCannotRead) {
  std::ofstream{state.path()} << "[]";

  watchdog_acts(false);

  EXPECT_THAT(radio.written, IsEmpty());
}

}  // namespace
}  // namespace pianissimo::service
