#include "experiments/lab/unfinished_file.hpp"

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <optional>
#include <system_error>

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

class UnfinishedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "unfinished-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  bool is_empty() const { return fs::is_empty(folder_); }

  fs::path folder_;
};

TEST_F(UnfinishedFileTest, IsGoneWithItsObject) {
  {
    const UnfinishedFile file{folder_};
    EXPECT_TRUE(fs::exists(file.name()));
  }
  EXPECT_TRUE(is_empty());
}

TEST_F(UnfinishedFileTest, StaysOnceItIsFinished) {
  {
    UnfinishedFile file{folder_};
    file.finish(folder_ / "f");
  }
  EXPECT_TRUE(fs::exists(folder_ / "f"));
}

// As a shell wants it: the process ends by that signal, and says so.
TEST_F(UnfinishedFileTest, IsGoneWhenASignalEndsTheProcess) {
  for (const int signal : {SIGHUP, SIGINT, SIGPIPE, SIGTERM}) {
    EXPECT_EXIT(
        {
          const UnfinishedFile one{folder_};
          const UnfinishedFile other{folder_};
          ::raise(signal);
        },
        testing::KilledBySignal(signal), "");

    EXPECT_TRUE(is_empty()) << signal;
  }
}

TEST_F(UnfinishedFileTest, ASignalRemovesNothingThatIsFinished) {
  EXPECT_EXIT(
      {
        UnfinishedFile file{folder_};
        file.finish(folder_ / "f");
        ::raise(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");

  EXPECT_TRUE(fs::exists(folder_ / "f"));
}

// nohup(1).
TEST_F(UnfinishedFileTest, WhatIsIgnoredStaysSo) {
  EXPECT_EXIT(
      {
        ::signal(SIGHUP, SIG_IGN);
        const UnfinishedFile file{folder_};
        ::raise(SIGHUP);
        ::_exit(fs::exists(file.name()) ? 7 : 8);
      },
      testing::ExitedWithCode(7), "");
}

// Somebody's file, whatever its name.
TEST_F(UnfinishedFileTest, LeavesAFileAloneThatHasItsName) {
  std::optional<UnfinishedFile> first{std::in_place, folder_};
  std::string next = first->name();
  const std::size_t dash = next.rfind('-') + 1;
  next.replace(dash, next.npos, std::to_string(std::stoi(next.substr(dash)) + 1));
  std::ofstream{next} << "my only copy";

  { const UnfinishedFile second{folder_}; }

  EXPECT_EQ(fs::file_size(next), 12U);
}

TEST_F(UnfinishedFileTest, SaysWhyItCannotBeMade) {
  EXPECT_THROW(UnfinishedFile{folder_ / "no" / "such"}, std::system_error);
}

}  // namespace
}  // namespace pianissimo::lab
