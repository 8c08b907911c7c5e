// A daemon that runs for months writes its status every five seconds: what it opens, it closes,
// whether that went well or not.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "controller/service/found_power.hpp"
#include "controller/service/radio_locks.hpp"
#include "controller/service/replace_file.hpp"
#include "controller/service/watchdog.hpp"

namespace pianissimo::service {
namespace {

// g++ says it by a macro, clang by a feature.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(address_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif

class DescriptorsTest : public ::testing::Test {
 protected:
  DescriptorsTest() { std::filesystem::create_directories(directory); }
  ~DescriptorsTest() override { std::filesystem::remove_all(directory); }

  // The lowest that is free: the next one to be opened.
  static int lowest_free() {
    const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(fd);
    return fd;
  }
  template <class Act>
  static void expect_all_closed(const char* what, Act act) {
    const int before = lowest_free();
    act();
    EXPECT_EQ(lowest_free(), before) << what;
  }

  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("pianissimo-open-" + std::to_string(::getpid()));
  const std::string file = directory / "file";
};

TEST_F(DescriptorsTest, OfAFileThatIsReplaced) {
  expect_all_closed("done", [&] { EXPECT_EQ(replace_file(file, "text"), std::nullopt); });
  std::filesystem::create_directory(directory / "folder");
  expect_all_closed("refused", [&] { EXPECT_TRUE(replace_file(directory / "folder", "text")); });
}

TEST_F(DescriptorsTest, OfAFileThatIsRead) {
  std::ofstream{file} << "text";
  expect_all_closed("done", [&] { read_small_file(file); });
  expect_all_closed("too large", [&] { read_small_file(file, 3); });
  expect_all_closed("no file", [&] { read_small_file(directory); });
}

TEST_F(DescriptorsTest, OfTheStateDirectory) {
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
  expect_all_closed("as it should be", [&] { EXPECT_FALSE(prepare_directory(directory)); });
  std::filesystem::permissions(directory, std::filesystem::perms::all);
  expect_all_closed("open to all", [&] { EXPECT_TRUE(prepare_directory(directory)); });
}

TEST_F(DescriptorsTest, OfTheInstancesLock) {
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
  expect_all_closed("let go", [&] { InstanceLock::take(directory); });
  const auto held = InstanceLock::take(directory);
  expect_all_closed("refused", [&] { InstanceLock::take(directory); });
  std::filesystem::remove(directory / "lock");
  ASSERT_EQ(::mkfifo((directory / "lock").c_str(), 0600), 0);
  expect_all_closed("no file", [&] { InstanceLock::take(directory); });
}

// Who may not drive a radio asks for it again at each look.
TEST_F(DescriptorsTest, OfARadiosLock) {
  const WiphyIndex radio{0x4100'0000u + static_cast<std::uint32_t>(::getpid())};
  expect_all_closed("let go", [&] { EXPECT_FALSE(SocketLocks{}.take(radio)); });
  SocketLocks held;
  ASSERT_FALSE(held.take(radio));
  SocketLocks another;
  expect_all_closed("refused", [&] { EXPECT_TRUE(another.take(radio)); });
}

TEST_F(DescriptorsTest, OfTheWatchdog) {
  expect_all_closed("after a farewell", [] { const Watchdog watchdog{[](bool) {}}; });
}

TEST_F(DescriptorsTest, WhereNoneIsLeftThatIsSaid) {
  if (is_sanitized) {
    GTEST_SKIP() << "the sanitizer for undefined behaviour needs descriptors itself";
  }
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);

  const auto read = read_small_file(file);
  const auto radio = SocketLocks{}.take(WiphyIndex{0});
  const Watchdog watchdog{[](bool) {}};
  const bool beats = watchdog.beat();

  ::setrlimit(RLIMIT_NOFILE, &before);
  ASSERT_TRUE(std::holds_alternative<StateError>(read));
  EXPECT_EQ(std::get<StateError>(read).message, file + ": cannot be read: Too many open files");
  EXPECT_EQ(radio, "phy0: the radio's lock: Too many open files");
  EXPECT_FALSE(beats);
  EXPECT_LT(watchdog.child(), 0) << "there is none";
}

}  // namespace
}  // namespace pianissimo::service
