#include "nl80211/request.hpp"

#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <linux/nl80211.h>

#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;

const Knob radio{.kind = KnobKind::wiphy, .wiphy = WiphyIndex{2}};
const Knob interface {
  .kind = KnobKind::interface, .interface = InterfaceIndex { 3 }
};
const Knob station{.kind = KnobKind::station,
                   .interface = InterfaceIndex{3},
                   .station = *mac_from_string("02:00:00:00:01:07")};

const Buffer index_3 = attribute(NL80211_ATTR_IFINDEX, u32(3));

TEST(Request, ReadsAreDumpsOrAskForOne) {
  EXPECT_EQ(get_interfaces(), (Request{NL80211_CMD_GET_INTERFACE, NLM_F_DUMP, {}}));
  EXPECT_EQ(get_interfaces(WiphyIndex{2}), (Request{NL80211_CMD_GET_INTERFACE, NLM_F_DUMP,
                                                    attribute(NL80211_ATTR_WIPHY, u32(2))}));
  EXPECT_EQ(get_interface(InterfaceIndex{3}),
            (Request{NL80211_CMD_GET_INTERFACE, NLM_F_ACK, index_3}));
  EXPECT_EQ(get_stations(InterfaceIndex{3}),
            (Request{NL80211_CMD_GET_STATION, NLM_F_DUMP, index_3}));
  EXPECT_EQ(get_regulatory_domain(), (Request{NL80211_CMD_GET_REG, NLM_F_ACK, {}}));
  EXPECT_TRUE(get_stations(InterfaceIndex{3}).is_dump());
  EXPECT_FALSE(get_interface(InterfaceIndex{3}).is_dump());
}

TEST(Request, WiphysAreAskedForInPieces) {
  // Without the flag the kernel leaves out what does not fit into one message of an old size.
  EXPECT_EQ(get_wiphys(),
            (Request{NL80211_CMD_GET_WIPHY, NLM_F_DUMP, flag(NL80211_ATTR_SPLIT_WIPHY_DUMP)}));
}

TEST(Request, SetsARadiosPower) {
  EXPECT_EQ(
      set_power(radio, dbm(17)),
      (Request{NL80211_CMD_SET_WIPHY, NLM_F_ACK,
               join({attribute(NL80211_ATTR_WIPHY, u32(2)),
                     attribute(NL80211_ATTR_WIPHY_TX_POWER_SETTING, u32(NL80211_TX_POWER_FIXED)),
                     attribute(NL80211_ATTR_WIPHY_TX_POWER_LEVEL, u32(1700))})}));
}

TEST(Request, SetsAnInterfacesPower) {
  EXPECT_EQ(
      set_power(interface, dbm(0)),
      (Request{NL80211_CMD_SET_WIPHY, NLM_F_ACK,
               join({index_3,
                     attribute(NL80211_ATTR_WIPHY_TX_POWER_SETTING, u32(NL80211_TX_POWER_FIXED)),
                     attribute(NL80211_ATTR_WIPHY_TX_POWER_LEVEL, u32(0))})}));
}

TEST(Request, LimitsAStationsPowerInWholeDbm) {
  EXPECT_EQ(
      set_power(station, Dbm::from_mbm(1250)),
      (Request{NL80211_CMD_SET_STATION, NLM_F_ACK,
               join({index_3, attribute(NL80211_ATTR_MAC, mac(7)),
                     attribute(NL80211_ATTR_STA_TX_POWER_SETTING, u8(NL80211_TX_POWER_LIMITED)),
                     attribute(NL80211_ATTR_STA_TX_POWER, u16(12))})}));
}

TEST(Request, AStationsPowerMayBeNegative) {
  const Buffer bytes = set_power(station, Dbm::from_mbm(-250)).attributes;

  EXPECT_EQ(Attributes{bytes}.get<std::int16_t>(NL80211_ATTR_STA_TX_POWER), -3);
}

TEST(Request, GivesKnobsBack) {
  EXPECT_EQ(set_power_automatic(radio),
            (Request{NL80211_CMD_SET_WIPHY, NLM_F_ACK,
                     join({attribute(NL80211_ATTR_WIPHY, u32(2)),
                           attribute(NL80211_ATTR_WIPHY_TX_POWER_SETTING,
                                     u32(NL80211_TX_POWER_AUTOMATIC))})}));
  EXPECT_EQ(set_power_automatic(interface),
            (Request{NL80211_CMD_SET_WIPHY, NLM_F_ACK,
                     join({index_3, attribute(NL80211_ATTR_WIPHY_TX_POWER_SETTING,
                                              u32(NL80211_TX_POWER_AUTOMATIC))})}));
  EXPECT_EQ(
      set_power_automatic(station),
      (Request{
          NL80211_CMD_SET_STATION, NLM_F_ACK,
          join({index_3, attribute(NL80211_ATTR_MAC, mac(7)),
                attribute(NL80211_ATTR_STA_TX_POWER_SETTING, u8(NL80211_TX_POWER_AUTOMATIC))})}));
}

TEST(Serialize, WritesOneMessage) {
  std::vector<std::byte> out(500);

  serialize(get_stations(InterfaceIndex{3}), 28, 42, out);

  EXPECT_EQ(out, join({u32(28), u16(28), u16(NLM_F_REQUEST | NLM_F_DUMP), u32(42), u32(0),
                       u8(NL80211_CMD_GET_STATION), u8(0), u16(0), index_3}));
}

}  // namespace
}  // namespace pianissimo::nl80211
