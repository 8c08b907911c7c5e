#include "nl80211/codec.hpp"

#include <linux/if_link.h>
#include <linux/nl80211.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "nl80211/codec_fields.hpp"

namespace pianissimo::nl80211 {
namespace {

std::optional<MacAddress> read_mac(Bytes payload) {
  MacAddress mac;
  if (payload.size() != mac.octets.size()) return std::nullopt;
  std::memcpy(mac.octets.data(), payload.data(), payload.size());
  return mac;
}

std::optional<MacAddress> get_mac(const Attributes& attributes) {
  const auto payload = attributes.find(NL80211_ATTR_MAC);
  return payload ? read_mac(*payload) : std::nullopt;
}

std::optional<Mhz> get_width(const Attributes& attributes) {
  const auto width = attributes.get<std::uint32_t>(NL80211_ATTR_CHANNEL_WIDTH);
  return width ? channel_width(*width) : std::nullopt;
}

std::optional<InterfaceIndex> get_interface_index(const Attributes& attributes) {
  const auto index = attributes.get<std::uint32_t>(NL80211_ATTR_IFINDEX);
  return index && *index != 0 ? std::optional{InterfaceIndex{*index}} : std::nullopt;
}

std::optional<Throughput> read_100kbps(std::uint64_t hundreds) {
  return Throughput::from_kbps(static_cast<std::int64_t>(100 * hundreds));
}

/// enum nl80211_rate_info. nullopt if it is no rate (the driver did not know) or breaks off.
std::optional<BitRate> decode_bit_rate(const Attributes& attributes) {
  BitRate rate;
  std::optional<Throughput> wide, narrow;
  const auto modulation = [&](RateFormat format, Bytes mcs) {
    rate.format = format;
    rate.mcs = read<std::uint8_t>(mcs);
  };
  const bool whole = attributes.for_each([&](const Attribute& attribute) {
    const Bytes payload = attribute.payload;
    switch (attribute.type) {
      case NL80211_RATE_INFO_BITRATE32:
        if (const auto v = read<std::uint32_t>(payload)) wide = read_100kbps(*v);
        break;
      case NL80211_RATE_INFO_BITRATE:
        if (const auto v = read<std::uint16_t>(payload)) narrow = read_100kbps(*v);
        break;
      case NL80211_RATE_INFO_MCS:
        modulation(RateFormat::ht, payload);
        break;
      case NL80211_RATE_INFO_VHT_MCS:
        modulation(RateFormat::vht, payload);
        break;
      case NL80211_RATE_INFO_HE_MCS:
        modulation(RateFormat::he, payload);
        break;
      case NL80211_RATE_INFO_EHT_MCS:
        modulation(RateFormat::eht, payload);
        break;
      case NL80211_RATE_INFO_VHT_NSS:
      case NL80211_RATE_INFO_HE_NSS:
      case NL80211_RATE_INFO_EHT_NSS:
        rate.nss = read<std::uint8_t>(payload);
        break;
      case NL80211_RATE_INFO_SHORT_GI:
        rate.short_gi = true;
        break;
      case NL80211_RATE_INFO_5_MHZ_WIDTH:
        rate.width = Mhz{5};
        break;
      case NL80211_RATE_INFO_10_MHZ_WIDTH:
        rate.width = Mhz{10};
        break;
      case NL80211_RATE_INFO_40_MHZ_WIDTH:
        rate.width = Mhz{40};
        break;
      case NL80211_RATE_INFO_80_MHZ_WIDTH:
        rate.width = Mhz{80};
        break;
      case NL80211_RATE_INFO_80P80_MHZ_WIDTH:
      case NL80211_RATE_INFO_160_MHZ_WIDTH:
        rate.width = Mhz{160};
        break;
      case NL80211_RATE_INFO_320_MHZ_WIDTH:
        rate.width = Mhz{320};
        break;
      default:
        break;
    }
  });
  if (!whole || (!wide && !narrow)) return std::nullopt;
  rate.rate = wide ? *wide : *narrow;
  return rate;
}

template <class T>
void assign(std::optional<T>& field, Bytes payload) {
  field = read<T>(payload);
}

/// Signal strengths are s8 dBm, declared u8.
void assign(std::optional<Dbm>& field, Bytes payload) {
  if (const auto v = read<std::int8_t>(payload)) field = dbm(*v);
}

/// enum nl80211_sta_info. One pass with a switch, not one search for each field: this runs for
/// each station many times a second. False if it breaks off.
bool decode_station_info(const Attributes& attributes, StationSample& sample) {
  std::optional<std::uint32_t> tx_bytes32, rx_bytes32;
  const bool whole = attributes.for_each([&](const Attribute& attribute) {
    const Bytes payload = attribute.payload;
    switch (attribute.type) {
      case NL80211_STA_INFO_EXPECTED_THROUGHPUT:
        if (const auto v = read<std::uint32_t>(payload))
          sample.expected_throughput = Throughput::from_kbps(*v);
        break;
      case NL80211_STA_INFO_TX_BYTES64:
        assign(sample.tx_bytes, payload);
        break;
      case NL80211_STA_INFO_RX_BYTES64:
        assign(sample.rx_bytes, payload);
        break;
      case NL80211_STA_INFO_TX_BYTES:
        assign(tx_bytes32, payload);
        break;
      case NL80211_STA_INFO_RX_BYTES:
        assign(rx_bytes32, payload);
        break;
      case NL80211_STA_INFO_TX_PACKETS:
        assign(sample.tx_packets, payload);
        break;
      case NL80211_STA_INFO_RX_PACKETS:
        assign(sample.rx_packets, payload);
        break;
      case NL80211_STA_INFO_TX_RETRIES:
        assign(sample.tx_retries, payload);
        break;
      case NL80211_STA_INFO_TX_FAILED:
        assign(sample.tx_failed, payload);
        break;
      case NL80211_STA_INFO_TX_DURATION:
        if (const auto v = read<std::int64_t>(payload); v && *v >= 0)
          sample.tx_duration = std::chrono::microseconds{*v};
        break;
      case NL80211_STA_INFO_TX_BITRATE:
        sample.tx_rate = decode_bit_rate(Attributes{payload});
        break;
      case NL80211_STA_INFO_RX_BITRATE:
        sample.rx_rate = decode_bit_rate(Attributes{payload});
        break;
      case NL80211_STA_INFO_SIGNAL:
        assign(sample.signal, payload);
        break;
      case NL80211_STA_INFO_SIGNAL_AVG:
        assign(sample.signal_avg, payload);
        break;
      case NL80211_STA_INFO_ACK_SIGNAL:
        assign(sample.ack_signal, payload);
        break;
      case NL80211_STA_INFO_ACK_SIGNAL_AVG:
        assign(sample.ack_signal_avg, payload);
        break;
      case NL80211_STA_INFO_INACTIVE_TIME:
        if (const auto v = read<std::uint32_t>(payload))
          sample.inactive = std::chrono::milliseconds{*v};
        break;
      case NL80211_STA_INFO_CONNECTED_TIME:
        if (const auto v = read<std::uint32_t>(payload))
          sample.connected = std::chrono::seconds{*v};
        break;
      default:
        break;
    }
  });
  // Kernels before 3.13 and some drivers have 32 bits only, which wrap every few minutes.
  if (!sample.tx_bytes && tx_bytes32) sample.tx_bytes = *tx_bytes32;
  if (!sample.rx_bytes && rx_bytes32) sample.rx_bytes = *rx_bytes32;
  return whole;
}

std::optional<KernelEvent> station_event(const GenericMessage& message) {
  const auto interface = get_interface_index(message.attributes);
  const auto mac = get_mac(message.attributes);
  if (!interface || !mac) return std::nullopt;
  if (message.command == NL80211_CMD_NEW_STATION) return StationNew{*interface, *mac};
  return StationDeleted{*interface, *mac};
}

}  // namespace

std::optional<Mhz> channel_width(std::uint32_t width) {
  switch (width) {
    case NL80211_CHAN_WIDTH_20_NOHT:
    case NL80211_CHAN_WIDTH_20:
      return Mhz{20};
    case NL80211_CHAN_WIDTH_40:
      return Mhz{40};
    case NL80211_CHAN_WIDTH_80:
      return Mhz{80};
    case NL80211_CHAN_WIDTH_80P80:
    case NL80211_CHAN_WIDTH_160:
      return Mhz{160};
    case NL80211_CHAN_WIDTH_320:
      return Mhz{320};
    case NL80211_CHAN_WIDTH_5:
      return Mhz{5};
    case NL80211_CHAN_WIDTH_10:
      return Mhz{10};
    default:
      return std::nullopt;  // S1G (802.11ah): 1 to 16 MHz below 1 GHz, not ours
  }
}

Decoded<Interface> decode_interface(const Attributes& attributes) {
  if (!attributes.well_formed()) return Errc::malformed;
  const auto wiphy = attributes.get<std::uint32_t>(NL80211_ATTR_WIPHY);
  if (!wiphy) return Errc::malformed;
  // P2P and NAN devices have an NL80211_ATTR_WDEV, but no network device and so no index.
  const auto index = get_interface_index(attributes);
  const auto name = attributes.text(NL80211_ATTR_IFNAME);
  if (!index || !name) return Errc::no_netdev;

  Interface interface {
    .index = *index, .wiphy = WiphyIndex{*wiphy}, .name = std::string { *name }
  };
  interface.type = attributes.get<std::uint32_t>(NL80211_ATTR_IFTYPE).value_or(0);
  interface.mac = get_mac(attributes).value_or(MacAddress{});
  interface.power = get_level(attributes, NL80211_ATTR_WIPHY_TX_POWER_LEVEL);
  interface.frequency = get_mhz(attributes, NL80211_ATTR_WIPHY_FREQ);
  interface.width = get_width(attributes);
  interface.center = get_mhz(attributes, NL80211_ATTR_CENTER_FREQ1);
  interface.second_center = get_mhz(attributes, NL80211_ATTR_CENTER_FREQ2);
  const auto punctured = attributes.get<std::uint32_t>(NL80211_ATTR_PUNCT_BITMAP);
  interface.punctured = static_cast<std::uint16_t>(punctured.value_or(0) & 0xffff);
  return interface;
}

Decoded<StationSample> decode_station(const Attributes& attributes) {
  std::optional<MacAddress> mac;
  std::optional<Attributes> info;
  const bool whole = attributes.for_each([&](const Attribute& attribute) {
    if (attribute.type == NL80211_ATTR_MAC) mac = read_mac(attribute.payload);
    if (attribute.type == NL80211_ATTR_STA_INFO) info = Attributes{attribute.payload};
  });
  if (!whole || !mac) return Errc::malformed;
  Decoded<StationSample> result{StationSample{.station = *mac}};
  if (info && !decode_station_info(*info, *result)) return Errc::malformed;
  return result;
}

std::optional<std::uint32_t> generation(const Attributes& attributes) {
  return attributes.get<std::uint32_t>(NL80211_ATTR_GENERATION);
}

Decoded<std::string> decode_regulatory_domain(const Attributes& attributes) {
  const auto alpha2 = attributes.text(NL80211_ATTR_REG_ALPHA2);
  if (!attributes.well_formed() || !alpha2 || alpha2->size() != 2) return Errc::malformed;
  return std::string{*alpha2};
}

std::optional<KernelEvent> decode_event(const GenericMessage& message) {
  const Attributes& attributes = message.attributes;
  switch (message.command) {
    case NL80211_CMD_NEW_STATION:
    case NL80211_CMD_DEL_STATION:
      return station_event(message);
    case NL80211_CMD_CH_SWITCH_NOTIFY:
      if (const auto interface = get_interface_index(attributes))
        return ChannelSwitched{*interface, get_mhz(attributes, NL80211_ATTR_WIPHY_FREQ),
                               get_width(attributes)};
      return std::nullopt;
    case NL80211_CMD_REG_CHANGE:
      return RegulatoryChanged{};
    case NL80211_CMD_WIPHY_REG_CHANGE: {
      const auto wiphy = attributes.get<std::uint32_t>(NL80211_ATTR_WIPHY);
      return RegulatoryChanged{wiphy ? std::optional{WiphyIndex{*wiphy}} : std::nullopt};
    }
    case NL80211_CMD_NEW_INTERFACE:
    case NL80211_CMD_SET_INTERFACE:
    case NL80211_CMD_START_AP:
    case NL80211_CMD_STOP_AP:
    case NL80211_CMD_CONNECT:
    case NL80211_CMD_ROAM:
    case NL80211_CMD_DISCONNECT:
      if (const auto interface = get_interface_index(attributes))
        return InterfaceChanged{*interface};
      return std::nullopt;
    case NL80211_CMD_DEL_INTERFACE:
      if (const auto interface = get_interface_index(attributes))
        return InterfaceRemoved{*interface};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<KernelEvent> decode_link_event(const Message& message) {
  if (message.type != RTM_NEWLINK && message.type != RTM_DELLINK) return std::nullopt;
  ifinfomsg link{};
  if (message.payload.size() < sizeof link) return std::nullopt;
  std::memcpy(&link, message.payload.data(), sizeof link);
  // AF_BRIDGE tells of bridge ports: its RTM_DELLINK means that the interface left the bridge.
  if (link.ifi_family != AF_UNSPEC || link.ifi_index <= 0) return std::nullopt;
  const InterfaceIndex interface { static_cast<std::uint32_t>(link.ifi_index) };
  if (message.type == RTM_DELLINK) return InterfaceRemoved{interface};
  // Wireless extensions' events (IFLA_WIRELESS) come in a message of their own.
  const Attributes attributes{message.payload.subspan(NLMSG_ALIGN(sizeof link))};
  if (attributes.has(IFLA_WIRELESS)) return std::nullopt;
  return InterfaceChanged{interface};
}

}  // namespace pianissimo::nl80211
