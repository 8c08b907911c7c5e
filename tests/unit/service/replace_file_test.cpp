// The note of the power found must be on the disk before anything is written to a radio: a machine
// that loses power between the two has nothing else to go by.
#include "controller/service/replace_file.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

int fsyncs = 0;
bool fsync_fails = false;

}  // namespace

// Instead of the C library's, in this program.
extern "C" int fsync(int) {
  ++fsyncs;
  if (!fsync_fails) return 0;
  errno = EIO;
  return -1;
}

namespace pianissimo::service {
namespace {

class ReplaceFileTest : public ::testing::Test {
 protected:
  ReplaceFileTest() {
    std::filesystem::create_directories(directory);
    fsyncs = 0;
    fsync_fails = false;
  }
  ~ReplaceFileTest() override {
    fsync_fails = false;
    std::filesystem::remove_all(directory);
  }

  std::string text() const {
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("pianissimo-file-" + std::to_string(::getpid()));
  const std::string path = directory / "found.json";
};

TEST_F(ReplaceFileTest, IsOnTheDiskWhenItReturns) {
  ASSERT_EQ(replace_file(path, "new"), std::nullopt);

  EXPECT_EQ(text(), "new");
  EXPECT_GE(fsyncs, 1);
}

TEST_F(ReplaceFileTest, KeepsTheOldFileWhenTheDiskDoesNotTakeTheNewOne) {
  ASSERT_EQ(replace_file(path, "old"), std::nullopt);
  fsync_fails = true;

  EXPECT_NE(replace_file(path, "new"), std::nullopt);

  EXPECT_EQ(text(), "old");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

// As on a full disk: the first part of it fits, the rest does not.
TEST_F(ReplaceFileTest, KeepsTheOldFileWhenOnlyAPartOfTheNewOneFits) {
  ASSERT_EQ(replace_file(path, "old"), std::nullopt);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{10, before.rlim_max};
  const auto was = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);

  const auto error = replace_file(path, std::string(20, 'n'));

  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, was);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, path + ".new: cannot be written: File too large");
  EXPECT_EQ(text(), "old");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(ReplaceFileTest, ReadsAsMuchAsItMayAndNotAByteMore) {
  const std::size_t most = 40'000;
  std::string large(most - 1, 'x');
  large += 'y';
  ASSERT_EQ(replace_file(path, large), std::nullopt);

  EXPECT_EQ(std::get<std::optional<std::string>>(read_small_file(path, most)), large);
  EXPECT_EQ(std::get<StateError>(read_small_file(path, most - 1)),
            (StateError{path + ": is larger than 39999 bytes", ExitStatus::bad_data}));
  ASSERT_EQ(replace_file(path, ""), std::nullopt);
  EXPECT_EQ(std::get<std::optional<std::string>>(read_small_file(path, most)), "");
}

TEST_F(ReplaceFileTest, AFileThatIsNotThereIsNoError) {
  EXPECT_EQ(std::get<std::optional<std::string>>(read_small_file(path)), std::nullopt);
}

TEST_F(ReplaceFileTest, AFileThatCannotBeReadIsAnError) {
  ASSERT_EQ(replace_file(path, "text"), std::nullopt);

  EXPECT_EQ(std::get<StateError>(read_small_file(path + "/below")).status, ExitStatus::no_input);
}

TEST_F(ReplaceFileTest, WhatIsNotPermittedIsSaidAsThat) {
  for (const int number : {EACCES, EPERM}) {
    errno = number;
    EXPECT_EQ(file_error("f", "cannot", ExitStatus::no_input).status, ExitStatus::not_permitted);
  }
  errno = EIO;
  EXPECT_EQ(file_error("f", "cannot", ExitStatus::no_input),
            (StateError{"f: cannot: Input/output error", ExitStatus::no_input}));
}

TEST_F(ReplaceFileTest, WhatCannotBeRemovedIsAnError) {
  const auto error = remove_file(directory);

  ASSERT_TRUE(error);
  EXPECT_NE(error->message.find("cannot be removed"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(directory));
}

TEST_F(ReplaceFileTest, MakesTheFoldersAboveTheStateDirectoryToo) {
  const auto deep = directory / "run" / "pianissimo";

  EXPECT_EQ(prepare_directory(deep), std::nullopt);

  EXPECT_TRUE(std::filesystem::is_directory(deep));
  EXPECT_EQ(prepare_directory(deep), std::nullopt) << "and takes the one that is there";
}

TEST_F(ReplaceFileTest, AFolderThatIsThereKeepsItsPermissions) {
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all);

  EXPECT_EQ(prepare_directory(directory), std::nullopt);

  EXPECT_EQ(std::filesystem::status(directory).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(ReplaceFileTest, TakesNoFolderThatAGroupMayWriteTo) {
  using std::filesystem::perms;
  for (const perms other : {perms::group_write, perms::others_write}) {
    std::filesystem::permissions(directory, perms::owner_all | other);
    EXPECT_TRUE(prepare_directory(directory));
  }
}

TEST_F(ReplaceFileTest, TakesNoFolderOfAnotherUser) {
  if (::geteuid() != 0 || ::chown(directory.c_str(), 65'534, 65'534) != 0) {
    GTEST_SKIP() << "only root can give a folder away";
  }

  const auto error = prepare_directory(directory);

  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, directory.string() + ": belongs to another user");
}

TEST_F(ReplaceFileTest, TakesNoFile) {
  ASSERT_EQ(replace_file(path, "text"), std::nullopt);

  EXPECT_TRUE(prepare_directory(path));
}

}  // namespace
}  // namespace pianissimo::service
