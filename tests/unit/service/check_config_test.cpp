// `pianissimo check-config` where there are radios: what they make of the configuration.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "controller/service/commands.hpp"
#include "controller/service/found_power.hpp"
#include "tests/unit/service/fake_radio.hpp"

namespace pianissimo::service {
namespace {

using nl80211::radio;
using ::testing::HasSubstr;

class CheckConfigTest : public ::testing::Test {
 protected:
  CheckConfigTest() {
    std::filesystem::create_directories(directory);
    radio = {};
    radio.add_access_point(3, 0, "wlan0", dbm(20));
    radio.wiphys.at(0).channels.at(0).radar = true;
  }
  ~CheckConfigTest() override {
    radio = {};
    std::filesystem::remove_all(directory);
  }

  std::string warning(const std::string& yaml) const {
    std::ofstream{file} << yaml;
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(check_config(file, directory), ExitStatus::ok);
    EXPECT_EQ(::testing::internal::GetCapturedStdout(), file + ": ok\n");
    return ::testing::internal::GetCapturedStderr();
  }

  const std::string directory =
      (std::filesystem::temp_directory_path() / ("pianissimo-check-" + std::to_string(::getpid())))
          .string();
  const std::string file = directory + "/pianissimo.yaml";
};

TEST_F(CheckConfigTest, WarnsWhereTheBoxLeavesTooLittleForTpcOnADfsChannel) {
  EXPECT_THAT(warning("box: {floor_dbm: 15}\n"),
              HasSubstr("warning: wlan0: 5180 MHz is a DFS channel, and the box leaves 5 dB"));
  EXPECT_EQ(warning("box: {floor_dbm: 14}\n"), "");
  EXPECT_THAT(warning("box: {floor_dbm: 8, ceiling_dbm: 12}\n"), HasSubstr("(8 to 12 dBm)"));
}

TEST_F(CheckConfigTest, SaysNothingOfOtherChannelsAndOfWhatIsNotDriven) {
  EXPECT_EQ(warning("{interfaces: [wlan7], box: {floor_dbm: 15}}\n"), "");
  radio.wiphys.at(0).channels.at(0).radar = false;
  EXPECT_EQ(warning("box: {floor_dbm: 15}\n"), "");
}

TEST_F(CheckConfigTest, KnowsTheWidthsLimit) {
  radio.wiphys.at(0).channels.at(0).density = dbm(-5);  // 14.03 dBm in 80 MHz
  EXPECT_THAT(warning("box: {floor_dbm: 10}\n"), HasSubstr("(10 to 14 dBm)"));
}

// What stands now is what a daemon that runs has set.
TEST_F(CheckConfigTest, KnowsThePowerThatARunningDaemonHasFound) {
  radio.interfaces.at(0).power = dbm(3);
  ASSERT_EQ(StateFile{directory}.save({{"wlan0", {.power = dbm(20)}}}), std::nullopt);

  EXPECT_EQ(warning("box: {floor_dbm: 14}\n"), "");
  EXPECT_THAT(warning("box: {floor_dbm: 15}\n"), HasSubstr("(15 to 20 dBm)"));
}

TEST_F(CheckConfigTest, SaysNothingWhereNothingIsKnown) {
  radio.cannot_list = nl80211::Error::from_errno(EBUSY);
  EXPECT_EQ(warning("box: {floor_dbm: 15}\n"), "");
  radio.cannot_open = nl80211::Error::from_errno(EPERM);
  EXPECT_EQ(warning("box: {floor_dbm: 15}\n"), "");
}

}  // namespace
}  // namespace pianissimo::service
