// The note of the power found must be on the disk before anything is written to a radio: a machine
// that loses power between the two has nothing else to go by.
#include "controller/service/replace_file.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cerrno>
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

}  // namespace
}  // namespace pianissimo::service
