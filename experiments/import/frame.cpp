#include "experiments/import/frame.hpp"

#include <algorithm>
#include <array>

#include "experiments/import/little_endian.hpp"
#include "experiments/import/radiotap.hpp"

namespace pianissimo::capture {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint32_t fcs_bytes = 4;

MacAddress address_at(Bytes bytes, std::size_t at) {
  MacAddress address;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), address.octets.size(),
              address.octets.begin());
  return address;
}

bool is_group(const MacAddress& address) { return (address.octets[0] & 1U) != 0; }

// A data frame of which its beginning alone was captured.
std::optional<Frame> cut(Bytes bytes, std::uint32_t length, std::uint32_t header) {
  if (bytes.size() >= length || length < header) return std::nullopt;
  Frame frame;
  frame.is_cut = true;
  return frame;
}

std::optional<Frame> read_ethernet(Bytes bytes, std::uint32_t length) {
  std::uint32_t header = 14;
  if (bytes.size() < header) return cut(bytes, length, header);
  // 802.1Q and 802.1ad tags.
  const auto is_tag = [&](std::size_t at) {
    return at + 2 <= bytes.size() && ((bytes[at] == 0x81 && bytes[at + 1] == 0x00) ||
                                      (bytes[at] == 0x88 && bytes[at + 1] == 0xa8));
  };
  while (header <= 18 && is_tag(header - 2)) header += 4;
  if (length < header) return std::nullopt;
  Frame frame{.crossings = {}, .payload = length - header};
  frame.sender = address_at(bytes, 6);
  const MacAddress destination = address_at(bytes, 0);
  if (!is_group(destination)) frame.crossings.push_back({destination, Direction::to_station});
  if (!is_group(frame.sender)) frame.crossings.push_back({frame.sender, Direction::from_station});
  if (frame.crossings.empty()) return std::nullopt;
  return frame;
}

// What follows a header of 802.11.
struct Body {
  Bytes captured;
  std::uint32_t length = 0;  ///< on the air
};

// An A-MSDU: destination, source, length, then the MSDU, and zeros to a multiple of 4 bytes. What
// is not there to be read counts as one MSDU.
void count_subframes(const Body& body, Frame& into) {
  constexpr std::uint32_t subframe_header = 14;
  into.payload = 0;
  into.packets = 0;
  for (std::uint32_t at = 0; at < body.length;) {
    const std::uint32_t left = body.length - at;
    const bool is_there = at + subframe_header <= body.captured.size();
    const std::uint32_t length = is_there ? big_endian_16(body.captured, at + 12) : 0;
    if (!is_there || length > left - subframe_header) {
      into.is_opaque = true;
      into.payload += left;
      ++into.packets;
      return;
    }
    if (length == 0) return;  // padding
    into.payload += length;
    ++into.packets;
    at += (subframe_header + length + 3) / 4 * 4;
  }
}

