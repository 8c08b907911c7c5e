#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/nl80211.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "nl80211/codec.hpp"
#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;

constexpr InterfaceIndex wlan0{3};
const MacAddress station = *mac_from_string("02:00:00:00:01:07");

std::optional<KernelEvent> told(KernelEvent event) { return event; }

std::optional<KernelEvent> event(unsigned command, std::initializer_list<Buffer> attributes) {
  const Buffer bytes = join(attributes);
  return decode_event({static_cast<std::uint8_t>(command), Attributes{bytes}});
}

const Buffer index_3 = attribute(NL80211_ATTR_IFINDEX, u32(3));
const Buffer mac_7 = attribute(NL80211_ATTR_MAC, mac(7));

TEST(DecodeEvent, StationsComeAndGo) {
  EXPECT_EQ(event(NL80211_CMD_NEW_STATION, {index_3, mac_7}), told(StationNew{wlan0, station}));
  EXPECT_EQ(event(NL80211_CMD_DEL_STATION, {index_3, mac_7}), told(StationDeleted{wlan0, station}));
}

TEST(DecodeEvent, AStationWithoutNameOrPlaceIsIgnored) {
  EXPECT_EQ(event(NL80211_CMD_NEW_STATION, {index_3}), std::nullopt);
  EXPECT_EQ(event(NL80211_CMD_DEL_STATION, {mac_7}), std::nullopt);
  EXPECT_EQ(event(NL80211_CMD_NEW_STATION, {attribute(NL80211_ATTR_IFINDEX, u32(0)), mac_7}),
            std::nullopt);
}

TEST(DecodeEvent, ChannelsSwitch) {
  EXPECT_EQ(event(NL80211_CMD_CH_SWITCH_NOTIFY,
                  {index_3, attribute(NL80211_ATTR_WIPHY_FREQ, u32(5745)),
                   attribute(NL80211_ATTR_CHANNEL_WIDTH, u32(NL80211_CHAN_WIDTH_40))}),
            told(ChannelSwitched{wlan0, Mhz{5745}, Mhz{40}}));
  EXPECT_EQ(event(NL80211_CMD_CH_SWITCH_NOTIFY, {index_3}),
            told(ChannelSwitched{wlan0, std::nullopt, std::nullopt}));
}

TEST(DecodeEvent, AChannelSwitchThatOnlyBeginsIsNone) {
  EXPECT_EQ(event(NL80211_CMD_CH_SWITCH_STARTED_NOTIFY, {index_3}), std::nullopt);
}

TEST(DecodeEvent, RulesChangeForAllOrForOne) {
  EXPECT_EQ(event(NL80211_CMD_REG_CHANGE, {}), told(RegulatoryChanged{std::nullopt}));
  EXPECT_EQ(event(NL80211_CMD_WIPHY_REG_CHANGE, {attribute(NL80211_ATTR_WIPHY, u32(1))}),
            told(RegulatoryChanged{WiphyIndex{1}}));
}

TEST(DecodeEvent, InterfacesChangeAndGo) {
  for (const unsigned command :
       {NL80211_CMD_NEW_INTERFACE, NL80211_CMD_SET_INTERFACE, NL80211_CMD_START_AP,
        NL80211_CMD_STOP_AP, NL80211_CMD_CONNECT, NL80211_CMD_ROAM, NL80211_CMD_DISCONNECT}) {
    EXPECT_EQ(event(command, {index_3}), told(InterfaceChanged{wlan0})) << command;
    EXPECT_EQ(event(command, {}), std::nullopt) << command;
  }
  EXPECT_EQ(event(NL80211_CMD_DEL_INTERFACE, {index_3}), told(InterfaceRemoved{wlan0}));
}

TEST(DecodeEvent, WhatWeDoNotKnowIsIgnored) {
  EXPECT_EQ(event(NL80211_CMD_NEW_SCAN_RESULTS, {index_3}), std::nullopt);
  EXPECT_EQ(event(255, {index_3, mac_7}), std::nullopt);
}

/// struct ifinfomsg, then attributes.
std::optional<KernelEvent> link_event(unsigned type, unsigned family, std::int32_t index,
                                      const Buffer& attributes) {
  const Buffer payload = join({u8(family), u8(0), u16(1), u32(static_cast<std::uint32_t>(index)),
                               u32(0x1003), u32(0), attributes});
  const Message message{.type = static_cast<std::uint16_t>(type), .payload = Bytes{payload}};
  return decode_link_event(message);
}

const Buffer name = attribute(IFLA_IFNAME, text("wlan0"));

TEST(DecodeLinkEvent, LinksChangeAndGo) {
  EXPECT_EQ(link_event(RTM_NEWLINK, AF_UNSPEC, 3, name), told(InterfaceChanged{wlan0}));
  EXPECT_EQ(link_event(RTM_DELLINK, AF_UNSPEC, 3, name), told(InterfaceRemoved{wlan0}));
}

TEST(DecodeLinkEvent, LeavingABridgeIsNotGoing) {
  EXPECT_EQ(link_event(RTM_DELLINK, AF_BRIDGE, 3, name), std::nullopt);
  EXPECT_EQ(link_event(RTM_NEWLINK, AF_BRIDGE, 3, name), std::nullopt);
}

TEST(DecodeLinkEvent, WirelessExtensionsAreNoNews) {
  EXPECT_EQ(link_event(RTM_NEWLINK, AF_UNSPEC, 3, attribute(IFLA_WIRELESS, u64(0))), std::nullopt);
}

TEST(DecodeLinkEvent, AnythingElseIsIgnored) {
  EXPECT_EQ(link_event(RTM_NEWADDR, AF_UNSPEC, 3, name), std::nullopt);
  EXPECT_EQ(link_event(RTM_NEWLINK, AF_UNSPEC, 0, name), std::nullopt);
  EXPECT_EQ(link_event(RTM_NEWLINK, AF_UNSPEC, -1, name), std::nullopt);
  const Buffer brief(15);
  EXPECT_EQ(decode_link_event({.type = RTM_NEWLINK, .payload = Bytes{brief}}), std::nullopt);
}

}  // namespace
}  // namespace pianissimo::nl80211
