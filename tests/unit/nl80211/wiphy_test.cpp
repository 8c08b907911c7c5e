#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/nl80211.h>

#include "nl80211/codec.hpp"
#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;
using ::testing::ElementsAre;

constexpr unsigned attr_wiphy_radios = 331;  // Linux 6.11

Buffer channel(unsigned at, unsigned mhz, unsigned mbm) {
  return nest(at, {attribute(NL80211_FREQUENCY_ATTR_FREQ, u32(mhz)),
                   attribute(NL80211_FREQUENCY_ATTR_MAX_TX_POWER, u32(mbm))});
}

Buffer disabled_channel(unsigned at, unsigned mhz) {
  return nest(
      at, {attribute(NL80211_FREQUENCY_ATTR_FREQ, u32(mhz)), flag(NL80211_FREQUENCY_ATTR_DISABLED),
           attribute(NL80211_FREQUENCY_ATTR_MAX_TX_POWER, u32(2000))});
}

Buffer bands(unsigned band, std::initializer_list<Buffer> channels) {
  return nest(NL80211_ATTR_WIPHY_BANDS, {nest(band, {nest(NL80211_BAND_ATTR_FREQS, channels)})});
}

Buffer wiphy(unsigned index, std::initializer_list<Buffer> more) {
  return join({attribute(NL80211_ATTR_WIPHY, u32(index)),
               attribute(NL80211_ATTR_WIPHY_NAME, text("phy" + std::to_string(index))),
               join(more)});
}

std::vector<Wiphy> merged(std::initializer_list<Buffer> messages) {
  std::vector<Wiphy> wiphys;
  for (const Buffer& bytes : messages) {
    EXPECT_TRUE(merge_wiphy(Attributes{bytes}, wiphys));
  }
  return wiphys;
}

TEST(MergeWiphy, ReadsARadioInOneMessage) {
  const auto wiphys =
      merged({wiphy(0, {bands(1, {channel(0, 5180, 2300), disabled_channel(1, 5260)})})});

  ASSERT_EQ(wiphys.size(), 1U);
  EXPECT_EQ(wiphys[0].index, WiphyIndex{0});
  EXPECT_EQ(wiphys[0].name, "phy0");
  EXPECT_EQ(wiphys[0].radios, 1U);
  EXPECT_THAT(wiphys[0].channels,
              ElementsAre(Channel{Mhz{5180}, dbm(23), false}, Channel{Mhz{5260}, dbm(20), true}));
}

TEST(MergeWiphy, JoinsASplitDump) {
  const auto wiphys = merged({
      wiphy(0, {}),
      wiphy(0, {bands(0, {channel(0, 2412, 2000)})}),
      wiphy(0, {bands(0, {channel(1, 2417, 2000)})}),
      wiphy(0, {nest(NL80211_ATTR_WIPHY_BANDS, {nest(1, {})})}),
      wiphy(0, {bands(1, {channel(0, 5180, 2300)})}),
      wiphy(0, {attribute(NL80211_ATTR_FEATURE_FLAGS, u32(NL80211_FEATURE_VIF_TXPOWER))}),
      wiphy(1, {bands(0, {channel(0, 2412, 1700)})}),
  });

  ASSERT_EQ(wiphys.size(), 2U);
  EXPECT_EQ(wiphys[0].channels.size(), 3U);
  EXPECT_TRUE(wiphys[0].has_interface_power());
  EXPECT_EQ(wiphys[0].maximum(Mhz{2412}), dbm(20));
  EXPECT_EQ(wiphys[1].maximum(Mhz{2412}), dbm(17));
  EXPECT_FALSE(wiphys[1].has_interface_power());
}

TEST(MergeWiphy, AChannelToldTwiceIsKeptOnce) {
  const auto wiphys = merged({wiphy(0, {bands(1, {channel(0, 5180, 2300)})}),
                              wiphy(0, {bands(1, {channel(0, 5180, 2000)})})});

  EXPECT_THAT(wiphys[0].channels, ElementsAre(Channel{Mhz{5180}, dbm(20), false}));
}

TEST(MergeWiphy, CountsTheRadiosOfAWiphy) {
  const auto wiphys = merged(
      {wiphy(0, {marked_nest(attr_wiphy_radios, {marked_nest(0, {attribute(1, u32(0))}),
                                                 marked_nest(1, {attribute(1, u32(1))}),
                                                 marked_nest(2, {attribute(1, u32(2))})})})});

  EXPECT_EQ(wiphys[0].radios, 3U);
}