// IEEE 802.11: data frames between a station and its access point, and beacons.
std::optional<Frame> read_80211(Bytes bytes, std::uint32_t length, bool has_fcs,
                                bool has_data_pad) {
  constexpr std::uint32_t plain_header = 24;
  if (bytes.size() < 2 || (bytes[0] & 3U) != 0) return std::nullopt;
  const unsigned type = bytes[0] >> 2U & 3U;
  const unsigned subtype = bytes[0] >> 4U;
  const bool has_no_data = (subtype & 4U) != 0;
  const bool to_ds = (bytes[1] & 1U) != 0;
  const bool from_ds = (bytes[1] & 2U) != 0;
  const bool is_data = type == 2 && !has_no_data && (to_ds || from_ds);
  if (bytes.size() < plain_header) {
    return is_data ? cut(bytes, length, plain_header) : std::nullopt;
  }
  const MacAddress receiver = address_at(bytes, 4);
  const MacAddress sender = address_at(bytes, 10);
  constexpr unsigned beacon = 8;
  if (type == 0 && subtype == beacon) {
    Frame frame;
    frame.access_point = sender;
    return frame;
  }
  const bool has_qos = (subtype & 8U) != 0;
  const bool is_protected = (bytes[1] & 0x40U) != 0;
  const bool has_order = (bytes[1] & 0x80U) != 0;
  if (!is_data) return std::nullopt;
  std::uint32_t header = plain_header + (to_ds && from_ds ? 6 : 0);
  const std::uint32_t qos = header;
  if (has_qos) header += 2;
  if (bytes.size() < header) return cut(bytes, length, header);
  if (has_qos && has_order) header += 4;  // HT control
  if (has_data_pad) header = (header + 3) / 4 * 4;
  const std::uint32_t trailer = has_fcs ? fcs_bytes : 0;
  if (length < header + trailer) return std::nullopt;

  Frame frame{.crossings = {}, .payload = length - header - trailer};
  frame.is_retry = (bytes[1] & 8U) != 0;
  frame.sender = sender;
  frame.traffic_class = has_qos ? bytes[qos] & 15U : 16;
  frame.sequence = static_cast<std::uint16_t>(bytes[22] | bytes[23] << 8U);
  constexpr unsigned no_ack = 1;  // of the four policies in bits 5 and 6
  frame.wants_ack = !is_group(receiver) && !(has_qos && (bytes[qos] >> 5U & 3U) == no_ack);
  if (!to_ds) frame.access_point = sender;
  if (!from_ds) frame.access_point = receiver;
  if (from_ds && !is_group(receiver)) {
    frame.crossings.push_back({receiver, Direction::to_station});
  }
  if (to_ds && !is_group(sender)) frame.crossings.push_back({sender, Direction::from_station});
  if (has_qos && (bytes[qos] & 0x80U) != 0) {
    frame.is_opaque = is_protected;
    const Bytes body = bytes.subspan(std::min<std::size_t>(header, bytes.size()));
    if (!is_protected) {
      count_subframes(
          {body.first(std::min<std::size_t>(body.size(), frame.payload)), frame.payload}, frame);
    }
  }
  return frame;
}

std::optional<Frame> read_with_radiotap(Bytes bytes, std::uint32_t length) {
  const auto radio = read_radiotap(bytes);
  if (!radio || radio->has_bad_fcs || length < radio->length) return std::nullopt;
  auto frame = read_80211(bytes.subspan(radio->length), length - radio->length, radio->has_fcs,
                          radio->has_data_pad);
  if (!frame) return std::nullopt;
  frame->rate = radio->rate;
  frame->signal = radio->signal;
  frame->power = radio->power;
  frame->has_impossible_power = radio->has_impossible_power;
  if (radio->is_without_ack) frame->wants_ack = false;
  frame->data_retries = radio->data_retries;
  // Linux says of every frame without an acknowledgement that it failed.
  if (radio->has_failed) frame->has_failed = *radio->has_failed && frame->wants_ack;
  return frame;
}

// Who it came from, and how the frame would have begun (an ARPHRD of Linux).
struct Cooked {
  std::size_t header = 0;
  std::uint32_t packet_type = 0;
  std::uint32_t hardware = 0;
  std::uint32_t address_length = 0;
  std::size_t address = 0;
};

std::optional<Frame> read_cooked(Bytes bytes, std::uint32_t length, const Cooked& at) {
  constexpr std::uint32_t is_ethernet = 1;
  constexpr std::uint32_t is_80211 = 801;
  constexpr std::uint32_t is_radiotap = 803;
  constexpr std::uint32_t sent_by_us = 4;
  if (length < at.header) return std::nullopt;
  const Bytes body = bytes.subspan(at.header);
  const auto body_length = length - static_cast<std::uint32_t>(at.header);
  if (at.hardware == is_radiotap) return read_with_radiotap(body, body_length);
  if (at.hardware == is_80211) return read_80211(body, body_length, false, false);
  if (at.hardware != is_ethernet || at.address_length != 6) return std::nullopt;
  Frame frame{.crossings = {}, .payload = body_length};
  frame.sender = address_at(bytes, at.address);
  frame.is_own = at.packet_type == sent_by_us;
  if (!frame.is_own && !is_group(frame.sender)) {
    frame.crossings.push_back({frame.sender, Direction::from_station});
  }
  return frame;
}

std::optional<Frame> read_cooked1(Bytes bytes, std::uint32_t length) {
  constexpr std::size_t header = 16;
  if (bytes.size() < header) return std::nullopt;
  return read_cooked(bytes, length,
                     {.header = header,
                      .packet_type = big_endian_16(bytes, 0),
                      .hardware = big_endian_16(bytes, 2),
                      .address_length = big_endian_16(bytes, 4),
                      .address = 6});
}

