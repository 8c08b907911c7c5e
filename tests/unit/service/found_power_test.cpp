#include "controller/service/found_power.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
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
        "{\"wlan0\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":6001}}",
        "{\"wlan0\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":2e3}}",
        "{\"wlan0\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":1,\"power_mbm\":2}}",
        "{\"wlan0\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":1,\"setting\":\"loud\"}}",
        "{\"w\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":1},"
        "\"w\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":1}}",
        "{\"\\u001b[2Jw\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":1}}",
        "{\"a-name-of-an-interface\":{\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":1}}",
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

TEST_F(StateFileTest, KeepsEachSetting) {
  for (const auto setting : {PowerSetting::fixed, PowerSetting::automatic, PowerSetting::unknown}) {
    const FoundPowers found{{"wlan0", {.power = dbm(20), .setting = setting}}};
    ASSERT_EQ(state.save(found), std::nullopt);
    EXPECT_EQ(std::get<FoundPowers>(state.load()), found);
  }
}

class NoteTest : public StateFileTest {
 protected:
  // What is read of a note on one interface; nullopt: it is refused.
  std::optional<FoundPower> read(const std::string& name, const std::string& fields) {
    std::ofstream{state.path()} << "{\"" << name << "\":{" << fields << "}}";
    const auto loaded = state.load();
    const auto* const found = std::get_if<FoundPowers>(&loaded);
    return found ? std::optional{found->at(name)} : std::nullopt;
  }
  std::optional<FoundPower> read_number(const std::string& key, const std::string& number) {
    std::string fields = R"("path":"wiphy")";
    if (key != "wiphy") fields += R"(,"wiphy":1)";
    if (key != "power_mbm") fields += R"(,"power_mbm":2000)";
    return read("wlan0", fields + ",\"" + key + "\":" + number);
  }
};

TEST_F(NoteTest, APowerIsWithinWhatARadioCanHave) {
  EXPECT_EQ(read_number("power_mbm", "-1000")->power, dbm(-10));
  EXPECT_EQ(read_number("power_mbm", "6000")->power, dbm(60));
  EXPECT_FALSE(read_number("power_mbm", "-1001"));
  EXPECT_FALSE(read_number("power_mbm", "6001"));
  EXPECT_EQ(read_number("channel_maximum_mbm", "6000")->channel_maximum, dbm(60));
  EXPECT_FALSE(read_number("channel_maximum_mbm", "6001"));
  EXPECT_FALSE(read_number("channel_maximum_mbm", "-1001"));
}