TEST(MergeWiphy, ReadsTheExtendedFeatures) {
  constexpr unsigned feature = NL80211_EXT_FEATURE_STA_TX_PWR;
  Buffer bitmap(feature / 8 + 1);
  bitmap.back() = std::byte{1} << (feature % 8);
  const auto wiphys = merged({wiphy(0, {attribute(NL80211_ATTR_EXT_FEATURES, bitmap)}),
                              wiphy(1, {attribute(NL80211_ATTR_EXT_FEATURES, u8(0xff))})});

  EXPECT_TRUE(wiphys[0].has_station_power());
  EXPECT_TRUE(wiphys[0].has(feature));
  EXPECT_FALSE(wiphys[0].has(feature - 1));
  EXPECT_FALSE(wiphys[0].has(feature + 1));
  EXPECT_FALSE(wiphys[0].has(100000));
  EXPECT_TRUE(wiphys[1].has(7));
  EXPECT_FALSE(wiphys[1].has(8));  // beyond the bitmap of an older kernel
}

TEST(MergeWiphy, WithoutAnIndexItIsMalformed) {
  std::vector<Wiphy> wiphys;
  const Buffer nameless = attribute(NL80211_ATTR_WIPHY_NAME, text("phy0"));

  EXPECT_EQ(merge_wiphy(Attributes{nameless}, wiphys).error(), Errc::malformed);
  EXPECT_TRUE(wiphys.empty());
}

TEST(MergeWiphy, AChannelWithoutAFrequencyIsMalformed) {
  std::vector<Wiphy> wiphys;
  const Buffer bytes =
      wiphy(0, {bands(1, {nest(0, {attribute(NL80211_FREQUENCY_ATTR_MAX_TX_POWER, u32(1))})})});

  EXPECT_EQ(merge_wiphy(Attributes{bytes}, wiphys).error(), Errc::malformed);
}

TEST(Wiphy, HasNoMaximumForAChannelItMayNotUse) {
  const auto wiphys =
      merged({wiphy(0, {bands(1, {channel(0, 5180, 2300), disabled_channel(1, 5260)})})});

  EXPECT_EQ(wiphys[0].maximum(Mhz{5180}), dbm(23));
  EXPECT_EQ(wiphys[0].maximum(Mhz{5260}), std::nullopt);
  EXPECT_EQ(wiphys[0].maximum(Mhz{6000}), std::nullopt);
}

Buffer s8(int value) { return u8(static_cast<std::uint8_t>(value)); }

// Linux 6.7: dBm per MHz.
Buffer dense_channel(unsigned at, unsigned mhz, int dbm_per_mhz) {
  return nest(at, {attribute(NL80211_FREQUENCY_ATTR_FREQ, u32(mhz)),
                   attribute(NL80211_FREQUENCY_ATTR_MAX_TX_POWER, u32(3000)),
                   attribute(28, s8(dbm_per_mhz))});
}

TEST(MergeWiphy, ReadsWhatTheRulesSayOfAChannel) {
  const auto wiphys = merged({wiphy(
      0, {bands(1, {nest(0, {attribute(NL80211_FREQUENCY_ATTR_FREQ, u32(5260)),
                             flag(NL80211_FREQUENCY_ATTR_RADAR), flag(NL80211_FREQUENCY_ATTR_NO_IR),
                             flag(NL80211_FREQUENCY_ATTR_INDOOR_ONLY),
                             attribute(NL80211_FREQUENCY_ATTR_DFS_STATE, u32(2)),
                             attribute(NL80211_FREQUENCY_ATTR_DFS_TIME, u32(1500))}),
                    dense_channel(1, 5955, -1)})})});

  const Channel* const dfs = wiphys[0].channel(Mhz{5260});
  ASSERT_NE(dfs, nullptr);
  EXPECT_TRUE(dfs->radar && dfs->no_ir && dfs->indoor_only);
  EXPECT_EQ(dfs->dfs_state, DfsState::available);
  EXPECT_EQ(dfs->dfs_since, std::chrono::milliseconds{1500});
  EXPECT_EQ(dfs->density, std::nullopt);
  const Channel* const six = wiphys[0].channel(Mhz{5955});
  ASSERT_NE(six, nullptr);
  EXPECT_FALSE(six->radar || six->no_ir || six->indoor_only || six->dfs_state);
  EXPECT_EQ(six->density, dbm(-1));
  EXPECT_EQ(wiphys[0].channel(Mhz{5975}), nullptr);
}

TEST(MergeWiphy, NumbersThatNoRuleHasAreNone) {
  const auto wiphys =
      merged({wiphy(0, {bands(1, {dense_channel(0, 5955, -11), dense_channel(1, 5975, 31),
                                  dense_channel(2, 5995, -128),
                                  nest(3, {attribute(NL80211_FREQUENCY_ATTR_FREQ, u32(5260)),
                                           attribute(NL80211_FREQUENCY_ATTR_DFS_STATE, u32(3)),
                                           attribute(28, u16(5))})})})});

  for (const Channel& one : wiphys[0].channels) {
    EXPECT_EQ(one.density, std::nullopt) << one.frequency.value();
    EXPECT_EQ(one.dfs_state, std::nullopt);
  }
}