std::optional<Frame> read_cooked2(Bytes bytes, std::uint32_t length) {
  constexpr std::size_t header = 20;
  if (bytes.size() < header) return std::nullopt;
  auto frame = read_cooked(bytes, length,
                           {.header = header,
                            .packet_type = bytes[10],
                            .hardware = big_endian_16(bytes, 8),
                            .address_length = bytes[11],
                            .address = 12});
  if (frame) frame->interface = big_endian_16(bytes, 4) << 16U | big_endian_16(bytes, 6);
  return frame;
}

// Per-packet information (CACE PPI 1.0.7): version, flags, length, link type, then fields of type
// and length.
std::optional<Frame> read_ppi(Bytes bytes, std::uint32_t length) {
  constexpr std::size_t first_field = 8;
  constexpr std::uint32_t of_ethernet = 1;
  constexpr std::uint32_t of_80211 = 105;
  constexpr std::uint32_t of_radiotap = 127;
  constexpr std::uint32_t common_type = 2;
  constexpr std::size_t common_bytes = 20;
  if (bytes.size() < first_field || bytes[0] != 0) return std::nullopt;
  const bool is_aligned = (bytes[1] & 1U) != 0;
  const std::uint32_t header = little_endian(bytes, 2, 2);
  const std::uint32_t link = little_endian(bytes, 4, 4);
  if (header < first_field || header > bytes.size() || header > length) return std::nullopt;
  Bytes common;
  for (std::size_t at = first_field; at + 4 <= header;) {
    const std::uint32_t type = little_endian(bytes, at, 2);
    const std::size_t size = little_endian(bytes, at + 2, 2);
    at += 4;
    if (at + size > header) return std::nullopt;
    if (type == common_type && size >= common_bytes) common = bytes.subspan(at, size);
    at += is_aligned ? (size + 3) / 4 * 4 : size;
  }
  const Bytes body = bytes.subspan(header);
  if (link == of_ethernet) return read_ethernet(body, length - header);
  if (link == of_radiotap) return read_with_radiotap(body, length - header);
  if (link != of_80211) return std::nullopt;
  // Timer, flags, rate in 500 kbit/s, channel, hopping, then signal and noise in dBm.
  const std::uint32_t flags = little_endian(common, 8, 2);
  constexpr std::uint32_t fcs_there = 1;
  constexpr std::uint32_t fcs_bad = 4;
  if ((flags & fcs_bad) != 0) return std::nullopt;
  auto frame = read_80211(body, length - header, (flags & fcs_there) != 0, false);
  if (!frame || common.empty()) return frame;
  const std::uint32_t rate = little_endian(common, 10, 2);
  if (rate != 0) frame->rate = BitRate{.rate = Throughput::from_kbps(std::int64_t{500} * rate)};
  const auto signal = static_cast<std::int8_t>(common[18]);
  if (signal != 0) frame->signal = dbm(signal);
  return frame;
}

}  // namespace

std::string_view to_string(Direction direction) {
  return direction == Direction::to_station ? "to_station" : "from_station";
}

std::optional<Frame> read_frame(LinkType type, Bytes bytes, std::uint32_t length) {
  switch (type) {
    case LinkType::ethernet:
      return read_ethernet(bytes, length);
    case LinkType::ieee80211:
      return read_80211(bytes, length, false, false);
    case LinkType::radiotap:
      return read_with_radiotap(bytes, length);
    case LinkType::ppi:
      return read_ppi(bytes, length);
    case LinkType::cooked:
      return read_cooked1(bytes, length);
    case LinkType::cooked2:
      return read_cooked2(bytes, length);
  }
  return std::nullopt;
}

void Ends::settle(Frame& frame) {
  if (frame.access_point) access_points_.insert(*frame.access_point);
  std::erase_if(frame.crossings, [this](const Crossing& crossing) {
    return access_points_.contains(crossing.station);
  });
  if (!frame.interface) return;
  std::erase_if(frame.crossings, [&](const Crossing& crossing) {
    return interfaces_.try_emplace(crossing.station, *frame.interface).first->second !=
           *frame.interface;
  });
}

}  // namespace pianissimo::capture
