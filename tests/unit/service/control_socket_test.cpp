// The socket file: of whom, for whom, and in whose place.
#include "controller/service/control_socket.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/service/control_fixture.hpp"

namespace pianissimo::service {
namespace {

using testing::HasSubstr;

class ControlSocketTest : public testing::Test {
 protected:
  ControlSocketTest() { std::filesystem::create_directories(directory); }
  ~ControlSocketTest() override {
    for (const int fd : open) ::close(fd);
    std::filesystem::remove_all(directory);
  }
  // Why not, or what is to be known.
  std::string listen(const std::string& group = "root") {
    const auto listening = listen_at(path, group);
    if (const auto* const why = std::get_if<std::string>(&listening)) return *why;
    open.push_back(std::get<ListeningSocket>(listening).fd);
    return std::get<ListeningSocket>(listening).warning;
  }
  bool is_heard() const { return TestClient{path}.is_connected; }

  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("pianissimo-socket-" + std::to_string(::getpid()));
  const std::string path = directory / "control";
  std::vector<int> open;
};

TEST_F(ControlSocketTest, OneOfADeadProcessIsReplaced) {
  listen();
  ::close(open.back());
  open.pop_back();
  ASSERT_FALSE(is_heard());

  listen();

  EXPECT_TRUE(is_heard());
}

TEST_F(ControlSocketTest, OneThatLivesIsLeftAlone) {
  listen();

  EXPECT_THAT(listen(), HasSubstr("another process listens there"));
  EXPECT_TRUE(is_heard());
}

TEST_F(ControlSocketTest, ALinkIsNotFollowed) {
  std::filesystem::create_symlink(directory / "elsewhere", path);

  EXPECT_THAT(listen(), HasSubstr("is no socket: left alone"));
  EXPECT_FALSE(std::filesystem::exists(directory / "elsewhere"));
}

TEST_F(ControlSocketTest, AGroupThatIsNotThereLeavesItToItsOwner) {
  EXPECT_THAT(listen("no-such-group-here"), HasSubstr("there is no group no-such-group-here"));

  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(ControlSocketTest, APathThatIsTooLongIsSaid) {
  EXPECT_TRUE(std::holds_alternative<std::string>(listen_at(std::string(200, 'x'), "root")));
}

}  // namespace
}  // namespace pianissimo::service
