#include "nl80211/request.hpp"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/nl80211.h>

#include <algorithm>
#include <limits>

namespace pianissimo::nl80211 {
namespace {

Request dump(std::uint8_t command) { return {command, NLM_F_DUMP, {}}; }
Request action(std::uint8_t command) { return {command, NLM_F_ACK, {}}; }

/// The command and the address of a knob, without a setting.
Request address(const Knob& knob) {
  switch (knob.kind) {
    case KnobKind::wiphy:
      return action(NL80211_CMD_SET_WIPHY).put(NL80211_ATTR_WIPHY, value(knob.wiphy));
    case KnobKind::interface:
      // With NL80211_ATTR_IFINDEX cfg80211 hands the interface to the driver, but only where
      // the wiphy has NL80211_FEATURE_VIF_TXPOWER; elsewhere this is the wiphy's knob.
      return action(NL80211_CMD_SET_WIPHY).put(NL80211_ATTR_IFINDEX, value(knob.interface));
    case KnobKind::station:
      return action(NL80211_CMD_SET_STATION)
          .put(NL80211_ATTR_IFINDEX, value(knob.interface))
          .put(NL80211_ATTR_MAC, std::as_bytes(std::span{knob.station.octets}));
  }
  return {};
}

/// Whole dBm as NL80211_ATTR_STA_TX_POWER has them.
std::int16_t whole_dbm(Dbm level) {
  const std::int32_t whole = level.whole().mbm() / 100;
  using Limits = std::numeric_limits<std::int16_t>;
  return static_cast<std::int16_t>(std::clamp<std::int32_t>(whole, Limits::min(), Limits::max()));
}

}  // namespace

bool Request::is_dump() const { return (flags & NLM_F_DUMP) == NLM_F_DUMP; }

Request& Request::put(int type, std::span<const std::byte> payload) {
  const std::size_t length = sizeof(nlattr) + payload.size();
  const nlattr head{static_cast<std::uint16_t>(length), static_cast<std::uint16_t>(type)};
  const std::size_t at = attributes.size();
  attributes.resize(at + NLA_ALIGN(length));  // the padding is zero
  std::memcpy(attributes.data() + at, &head, sizeof head);
  if (!payload.empty())
    std::memcpy(attributes.data() + at + sizeof head, payload.data(), payload.size());
  return *this;
}

Request get_interfaces() { return dump(NL80211_CMD_GET_INTERFACE); }

Request get_interfaces(WiphyIndex wiphy) {
  return dump(NL80211_CMD_GET_INTERFACE).put(NL80211_ATTR_WIPHY, value(wiphy));
}

Request get_interface(InterfaceIndex interface) {
  return action(NL80211_CMD_GET_INTERFACE).put(NL80211_ATTR_IFINDEX, value(interface));
}

Request get_wiphys() { return dump(NL80211_CMD_GET_WIPHY).put_flag(NL80211_ATTR_SPLIT_WIPHY_DUMP); }

Request get_stations(InterfaceIndex interface) {
  return dump(NL80211_CMD_GET_STATION).put(NL80211_ATTR_IFINDEX, value(interface));
}

Request get_networks(InterfaceIndex interface) {
  return dump(NL80211_CMD_GET_SCAN).put(NL80211_ATTR_IFINDEX, value(interface));
}

Request get_regulatory_domain() { return action(NL80211_CMD_GET_REG); }

Request set_power(const Knob& knob, Dbm level) {
  Request request = address(knob);
  if (knob.kind == KnobKind::station) {
    request.put(NL80211_ATTR_STA_TX_POWER_SETTING, std::uint8_t{NL80211_TX_POWER_LIMITED})
        .put(NL80211_ATTR_STA_TX_POWER, whole_dbm(level));
  } else {
    request.put(NL80211_ATTR_WIPHY_TX_POWER_SETTING, std::uint32_t{NL80211_TX_POWER_FIXED})
        .put(NL80211_ATTR_WIPHY_TX_POWER_LEVEL, level.mbm());
  }
  return request;
}

Request set_power_automatic(const Knob& knob) {
  Request request = address(knob);
  if (knob.kind == KnobKind::station)
    request.put(NL80211_ATTR_STA_TX_POWER_SETTING, std::uint8_t{NL80211_TX_POWER_AUTOMATIC});
  else
    request.put(NL80211_ATTR_WIPHY_TX_POWER_SETTING, std::uint32_t{NL80211_TX_POWER_AUTOMATIC});
  return request;
}

void serialize(const Request& request, std::uint16_t family, std::uint32_t sequence,
               std::vector<std::byte>& out) {
  const genlmsghdr generic{request.command, /*version=*/0, /*reserved=*/0};
  nlmsghdr head{};  // port 0: the kernel fills in the sender's
  head.nlmsg_len =
      static_cast<std::uint32_t>(sizeof head + sizeof generic + request.attributes.size());
  head.nlmsg_type = family;
  head.nlmsg_flags = static_cast<std::uint16_t>(request.flags | NLM_F_REQUEST);
  head.nlmsg_seq = sequence;

  out.resize(head.nlmsg_len);
  std::memcpy(out.data(), &head, sizeof head);
  std::memcpy(out.data() + sizeof head, &generic, sizeof generic);
  std::copy(request.attributes.begin(), request.attributes.end(),
            out.begin() + static_cast<std::ptrdiff_t>(sizeof head + sizeof generic));
}

}  // namespace pianissimo::nl80211
