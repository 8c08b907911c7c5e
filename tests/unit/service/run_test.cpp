// `pianissimo run` from its start to its exit code, in a process of its own.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "controller/service/commands.hpp"
#include "controller/service/found_power.hpp"
#include "controller/service/radio_locks.hpp"
#include "controller/service/running.hpp"
#include "tests/unit/service/fake_radio.hpp"

namespace {

int sleeps = 0;
std::function<void()> after_sleep = [] {};

}  // namespace

// Instead of the C library's, in this program: nobody waits here.
extern "C" int usleep(useconds_t) {
  ++sleeps;
  after_sleep();
  return 0;
}

namespace pianissimo::service {
namespace {

using nl80211::radio;
using ::testing::AllOf;
using ::testing::ExitedWithCode;
using ::testing::HasSubstr;
using ::testing::Not;

class RunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!nl80211::have_own_network()) GTEST_SKIP() << "no network namespace of its own";
    std::filesystem::create_directories(directory);
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
    radio = {};
    radio.add_access_point(3, 0, "wlan0", dbm(20));
    configure(10);
  }
  ~RunTest() override {
    radio = {};
    after_sleep = [] {};
    std::filesystem::remove_all(directory);
  }

  // It drives everything at the ceiling, and so writes that once.
  void configure(int ceiling, const std::string& more = "") const {
    std::ofstream{options.config} << "policy: fixed\nbox: {ceiling_dbm: " << ceiling
                                  << "}\njournal: {path: " << directory << "/journal.jsonl}\n"
                                  << "privacy: {key_file: " << directory << "/salt}\n"
                                  << more;
  }
  // What it has done, it says where a test's parent hears it.
  [[noreturn]] void run_and_tell() {
    sleeps = 0;
    const ExitStatus status = run(options);
    std::fprintf(stderr, "slept %d times, written:", sleeps);
    for (const auto& written : radio.written) {
      std::fprintf(stderr, " %g", written.level.value_or(dbm(99)).value());
    }
    std::fputs(" and no more\n", stderr);
    std::_Exit(static_cast<int>(status));
  }
  static void when_it_writes(Dbm level, const std::function<void()>& act) {
    radio.after_write = [level, act, before = radio.after_write] {
      before();
      if (radio.written.back().level == level) act();
    };
  }
  bool is_there(const std::string& name) const {
    return std::filesystem::exists(directory + '/' + name);
  }

  const std::string directory =
      std::filesystem::temp_directory_path() / ("pianissimo-run-" + std::to_string(::getpid()));
  RunOptions options{.config = directory + "/config.yaml", .state_directory = directory};
};

class StopSignalTest : public RunTest, public ::testing::WithParamInterface<int> {};

INSTANTIATE_TEST_SUITE_P(Signals, StopSignalTest,
                         ::testing::Values(SIGINT, SIGTERM, SIGQUIT, SIGABRT, SIGXCPU));

TEST_P(StopSignalTest, PutsBackThePowerFound) {
  when_it_writes(dbm(10), [&] {
    const bool is_noted = is_there("found.json") && running(directory) == ::getpid();
    std::fputs(is_noted ? "it is noted\n" : "", stderr);
    std::raise(GetParam());
  });

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0),
              AllOf(HasSubstr("it is noted"), HasSubstr("stopping; putting the power back"),
                    HasSubstr("written: 10 20 and no more")));

  EXPECT_FALSE(is_there("found.json"));
  EXPECT_FALSE(is_there("status.json"));
  EXPECT_FALSE(is_there("pid"));
}

TEST_F(RunTest, SignalsThatMeanNothingHereChangeNothing) {
  when_it_writes(dbm(10), [] {
    for (const int number : {SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR,
                             SIGXFSZ, SIGSTKFLT}) {
      std::raise(number);
    }
    for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) std::raise(number);
    std::raise(SIGTERM);
  });

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0), HasSubstr("written: 10 20 and no more"));
}

TEST_F(RunTest, ReadsItsConfigurationAnewWhenAskedTo) {
  when_it_writes(dbm(10), [&] {
    configure(8);
    std::raise(SIGHUP);
  });
  when_it_writes(dbm(8), [] { std::raise(SIGTERM); });

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0),
              AllOf(HasSubstr("config.yaml: loaded; beginning anew"),
                    HasSubstr("written: 10 20 8 20 and no more")));
}

