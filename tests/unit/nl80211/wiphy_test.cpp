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

}  // namespace
}  // namespace pianissimo::nl80211
