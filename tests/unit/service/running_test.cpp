// Whether a daemon runs, by its number and the time it began.
#include "controller/service/running.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pianissimo::service {
namespace {

class RunningTest : public ::testing::Test {
 protected:
  RunningTest() { std::filesystem::create_directories(directory); }
  ~RunningTest() override { std::filesystem::remove_all(directory); }
  void note(const std::string& text) const { std::ofstream{directory + "/pid"} << text; }

  const std::string directory =
      std::filesystem::temp_directory_path() / ("pianissimo-running-" + std::to_string(::getpid()));
};

TEST_F(RunningTest, IsWhoSaidSoAndLives) {
  ASSERT_EQ(note_running(directory), std::nullopt);

  EXPECT_EQ(running(directory), ::getpid());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(directory + "/pid").permissions() & perms::others_read,
            perms::others_read);
}

TEST_F(RunningTest, IsNobodyWhoHasSaidTheOpposite) {
  ASSERT_EQ(note_running(directory), std::nullopt);

  EXPECT_EQ(forget_running(directory), std::nullopt);

  EXPECT_EQ(running(directory), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(directory + "/pid"));
}

TEST_F(RunningTest, IsNobodyWithoutANoteThatCanBeUnderstood) {
  EXPECT_EQ(running(directory), std::nullopt);
  for (const std::string text : {"", "x", "0 0", "-1 5", "1", "1 x"}) {
    note(text);
    EXPECT_EQ(running(directory), std::nullopt) << text;
  }
}

// A number is given again.
TEST_F(RunningTest, IsNobodyWhoBeganAtAnotherTime) {
  note(std::to_string(::getpid()) + " 1");

  EXPECT_EQ(running(directory), std::nullopt);
}

TEST_F(RunningTest, IsNobodyWhoIsDead) {
  const pid_t child = ::fork();
  if (child == 0) {
    static_cast<void>(note_running(directory));
    ::_exit(0);
  }
  ASSERT_GT(child, 0);
  siginfo_t ended{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);

  EXPECT_EQ(running(directory), std::nullopt) << "though its parent has not asked yet";
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(running(directory), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::service
