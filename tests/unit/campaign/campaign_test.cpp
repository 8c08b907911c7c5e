#include <gmock/gmock.h>

#include "tests/unit/campaign/campaigns.hpp"

namespace pianissimo::campaign {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(const std::string& yaml) {
  const auto parsed = parse_campaign(yaml, "dir/small.yaml");
  const auto* const error = std::get_if<CampaignError>(&parsed);
  return error == nullptr ? "no error" : error->message;
}

TEST(Campaign, IsReadFromYaml) {
  const Campaign campaign = small_campaign();

  EXPECT_EQ(campaign.name, "small");
  EXPECT_EQ(campaign.seconds, 60);
  EXPECT_EQ(campaign.warm_up_s, 5);
  EXPECT_EQ(campaign.repetitions, 4);
  EXPECT_EQ(campaign.seed, 7U);
  EXPECT_THAT(campaign.laws,
              ElementsAre(Field(&Law::name, "fixed-max"), Field(&Law::name, "anchor"),
                          Field(&Law::name, "rate-7x2")));
  EXPECT_TRUE(campaign.traffic.is_udp);
  EXPECT_EQ(campaign.traffic.mbps, 30);
  EXPECT_EQ(campaign.places[1].sentence, "Behind the door of the hall.");
  EXPECT_EQ(campaign.access_points[0].ssh, "root@192.168.1.1");
  EXPECT_EQ(campaign.access_points[1].stations[0].network_namespace, "sta1");
  EXPECT_FALSE(campaign.box.ceiling);
  EXPECT_FALSE(campaign.monitor);
}

TEST(Campaign, FilesThatItNamesAreBesideIt) {
  EXPECT_EQ(small_campaign().access_points[0].daemon, "dir/pianissimo.mips");
  EXPECT_EQ(small_campaign().access_points[1].daemon, "");
}

TEST(Campaign, ErrorsSayWhere) {
  EXPECT_EQ(error_of(small_with("seconds: 60", "seconds: 4")),
            "dir/small.yaml:2:10: seconds: 4 is outside 5..3600");
  EXPECT_EQ(error_of(small_with("repetitions: 4", "repetition: 4")),
            "dir/small.yaml:3:1: campaign: unknown key 'repetition' (did you mean 'repetitions'?)");
  EXPECT_THAT(error_of(small_with("anchor", "anker")),
              StartsWith("dir/small.yaml:5:19: laws: there is no 'anker'; there are anchor, "));
  EXPECT_EQ(error_of(small_with("name: hall", "name: table")),
            "dir/small.yaml:9:5: places: table is there twice");
  EXPECT_EQ(error_of(small_with("fixed-max, ", "")),
            "dir/small.yaml:5:7: laws: fixed-max is missing, by which the others are judged");
  EXPECT_EQ(error_of(small_with("protocol: udp", "protocol: tcp")),
            "dir/small.yaml:6:32: mbps: of udp only");
  EXPECT_EQ(error_of(small_with("seed: 7", "seed: 1.5")),
            "dir/small.yaml:4:7: seed: expected a whole number");
}

TEST(Campaign, SomethingMissingIsAnError) {
  EXPECT_THAT(error_of("description: Nothing else.\n"), HasSubstr("seconds is missing"));
  EXPECT_THAT(error_of(""), HasSubstr("expected a map"));
  EXPECT_THAT(error_of(small_with("    interface: wlan0\n", "")),
              HasSubstr("interface is missing"));
}

TEST(Campaign, IsNotLongerThanAnybodyHasTimeFor) {
  std::string places = "places:\n";
  for (int i = 0; i < 100; ++i)
    places += "  - {name: p" + std::to_string(i) + ", sentence: There.}\n";

  std::string yaml = small_with("repetitions: 4", "repetitions: 1000");
  const std::size_t from = yaml.find("places:");
  yaml.replace(from, yaml.find("access_points:") - from, places);

  EXPECT_THAT(error_of(yaml), HasSubstr("600000 runs, more than 100000"));
}

// What the file says becomes a word of a shell on a router, an option of ssh or a path: it must not
// be anything else there.
class HostileYaml : public testing::TestWithParam<std::string> {};

TEST_P(HostileYaml, IsRefusedWhereAMachineWouldReadIt) {
  const std::string evil = '"' + GetParam() + '"';

  EXPECT_THAT(error_of(small_with("ssh: cellar", "ssh: " + evil)), HasSubstr("ssh: "));
  EXPECT_THAT(error_of(small_with("interface: wlan0", "interface: " + evil)),
              HasSubstr("interface: "));
  EXPECT_THAT(error_of(small_with("192.168.2.21", evil)), HasSubstr("address: "));
  EXPECT_THAT(error_of(small_with("namespace: sta1", "namespace: " + evil)),
              HasSubstr("namespace: "));
  EXPECT_THAT(error_of(small_with("name: hall", "name: " + evil)), HasSubstr("name: "));
  EXPECT_THAT(error_of(small_with("name: attic", "name: " + evil)), HasSubstr("name: "));
  EXPECT_THAT(error_of(small_with("rate-7x2", evil)), HasSubstr("laws: "));
}

INSTANTIATE_TEST_SUITE_P(Texts, HostileYaml,
                         testing::Values("x; reboot", "$(reboot)", "`reboot`", "x'y", "a b", "../x",
                                         "-oProxyCommand=reboot", "x|y", "x&y", "x>y", "x\\ny",
                                         "/x", "*", "x\\u00e9", ".."));

TEST(Campaign, WhatItQuotesIsNothingThatATerminalObeys) {
  EXPECT_EQ(error_of(small_with("ssh: cellar", "ssh: \"\\u202Ex\"")).find("\u202E"),
            std::string::npos);
}

}  // namespace
}  // namespace pianissimo::campaign