TEST_F(NoteTest, AnIndexIsWithinWhatTheKernelGives) {
  EXPECT_EQ(read_number("wiphy", "0")->wiphy, WiphyIndex{0});
  EXPECT_EQ(read_number("wiphy", "65535")->wiphy, WiphyIndex{65'535});
  EXPECT_FALSE(read_number("wiphy", "65536"));
  EXPECT_EQ(read_number("interface", "2147483647")->interface, InterfaceIndex{2'147'483'647});
  EXPECT_FALSE(read_number("interface", "2147483648"));
}

TEST_F(NoteTest, ANumberIsADecimalOneAndNoText) {
  for (const char* text : {"\"5\"", "5.0", "0x5", "5x", "true", "null", "[5]", "{}"}) {
    EXPECT_FALSE(read_number("power_mbm", text)) << text;
  }
}

TEST_F(NoteTest, NeedsThePathTheRadioAndThePower) {
  EXPECT_TRUE(read("wlan0", R"("path":"station","wiphy":1,"power_mbm":2000)"));
  EXPECT_FALSE(read("wlan0", R"("wiphy":1,"power_mbm":2000)"));
  EXPECT_FALSE(read("wlan0", R"("path":"wiphy","power_mbm":2000)"));
  EXPECT_FALSE(read("wlan0", R"("path":"wiphy","wiphy":1)"));
  EXPECT_FALSE(read("wlan0", R"("path":"wiphy","wiphy":1,"power_mbm":2000,"wiphy":1)"));
}

TEST_F(NoteTest, AnInterfaceHasANameAsTheKernelAllows) {
  const std::string fields = R"("path":"wiphy","wiphy":1,"power_mbm":2000)";
  for (const char* name : {"a", "fifteen-letters", "!~"}) EXPECT_TRUE(read(name, fields)) << name;
  for (const char* name : {"", "sixteen--letters", "a b", "a/b", "a:b", "\x7f", "\xc3\xa4"}) {
    EXPECT_FALSE(read(name, fields)) << name;
  }
}

TEST_F(StateFileTest, SaysWhereANoteIsWrong) {
  std::ofstream{state.path()}
      << "{\"wlan0\":\n {\"path\":\"wiphy\",\"wiphy\":0,\"power_mbm\":7000}}";

  const auto loaded = state.load();

  EXPECT_THAT(
      std::get<StateError>(loaded).message,
      HasSubstr("found.json:2:40: wlan0: power_mbm: not a whole number within -1000..6000"));
}

TEST_F(StateFileTest, ReadsNothingButARegularFileAndWaitsForNobody) {
  ASSERT_EQ(::mkfifo(state.path().c_str(), 0600), 0);
  EXPECT_EQ(std::get<StateError>(state.load()).message, state.path() + ": is no regular file");

  std::filesystem::remove(state.path());
  std::filesystem::create_symlink("/dev/zero", state.path());
  EXPECT_EQ(std::get<StateError>(state.load()).message, state.path() + ": is a link");

  std::filesystem::remove(state.path());
  std::ofstream{state.path()} << std::string(70'000, ' ');
  EXPECT_EQ(std::get<StateError>(state.load()).message,
            state.path() + ": is larger than 65536 bytes");
}

TEST_F(StateFileTest, WritesThroughNoLink) {
  const auto precious = directory / "precious";
  std::ofstream{precious} << "precious";
  std::filesystem::create_symlink(precious, state.path());
  std::filesystem::create_symlink(precious, state.path() + ".new");

  EXPECT_EQ(state.save({{"wlan0", {.power = dbm(20)}}}), std::nullopt);

  EXPECT_EQ(std::filesystem::file_size(precious), 8u);
  EXPECT_TRUE(std::holds_alternative<FoundPowers>(state.load()));
}

TEST_F(StateFileTest, IsForItsOwnerAndGroupWhateverTheUmask) {
  const mode_t before = ::umask(0);
  ASSERT_EQ(state.save({}), std::nullopt);
  ::umask(before);

  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(state.path()).permissions(),
            perms::owner_read | perms::owner_write | perms::group_read);
}

TEST_F(StateFileTest, MakesItsDirectoryWhateverTheUmask) {
  using std::filesystem::perms;
  for (const mode_t umask : {0000u, 0077u}) {
    const auto fresh = directory / ("made-" + std::to_string(umask));
    const mode_t before = ::umask(umask);
    EXPECT_EQ(prepare_directory(fresh), std::nullopt);
    ::umask(before);
    EXPECT_EQ(std::filesystem::status(fresh).permissions(),
              perms::owner_all | perms::group_read | perms::group_exec | perms::others_read |
                  perms::others_exec);
  }
}

TEST_F(StateFileTest, TakesNoDirectoryThatOthersMayWriteToAndNoLink) {
  std::filesystem::permissions(directory, std::filesystem::perms::all);
  EXPECT_THAT(std::get<StateError>(InstanceLock::take(directory)).message,
              HasSubstr("others may write to it"));
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all);

  const std::string link = directory.string() + "-link";
  std::filesystem::create_directory_symlink(directory, link);
  const auto refused = InstanceLock::take(link);
  std::filesystem::remove(link);
  EXPECT_TRUE(std::holds_alternative<StateError>(refused));
}

TEST_F(StateFileTest, ALockIsARegularFile) {
  ASSERT_EQ(::mkfifo((directory / "lock").c_str(), 0600), 0);

  EXPECT_THAT(std::get<StateError>(InstanceLock::take(directory)).message,
              HasSubstr("lock: is no regular file"));
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
