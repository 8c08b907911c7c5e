#include "controller/service/found_power.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pianissimo::service {
namespace {

using ::testing::HasSubstr;

class StateFileTest : public ::testing::Test {
 protected:
  StateFileTest() { std::filesystem::create_directories(directory); }
  ~StateFileTest() override { std::filesystem::remove_all(directory); }

  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("pianissimo-state-" + std::to_string(::getpid()));
  const StateFile state{directory};
};

TEST_F(StateFileTest, ReadsBackWhatItSaved) {
  const FoundPowers found{
      {"wlan0", {KnobKind::wiphy, WiphyIndex{1}, Dbm::from_mbm(2250), InterfaceIndex{3}}},
      {"wlan1",
       {KnobKind::interface, WiphyIndex{0}, dbm(23), InterfaceIndex{4}, PowerSetting::automatic,
        dbm(23)}}};

  ASSERT_EQ(state.save(found), std::nullopt);

  EXPECT_EQ(std::get<FoundPowers>(state.load()), found);
}

TEST_F(StateFileTest, ReadsAFileThatDoesNotSayTheIndex) {
  std::ofstream{state.path()} << R"({"wlan0":{"path":"wiphy","wiphy":1,"power_mbm":2000}})";

  EXPECT_EQ(std::get<FoundPowers>(state.load()),
            (FoundPowers{{"wlan0", {KnobKind::wiphy, WiphyIndex{1}, dbm(20), {}}}}));
}

TEST_F(StateFileTest, HasNothingToPutBackWithoutAFile) {
  EXPECT_TRUE(std::get<FoundPowers>(state.load()).empty());
}

TEST_F(StateFileTest, RemovesTheFileAndDoesNotMindThatItIsGone) {
  ASSERT_EQ(state.save({{"wlan0", {}}}), std::nullopt);

  EXPECT_EQ(state.remove(), std::nullopt);
  EXPECT_EQ(state.remove(), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(state.path()));
}

TEST_F(StateFileTest, SaysWhichFileAndWhichInterfaceItCannotUnderstand) {
  for (const char* text :
       {"", "[]", "{\"wlan0\":1}", "{\"wlan0\":{\"path\":\"phone\",\"wiphy\":0,\"power_mbm\":1}}",
        "{\"wlan0\":{\"path\":\"wiphy\",\"wiphy\":-1,\"power_mbm\":1}}",
        "{\"wlan0\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":99999999}}",
        "{\"wlan0\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":-9223372036854775808}}",
        "{\"wlan0\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":1,\"interface\":-1}}"}) {
    std::ofstream{state.path()} << text;

    const auto loaded = state.load();

    const auto* const error = std::get_if<StateError>(&loaded);
    ASSERT_NE(error, nullptr) << text;
    EXPECT_EQ(error->status, ExitStatus::bad_data);
    EXPECT_THAT(error->message, HasSubstr(state.path()));
  }
}

TEST_F(StateFileTest, KeepsTheOldFileWhenANewOneCannotBeWritten) {
  const FoundPowers found{{"wlan0", {KnobKind::interface, WiphyIndex{0}, dbm(20)}}};
  ASSERT_EQ(state.save(found), std::nullopt);
  std::filesystem::create_directory(state.path() + ".new");

  EXPECT_NE(state.save({}), std::nullopt);

  EXPECT_EQ(std::get<FoundPowers>(state.load()), found);
}

TEST_F(StateFileTest, LetsOnlyOneInstanceIn) {
  auto first = InstanceLock::take(directory);
  ASSERT_TRUE(std::holds_alternative<InstanceLock>(first));

  const auto second = InstanceLock::take(directory);

  ASSERT_TRUE(std::holds_alternative<StateError>(second));
  EXPECT_THAT(std::get<StateError>(second).message, HasSubstr("another pianissimo is running"));
}

TEST_F(StateFileTest, LocksAFileThatNobodyElseCanOpen) {
  const auto lock = InstanceLock::take(directory);

  ASSERT_TRUE(std::holds_alternative<InstanceLock>(lock));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(directory / "lock").permissions(),
            perms::owner_read | perms::owner_write);
}

}  // namespace
}  // namespace pianissimo::service
