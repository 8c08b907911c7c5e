#include "experiments/import/frame.hpp"

#include <algorithm>
#include <array>

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

std::optional<Frame> read_ethernet(Bytes bytes, std::uint32_t length) {
  std::uint32_t header = 14;
  if (bytes.size() < header) return std::nullopt;
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

// IEEE 802.11 data frames between a station and its access point.
std::optional<Frame> read_80211(Bytes bytes, std::uint32_t length, bool has_fcs) {
  constexpr std::size_t plain_header = 24;
  if (bytes.size() < plain_header) return std::nullopt;
  const unsigned type = bytes[0] >> 2U & 3U;
  const unsigned subtype = bytes[0] >> 4U;
  const bool has_no_data = (subtype & 4U) != 0;
  const bool has_qos = (subtype & 8U) != 0;
  const bool to_ds = (bytes[1] & 1U) != 0;
  const bool from_ds = (bytes[1] & 2U) != 0;
  const bool has_order = (bytes[1] & 0x80U) != 0;
  if ((bytes[0] & 3U) != 0 || type != 2 || has_no_data || to_ds == from_ds) return std::nullopt;
  std::uint32_t header = plain_header + (has_qos ? 2 : 0);
  if (bytes.size() < header) return std::nullopt;
  if (has_qos && has_order) header += 4;  // HT control
  const std::uint32_t trailer = has_fcs ? fcs_bytes : 0;
  if (length < header + trailer) return std::nullopt;

  Frame frame{.crossings = {}, .payload = length - header - trailer};
  frame.is_retry = (bytes[1] & 8U) != 0;
  frame.sender = address_at(bytes, 10);
  frame.traffic_class = has_qos ? bytes[plain_header] & 15U : 16;
  frame.sequence = static_cast<std::uint16_t>(bytes[22] | bytes[23] << 8U);
  const Crossing crossing{from_ds ? address_at(bytes, 4) : frame.sender,
                          from_ds ? Direction::to_station : Direction::from_station};
  if (is_group(crossing.station)) return std::nullopt;
  frame.crossings.push_back(crossing);
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
      return read_80211(bytes, length, false);
    case LinkType::radiotap:
      break;
  }
  const auto radio = read_radiotap(bytes);
  if (!radio || radio->has_bad_fcs || length < radio->length) return std::nullopt;
  auto frame = read_80211(bytes.subspan(radio->length), length - radio->length, radio->has_fcs);
  if (!frame) return std::nullopt;
  frame->rate = radio->rate;
  frame->signal = radio->signal;
  return frame;
}

}  // namespace pianissimo::capture
