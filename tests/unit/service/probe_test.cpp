// `pianissimo probe`: what an operator is told of this machine's radios.
#include <gmock/gmock.h>
#include <linux/nl80211.h>

#include <boost/json/parse.hpp>
#include <cerrno>

#include "controller/service/commands.hpp"
#include "tests/unit/service/fake_radio.hpp"

namespace pianissimo::service {
namespace {

namespace json = boost::json;
using nl80211::radio;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr InterfaceIndex wlan0{3};

class ProbeTest : public ::testing::Test {
 protected:
  ProbeTest() {
    radio = {};
    radio.add_access_point(3, 0, "wlan0", dbm(20));
  }
  ~ProbeTest() override { radio = {}; }

  std::string text() {
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(probe(false), ExitStatus::ok);
    return ::testing::internal::GetCapturedStdout();
  }
  json::object as_json() {
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(probe(true), ExitStatus::ok);
    return json::parse(::testing::internal::GetCapturedStdout()).as_object();
  }
};

TEST_F(ProbeTest, SaysWhatTheRadioCanDo) {
  StationSample with_estimate{.station = {{2, 0, 0, 0, 0, 1}}};
  with_estimate.expected_throughput = Throughput::from_kbps(1000);
  radio.stations[wlan0].stations = {with_estimate, {.station = {{2, 0, 0, 0, 0, 2}}}};

  const std::string said = text();

  EXPECT_THAT(said, HasSubstr("regulatory domain: US\n"));
  EXPECT_THAT(said, HasSubstr("wlan0: unknown driver on 5180 MHz, 80 MHz wide\n"));
  EXPECT_THAT(said, HasSubstr("power now            20 dBm\n"));
  EXPECT_THAT(said, HasSubstr("channel maximum      23 dBm\n"));
  EXPECT_THAT(said, HasSubstr("power per station    no\n"));
  EXPECT_THAT(said, HasSubstr("expected throughput  1 of 2 stations\n"));
  EXPECT_THAT(said, Not(HasSubstr("not to be driven")));
  EXPECT_THAT(said, Not(HasSubstr("no interface")));
}

TEST_F(ProbeTest, SaysTheModeAndWhatIsDrivenOnlyByName) {
  EXPECT_THAT(text(), HasSubstr("  mode                 AP\n"));

  radio.interfaces.at(0).type = NL80211_IFTYPE_MESH_POINT;

  EXPECT_THAT(text(),
              HasSubstr("  mode                 mesh (driven only if `interfaces` names it)\n"));
  EXPECT_EQ(as_json().at("radios").as_array().at(0).at("mode"), "mesh");
}

TEST_F(ProbeTest, SaysWhatTheRulesOfTheAirAre) {
  nl80211::Channel& channel = radio.wiphys.at(0).channels.at(0);
  channel.radar = true;
  channel.dfs_state = nl80211::DfsState::available;
  channel.density = dbm(5);

  const std::string said = text();

  EXPECT_THAT(said, HasSubstr("  DFS                  required, available\n"));
  EXPECT_THAT(said, HasSubstr("  power per MHz        5 dBm/MHz at most: 24.03 dBm in 80 MHz\n"));
  EXPECT_THAT(said, HasSubstr("  power constraint     not visible"));
  EXPECT_THAT(said, HasSubstr("  OBSS PD              not visible"));
  EXPECT_EQ(as_json().at("radios").as_array().at(0).at("air").at("width_limit_dbm"), 24.03);
}

TEST_F(ProbeTest, SaysThatThereIsNoAccessPoint) {
  radio.interfaces.clear();

  EXPECT_THAT(text(), HasSubstr("no interface is in AP, station or mesh mode and on a channel"));
}

TEST_F(ProbeTest, SaysWhyAnAccessPointIsNotToBeDrivenAndWhatToDo) {
  radio.interfaces.at(0).power = dbm(3);

  const std::string said = text();

  EXPECT_THAT(said, HasSubstr("not to be driven     its driver reports 3 dBm"));
  EXPECT_THAT(said, HasSubstr("box.ceiling_dbm"));
}

TEST_F(ProbeTest, SaysWhatItsDriverDoesNotSay) {
  radio.wiphys.at(0).channels.clear();
  radio.interfaces.at(0).power.reset();

  const std::string said = text();

  EXPECT_THAT(said, HasSubstr("power now            unknown\n"));
  EXPECT_THAT(said, HasSubstr("channel maximum      unknown\n"));
  EXPECT_THAT(said, HasSubstr("its driver does not say its channel's maximum"));
}

TEST_F(ProbeTest, SaysItToProgramsToo) {
  radio.add_access_point(4, 1, "wlan1", dbm(40));

  const json::object all = as_json();

  EXPECT_EQ(all.at("regulatory_domain"), "US");
  const json::array& radios = all.at("radios").as_array();
  ASSERT_EQ(radios.size(), 2u);
  EXPECT_EQ(radios[0].at("interface"), "wlan0");
  EXPECT_EQ(radios[0].at("power_dbm"), 20.0);
  EXPECT_EQ(radios[0].at("power_path"), "interface");
  EXPECT_TRUE(radios[0].at("not_driven_because").is_null());
  EXPECT_THAT(std::string{radios[1].at("not_driven_because").as_string()},
              HasSubstr("more than the channel's maximum"));
}

TEST_F(ProbeTest, WhatCannotBeReadIsAnError) {
  ::testing::internal::CaptureStderr();
  radio.cannot_list = nl80211::Error::from_errno(EBUSY);
  EXPECT_EQ(probe(false), ExitStatus::unavailable);
  radio.cannot_list.reset();
  radio.stations.clear();
  EXPECT_EQ(probe(false), ExitStatus::unavailable);
  radio.cannot_open = nl80211::Error::from_errno(EPERM);
  EXPECT_EQ(probe(false), ExitStatus::not_permitted);

  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "Device or resource busy\nNo such device\nnl80211: Operation not permitted\n");
}

}  // namespace
}  // namespace pianissimo::service
