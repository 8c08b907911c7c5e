#include <gtest/gtest.h>
#include <linux/nl80211.h>

#include "nl80211/codec.hpp"
#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;

const Buffer index_3 = attribute(NL80211_ATTR_IFINDEX, u32(3));
const Buffer wiphy_0 = attribute(NL80211_ATTR_WIPHY, u32(0));
const Buffer name_wlan0 = attribute(NL80211_ATTR_IFNAME, text("wlan0"));

TEST(DecodeInterface, ReadsAnAccessPoint) {
  const Buffer bytes = join({
      index_3,
      name_wlan0,
      wiphy_0,
      attribute(NL80211_ATTR_IFTYPE, u32(NL80211_IFTYPE_AP)),
      attribute(NL80211_ATTR_WDEV, u64(1)),
      attribute(NL80211_ATTR_MAC, mac(0)),
      attribute(NL80211_ATTR_WIPHY_FREQ, u32(5180)),
      attribute(NL80211_ATTR_CHANNEL_WIDTH, u32(NL80211_CHAN_WIDTH_80)),
      attribute(NL80211_ATTR_WIPHY_TX_POWER_LEVEL, u32(2000)),
  });

  const auto interface = decode_interface(Attributes{bytes});

  ASSERT_TRUE(interface);
  EXPECT_EQ(interface->index, InterfaceIndex{3});
  EXPECT_EQ(interface->wiphy, WiphyIndex{0});
  EXPECT_EQ(interface->name, "wlan0");
  EXPECT_TRUE(interface->is_access_point());
  EXPECT_TRUE(interface->is_running());
  EXPECT_EQ(interface->mac, mac_from_string("02:00:00:00:01:00"));
  EXPECT_EQ(interface->frequency, Mhz{5180});
  EXPECT_EQ(interface->width, Mhz{80});
  EXPECT_EQ(interface->power, dbm(20));
}

TEST(DecodeInterface, AStoppedOneHasNoChannel) {
  const Buffer bytes = join(
      {index_3, name_wlan0, wiphy_0, attribute(NL80211_ATTR_IFTYPE, u32(NL80211_IFTYPE_STATION))});

  const auto interface = decode_interface(Attributes{bytes});

  ASSERT_TRUE(interface);
  EXPECT_FALSE(interface->is_access_point());
  EXPECT_FALSE(interface->is_running());
  EXPECT_EQ(interface->power, std::nullopt);
}

TEST(DecodeInterface, APowerBelowOneMilliwattIsNegative) {
  const Buffer bytes = join({index_3, name_wlan0, wiphy_0,
                             attribute(NL80211_ATTR_WIPHY_TX_POWER_LEVEL, u32(0xfffffe0c))});

  EXPECT_EQ(decode_interface(Attributes{bytes})->power, dbm(-5));
}

// What drivers say that do not know: the smallest integer, also times a hundred.
TEST(DecodeInterface, APowerThatNoRadioHasIsNotTold) {
  for (const std::uint32_t raw : {0x80000000u, 0x7fffffffu, 0xffff0000u, 100'100u}) {
    const Buffer bytes = join(
        {index_3, name_wlan0, wiphy_0, attribute(NL80211_ATTR_WIPHY_TX_POWER_LEVEL, u32(raw))});

    EXPECT_EQ(decode_interface(Attributes{bytes})->power, std::nullopt) << raw;
  }
}

// Implausible, but numbers: whether to believe them is for those who know the channel.
TEST(DecodeInterface, AnImplausiblePowerIsTold) {
  for (const int level : {0, 3, 255}) {
    const Buffer bytes = join({index_3, name_wlan0, wiphy_0,
                               attribute(NL80211_ATTR_WIPHY_TX_POWER_LEVEL,
                                         u32(static_cast<std::uint32_t>(100 * level)))});

    EXPECT_EQ(decode_interface(Attributes{bytes})->power, dbm(level));
  }
}

TEST(DecodeInterface, OneWithoutANetworkDeviceIsNotForUs) {
  const Buffer p2p = join({wiphy_0, attribute(NL80211_ATTR_WDEV, u64(2)),
                           attribute(NL80211_ATTR_IFTYPE, u32(NL80211_IFTYPE_P2P_DEVICE))});

  EXPECT_EQ(decode_interface(Attributes{p2p}).error(), Errc::no_netdev);
}

TEST(DecodeInterface, WithoutItsRadioItIsMalformed) {
  const Buffer bytes = join({index_3, name_wlan0});

  EXPECT_EQ(decode_interface(Attributes{bytes}).error(), Errc::malformed);
  EXPECT_EQ(decode_interface(Attributes{}).error(), Errc::malformed);
}

TEST(ChannelWidth, KnowsTheKernelsNumbers) {
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_20_NOHT), Mhz{20});
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_20), Mhz{20});
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_40), Mhz{40});
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_80), Mhz{80});
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_80P80), Mhz{160});
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_160), Mhz{160});
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_320), Mhz{320});
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_5), Mhz{5});
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_10), Mhz{10});
  EXPECT_EQ(channel_width(NL80211_CHAN_WIDTH_1), std::nullopt);
  EXPECT_EQ(channel_width(4711), std::nullopt);
}

TEST(DecodeRegulatoryDomain, ReadsTwoLetters) {
  const Buffer us = attribute(NL80211_ATTR_REG_ALPHA2, text("US"));
  const Buffer unended = attribute(NL80211_ATTR_REG_ALPHA2, join({u8('0'), u8('0')}));

  EXPECT_EQ(decode_regulatory_domain(Attributes{us}).value(), "US");
  EXPECT_EQ(decode_regulatory_domain(Attributes{unended}).value(), "00");
}

TEST(DecodeRegulatoryDomain, AnythingElseIsMalformed) {
  const Buffer long_one = attribute(NL80211_ATTR_REG_ALPHA2, text("USA"));

  EXPECT_EQ(decode_regulatory_domain(Attributes{long_one}).error(), Errc::malformed);
  EXPECT_EQ(decode_regulatory_domain(Attributes{}).error(), Errc::malformed);
}

}  // namespace
}  // namespace pianissimo::nl80211
