// Messages cut at every length and with every byte changed. What comes out does not matter (a
// damaged number is still a number): nothing may crash or read outside, under the sanitizers.
#include <gtest/gtest.h>
#include <linux/nl80211.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <memory>

#include "nl80211/codec.hpp"
#include "nl80211/conversation.hpp"
#include "tests/unit/nl80211/wire.hpp"

namespace pianissimo::nl80211 {
namespace {

using namespace wire;

Buffer station_message() {
  return generic(
      {.flags = NLM_F_MULTI}, NL80211_CMD_NEW_STATION,
      join({attribute(NL80211_ATTR_IFINDEX, u32(3)), attribute(NL80211_ATTR_MAC, mac(7)),
            attribute(NL80211_ATTR_GENERATION, u32(5)),
            nest(NL80211_ATTR_STA_INFO, {attribute(NL80211_STA_INFO_TX_BYTES64, u64(1)),
                                         attribute(NL80211_STA_INFO_SIGNAL, u8(0xc4)),
                                         nest(NL80211_STA_INFO_TX_BITRATE,
                                              {attribute(NL80211_RATE_INFO_BITRATE32, u32(8667)),
                                               attribute(NL80211_RATE_INFO_VHT_MCS, u8(9))}),
                                         attribute(NL80211_STA_INFO_TX_DURATION, u64(1))})}));
}

Buffer interface_message() {
  return generic(
      {}, NL80211_CMD_NEW_INTERFACE,
      join({attribute(NL80211_ATTR_IFINDEX, u32(3)), attribute(NL80211_ATTR_IFNAME, text("wlan0")),
            attribute(NL80211_ATTR_WIPHY, u32(0)), attribute(NL80211_ATTR_MAC, mac(0)),
            attribute(NL80211_ATTR_WIPHY_FREQ, u32(5180)),
            attribute(NL80211_ATTR_WIPHY_TX_POWER_LEVEL, u32(2000)),
            attribute(NL80211_ATTR_REG_ALPHA2, text("US"))}));
}

Buffer wiphy_message() {
  return generic(
      {.flags = NLM_F_MULTI}, NL80211_CMD_NEW_WIPHY,
      join({attribute(NL80211_ATTR_WIPHY, u32(0)), attribute(NL80211_ATTR_WIPHY_NAME, text("phy0")),
            nest(NL80211_ATTR_WIPHY_BANDS,
                 {nest(1, {nest(NL80211_BAND_ATTR_FREQS,
                                {nest(0, {attribute(NL80211_FREQUENCY_ATTR_FREQ, u32(5180))}),
                                 nest(1, {attribute(NL80211_FREQUENCY_ATTR_FREQ, u32(5200)),
                                          flag(NL80211_FREQUENCY_ATTR_DISABLED)})})})}),
            attribute(NL80211_ATTR_EXT_FEATURES, u32(0xffffffff)),
            marked_nest(331, {marked_nest(0, {attribute(1, u32(0))})})}));
}

Buffer refusal_message() {
  return message({.type = NLMSG_ERROR, .flags = NLM_F_ACK_TLVS},
                 join({u32(static_cast<std::uint32_t>(-EINVAL)), u32(28), u16(28), u16(5), u32(1),
                       u32(77), attribute(1, u64(1)), attribute(NLMSGERR_ATTR_MSG, text("no"))}));
}

Buffer end_message() {
  return message({.type = NLMSG_DONE, .flags = NLM_F_MULTI | NLM_F_DUMP_INTR}, u32(0));
}

Buffer link_message() {
  return message({.type = RTM_NEWLINK}, join({u8(0), u8(0), u16(1), u32(3), u32(0x1003), u32(0),
                                              attribute(IFLA_IFNAME, text("wlan0"))}));
}

/// Everything that reads bytes, on these. They lie at the end of an allocation of their length.
void read_with_everything(const Buffer& damaged) {
  const auto exact = std::make_unique<std::byte[]>(damaged.size());
  std::ranges::copy(damaged, exact.get());
  const Bytes datagram{exact.get(), damaged.size()};

  std::vector<Wiphy> wiphys;
  const auto take = [&](const GenericMessage& message) {
    static_cast<void>(decode_interface(message.attributes));
    static_cast<void>(decode_station(message.attributes));
    static_cast<void>(merge_wiphy(message.attributes, wiphys));
    static_cast<void>(decode_regulatory_domain(message.attributes));
    static_cast<void>(generation(message.attributes));
    static_cast<void>(decode_event(message));
    return boost::system::error_code{};
  };
  for (const auto kind : {Conversation::Kind::action, Conversation::Kind::dump}) {
    Conversation conversation{kind, 28, 1, 77};
    conversation.feed(datagram, take);
  }
  Bytes rest = datagram;
  while (const auto message = take_message(rest)) {
    static_cast<void>(decode_link_event(*message));
    if (const auto generic_message = as_generic(*message)) take(*generic_message);
  }
  take(GenericMessage{NL80211_CMD_NEW_STATION, Attributes{datagram}});
}

struct Specimen {
  const char* name;
  Buffer bytes;
};
void PrintTo(const Specimen& specimen, std::ostream* out) { *out << specimen.name; }

class Damage : public ::testing::TestWithParam<Specimen> {};

TEST_P(Damage, CutAtEachLength) {
  const Buffer& whole = GetParam().bytes;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    Buffer cut{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)};
    read_with_everything(cut);
    if (length < 4) continue;
    // Once more with a head that claims to be so short: then the cut is inside.
    const Buffer claim = u32(length);
    std::ranges::copy(claim, cut.begin());
    read_with_everything(cut);
  }
}

TEST_P(Damage, EachByteChanged) {
  const Buffer& whole = GetParam().bytes;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned value : {0x00U, 0x01U, 0x03U, 0x05U, 0x7fU, 0x80U, 0xffU}) {
      Buffer changed = whole;
      changed[at] = std::byte(value);
      read_with_everything(changed);
      changed[at] = whole[at] ^ std::byte(value);
      read_with_everything(changed);
    }
  }
}

TEST_P(Damage, EachByteLeftOut) {
  const Buffer& whole = GetParam().bytes;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Buffer shorter = whole;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
    read_with_everything(shorter);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Messages, Damage,
    ::testing::Values(Specimen{"station", station_message()},
                      Specimen{"interface", interface_message()},
                      Specimen{"wiphy", wiphy_message()}, Specimen{"refusal", refusal_message()},
                      Specimen{"end", end_message()}, Specimen{"link", link_message()},
                      Specimen{"dump",
                               join({station_message(), station_message(), end_message()})}),
    [](const auto& specimen) { return std::string{specimen.param.name}; });

TEST(DamagedStation, IsNeverHalfBelieved) {
  const Buffer whole = station_message();
  const Bytes attributes = Bytes{whole}.subspan(20);
  ASSERT_TRUE(decode_station(Attributes{attributes}));
  for (std::size_t length = 0; length < attributes.size(); ++length) {
    const auto sample = decode_station(Attributes{attributes.first(length)});
    if (!sample) continue;
    // A cut between two attributes cannot be told from a shorter message: then the information
    // is absent altogether, for it is the last attribute.
    EXPECT_EQ(sample->tx_bytes, std::nullopt) << length;
  }
}

}  // namespace
}  // namespace pianissimo::nl80211
