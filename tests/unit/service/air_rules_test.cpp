// What is said of the rules of the air, and what is said not to be visible.
#include "controller/service/air_rules.hpp"

#include <gmock/gmock.h>
#include <linux/nl80211.h>

#include <boost/json/serialize.hpp>

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

nl80211::Wiphy six_ghz(Dbm density) {
  nl80211::Wiphy wiphy;
  for (const unsigned mhz : {5955U, 5975U, 5995U, 6015U}) {
    wiphy.channels.push_back({.frequency = Mhz{mhz}, .maximum = dbm(30), .density = density});
  }
  return wiphy;
}

nl80211::Interface on_six_ghz(unsigned width, unsigned center) {
  return {.type = NL80211_IFTYPE_AP,
          .frequency = Mhz{5955},
          .width = Mhz{width},
          .center = Mhz{center}};
}

// An access point on 20 MHz may send 5 dBm/MHz + 13.01 dB; on 80 MHz, 6 dB more.
TEST(AirRules, TheLimitPerMegahertzGrowsWithTheWidth) {
  const auto limit = [](unsigned width, unsigned center) {
    return air_rules_of(on_six_ghz(width, center), six_ghz(dbm(5)), {}).width_limit();
  };

  EXPECT_EQ(limit(20, 5955), Dbm::from_mbm(1801));
  EXPECT_EQ(limit(80, 5985), Dbm::from_mbm(2403));
  EXPECT_EQ(AirRules{}.width_limit(), std::nullopt);
}

TEST(AirRules, OfAChannelThatIsNotKnownAreNone) {
  const AirRules rules = air_rules_of(on_six_ghz(20, 5955), nl80211::Wiphy{}, {});

  EXPECT_FALSE(rules.radar || rules.no_ir || rules.indoor_only || rules.density);
}

TEST(AirRules, AreSaidInWords) {
  AirRules rules{.radar = true,
                 .dfs_state = nl80211::DfsState::available,
                 .dfs_since = 12'000ms,
                 .no_ir = true,
                 .indoor_only = true,
                 .density = dbm(5),
                 .sent_width = Mhz{80},
                 .has_he = true,
                 .has_spatial_reuse = true};

  EXPECT_THAT(
      words_of(json_of(rules)),
      ElementsAre(Pair("DFS", "required, available for 12 s"), Pair("use", "indoors only"),
                  Pair("use", "nobody may begin to send (no-IR)"),
                  Pair("power per MHz", "5 dBm/MHz at most: 24.03 dBm in 80 MHz"),
                  Pair("power constraint", "not visible (the own beacon cannot be read back)"),
                  Pair("OBSS PD",
                       "not visible (nl80211 only sets it); the radio supports "
                       "PSR-based spatial reuse")));
}

TEST(AirRules, WhatIsNotKnownIsSaidToBeThat) {
  EXPECT_THAT(words_of(json_of(AirRules{.is_station = true})),
              ElementsAre(Pair("DFS", "not required"),
                          Pair("power per MHz", "no limit that the kernel tells"),
                          Pair("power constraint", "not visible (no beacon of the access point)"),
                          Pair("OBSS PD",
                               "not visible (nl80211 only sets it); the radio has no "
                               "802.11ax")));
}

TEST(AirRules, InStationModeAreWhatTheAccessPointsBeaconsSay) {
  AirRules rules{.sent_width = Mhz{40}, .has_he = true, .is_station = true};
  rules.beacon = nl80211::BeaconElements{
      .constraint = db(3),
      .envelope = {dbm(18), dbm(21), {}, {}},
      .spatial_reuse = nl80211::SpatialReuse{.allows_obss_pd = true, .obss_pd_offset = db(12)}};
  const auto words = words_of(json_of(rules));
  EXPECT_EQ(words.at(2).second, "3 dB, envelope 21 dBm (by the access point's beacons)");
  EXPECT_EQ(words.at(3).second,
            "allowed up to -70 dBm by the access point; the radio has no PSR-based spatial reuse");

  rules.beacon = nl80211::BeaconElements{.spatial_reuse = nl80211::SpatialReuse{}};
  EXPECT_EQ(words_of(json_of(rules)).at(2).second, "none (by the access point's beacons)");
  EXPECT_THAT(words_of(json_of(rules)).at(3).second, HasSubstr("not allowed by the access point"));

  rules.beacon = nl80211::BeaconElements{};
  EXPECT_THAT(words_of(json_of(rules)).at(3).second,
              HasSubstr("not in the access point's beacons"));
}

TEST(AirRules, AreSaidToProgramsWithNullForWhatIsNotKnown) {
  const auto rules = json_of(AirRules{.density = dbm(-1), .sent_width = Mhz{320}});

  EXPECT_EQ(rules.at("density_dbm_per_mhz"), -1.0);
  EXPECT_EQ(rules.at("width_limit_dbm"), 24.05);
  EXPECT_TRUE(rules.at("dfs_state").is_null());
  EXPECT_TRUE(rules.at("beacon").is_null());
}

TEST(BoxOf, IsWhatOperatorChannelAndPowerFoundAllow) {
  EXPECT_EQ(box_of({}, dbm(23), dbm(20)), Box(dbm(1), dbm(20)));
  EXPECT_EQ(box_of({}, Dbm::from_mbm(1801), dbm(20)), Box(dbm(1), dbm(18)));
  EXPECT_EQ(box_of({.floor = dbm(3), .ceiling = dbm(12)}, dbm(23), dbm(20)), Box(dbm(3), dbm(12)));
  EXPECT_EQ(box_of({.ceiling = dbm(30)}, dbm(23), dbm(20)), Box(dbm(1), dbm(20)));
}

TEST(TpcWarning, ComesWhereTheBoxLeavesLessThanSixDecibelsOnADfsChannel) {
  const AirRules dfs{.radar = true};

  const auto warning = tpc_warning("wlan0", Mhz{5260}, dfs, Box{dbm(15), dbm(20)});

  ASSERT_TRUE(warning);
  EXPECT_THAT(*warning, HasSubstr("wlan0: 5260 MHz is a DFS channel, and the box leaves 5 dB below "
                                  "its ceiling (15 to 20 dBm)"));
  EXPECT_THAT(*warning, HasSubstr("ETSI EN 301 893, clause 4.2.3"));
  EXPECT_EQ(tpc_warning("wlan0", Mhz{5260}, dfs, Box{dbm(14), dbm(20)}), std::nullopt);
  EXPECT_EQ(tpc_warning("wlan0", Mhz{5180}, AirRules{}, Box{dbm(15), dbm(20)}), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::service