Buffer he_capabilities(std::initializer_list<unsigned> octets) {
  Buffer phy;
  for (const unsigned octet : octets) phy.push_back(static_cast<std::byte>(octet));
  return nest(NL80211_ATTR_WIPHY_BANDS,
              {nest(1, {nest(NL80211_BAND_ATTR_IFTYPE_DATA,
                             {nest(0, {attribute(NL80211_BAND_IFTYPE_ATTR_HE_CAP_PHY, phy)})})})});
}

TEST(MergeWiphy, ReadsWhetherTheRadioReusesTheAir) {
  const auto wiphys = merged({wiphy(0, {he_capabilities({0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0})}),
                              wiphy(1, {he_capabilities({255, 255, 255, 255, 255, 255, 255, 254})}),
                              wiphy(2, {he_capabilities({1})}), wiphy(3, {})});

  EXPECT_TRUE(wiphys[0].has_he && wiphys[0].has_spatial_reuse);
  EXPECT_TRUE(wiphys[1].has_he && !wiphys[1].has_spatial_reuse);
  EXPECT_TRUE(wiphys[2].has_he && !wiphys[2].has_spatial_reuse);
  EXPECT_FALSE(wiphys[3].has_he);
}

// Channels 1, 5, 9 and 13 of 6 GHz.
Wiphy six_ghz() {
  return merged({wiphy(0, {bands(3, {dense_channel(0, 5955, 5), dense_channel(1, 5975, 4),
                                     dense_channel(2, 5995, 3), dense_channel(3, 6015, 2)})})})
      .at(0);
}

Interface on(unsigned frequency, unsigned width, unsigned center) {
  return {.frequency = Mhz{frequency}, .width = Mhz{width}, .center = Mhz{center}};
}

TEST(Density, IsTheLowestOfWhatIsSentOn) {
  EXPECT_EQ(six_ghz().density(on(5955, 20, 5955)), dbm(5));
  EXPECT_EQ(six_ghz().density(on(5955, 40, 5965)), dbm(4));
  EXPECT_EQ(six_ghz().density(on(5995, 40, 6005)), dbm(2));
  EXPECT_EQ(six_ghz().density(on(5955, 80, 5985)), dbm(2));
  EXPECT_EQ(six_ghz().density(on(5955, 5, 5955)), dbm(5));
  EXPECT_EQ(six_ghz().density(on(2412, 20, 2412)), std::nullopt);
  EXPECT_EQ(six_ghz().density(Interface{}), std::nullopt);
  // Without its middle, only the control channel is known.
  EXPECT_EQ(six_ghz().density({.frequency = Mhz{5955}, .width = Mhz{80}}), dbm(5));
}

TEST(Density, OfWhatIsPuncturedDoesNotCount) {
  Interface interface = on(5955, 80, 5985);
  interface.punctured = 0b1000;
  EXPECT_EQ(six_ghz().density(interface), dbm(3));
  EXPECT_EQ(sent_width(interface), Mhz{60});
  // Nothing would be left: no kernel means that.
  interface.punctured = 0b1111;
  EXPECT_EQ(six_ghz().density(interface), dbm(2));
  EXPECT_EQ(sent_width(interface), Mhz{80});
  interface.punctured = 0xfff0;  // beyond the channel
  EXPECT_EQ(sent_width(interface), Mhz{80});
}

TEST(Density, OfTwoHalvesIsTheLowestOfBoth) {
  Wiphy wiphy = six_ghz();
  wiphy.channels.push_back({.frequency = Mhz{6195}, .maximum = dbm(30), .density = dbm(1)});
  Interface interface = on(5955, 160, 5985);
  interface.second_center = Mhz{6185};

  EXPECT_EQ(wiphy.density(interface), dbm(1));
  EXPECT_EQ(sent_width(interface), Mhz{160});
}

// 10 log10(20) is 13.0103 dB and 10 log10(320) 25.0515 dB.
TEST(PowerOfADensity, GrowsWithTheWidth) {
  EXPECT_EQ(power_of(dbm(5), Mhz{20}), Dbm::from_mbm(1801));
  EXPECT_EQ(power_of(dbm(5), Mhz{40}), Dbm::from_mbm(2102));
  EXPECT_EQ(power_of(dbm(5), Mhz{80}), Dbm::from_mbm(2403));
  EXPECT_EQ(power_of(dbm(5), Mhz{160}), Dbm::from_mbm(2704));
  EXPECT_EQ(power_of(dbm(-1), Mhz{320}), Dbm::from_mbm(2405));
  EXPECT_EQ(power_of(dbm(5), Mhz{0}), dbm(5));
}

}  // namespace
}  // namespace pianissimo::nl80211