TEST_F(RunTest, RefusesABadConfigurationAndGoesOnUnderTheOldOne) {
  when_it_writes(dbm(10), [&] {
    std::ofstream{options.config} << "box: 3\n";
    std::raise(SIGHUP);
    std::raise(SIGTERM);
  });

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0),
              AllOf(HasSubstr("not loaded; the configuration in force stays"),
                    Not(HasSubstr("beginning anew")), HasSubstr("written: 10 20 and no more")));
}

TEST_F(RunTest, EachLineOfItsLogHasItsTimeAndItsLevel) {
  when_it_writes(dbm(10), [] { std::raise(SIGTERM); });

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0),
              "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}.[0-9]{3} info stopping; putting the power");
}

TEST_F(RunTest, SaysAsMuchAsItsConfigurationWants) {
  configure(10, "log: {level: warn}\n");
  when_it_writes(dbm(10), [] { std::raise(SIGTERM); });

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0), Not(HasSubstr(" info ")));
}

TEST_F(RunTest, SaysAsMuchAsTheConfigurationThatIsReadAnewWants) {
  when_it_writes(dbm(10), [&] {
    configure(8, "log: {level: warn}\n");
    std::raise(SIGHUP);
  });
  when_it_writes(dbm(8), [] { std::raise(SIGTERM); });

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0),
              AllOf(HasSubstr("config.yaml: loaded"), Not(HasSubstr("stopping"))));
}

TEST_F(RunTest, MayDecideWithoutThePermissionToWriteInADryRun) {
  options.dry_run = true;
  radio.may_write = false;
  radio.after_list = [] { std::raise(SIGTERM); };

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0),
              AllOf(HasSubstr("dry run: no power is written"), HasSubstr("written: and no more")));
}

TEST_F(RunTest, StaysADryRunWhenItIsReadAnew) {
  options.dry_run = true;
  int lists = 0;
  radio.after_list = [&] {
    ++lists;
    if (lists == 2) std::raise(SIGHUP);   // it has begun
    if (lists == 4) std::raise(SIGTERM);  // and once more
  };

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0),
              AllOf(HasSubstr("beginning anew"), HasSubstr("written: and no more")));
}

TEST_F(RunTest, WritesNothingWithoutThePermissionTo) {
  radio.may_write = false;
  when_it_writes(dbm(10), [] { std::raise(SIGTERM); });  // that it does not go on

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(77),
              AllOf(HasSubstr("CAP_NET_ADMIN"), HasSubstr("written: and no more")));

  EXPECT_FALSE(is_there("pid"));
}

TEST_F(RunTest, SaysThatTheKernelHasNoWifi) {
  radio.cannot_open = nl80211::Error{nl80211::Errc::no_family};

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(69), HasSubstr("nl80211: "));
}

TEST_F(RunTest, WaitsAMomentForOneThatJustEnds) {
  // Its lock, which every process that has inherited it holds until one of them says otherwise.
  const int lock = ::open((directory + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  after_sleep = [&] {
    if (sleeps == 5) ::flock(lock, LOCK_UN);
  };
  when_it_writes(dbm(10), [] { std::raise(SIGTERM); });

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(0),
              HasSubstr("slept 5 times, written: 10 20 and no more"));
  ::close(lock);
}

TEST_F(RunTest, DoesNotStartBesideAnother) {
  const auto another = InstanceLock::take(directory);
  ASSERT_TRUE(std::holds_alternative<InstanceLock>(another));
  when_it_writes(dbm(10), [] { std::raise(SIGTERM); });  // that it does not go on

  EXPECT_EXIT(run_and_tell(), ExitedWithCode(69),
              AllOf(HasSubstr("another pianissimo is running"), HasSubstr("slept 19 times"),
                    HasSubstr("written: and no more")));
}

TEST_F(RunTest, LeavesARadioAloneThatAnotherDrives) {
  SocketLocks another;
  ASSERT_EQ(another.take(WiphyIndex{0}), std::nullopt);
  when_it_writes(dbm(10), [] { std::raise(SIGTERM); });  // that it does not go on

  EXPECT_EXIT(
      run_and_tell(), ExitedWithCode(69),
      AllOf(HasSubstr("another pianissimo drives this radio"), HasSubstr("written: and no more")));
}

}  // namespace
}  // namespace pianissimo::service
