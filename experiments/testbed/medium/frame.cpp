#include "experiments/testbed/medium/frame.hpp"

#include <algorithm>
#include <cstdio>

namespace pianissimo::testbed {
namespace {

// Frame control: type in bits 2..3, subtype in bits 4..7 of the first byte.
constexpr std::uint8_t type_mask = 0x0c;
constexpr std::uint8_t type_data = 0x08;
constexpr std::uint8_t subtype_null = 0x40;
constexpr std::uint8_t action_frame = 0xd0;
constexpr std::uint8_t category_block_ack = 3;
constexpr std::size_t header_bytes = 24;
constexpr std::size_t addba_request_bytes = 33;

}  // namespace

std::string to_string(const MacAddress& mac) {
  std::array<char, 18> text{};
  std::snprintf(text.data(), text.size(), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
                mac[3], mac[4], mac[5]);
  return text.data();
}

std::optional<int> radio_of(const MacAddress& mac) {
  const bool ours = (mac[0] & 0xbfU) == 0x02 && mac[1] == 0 && mac[2] == 0 && mac[5] == 0;
  if (!ours) return std::nullopt;
  return mac[3] << 8U | mac[4];
}

MacAddress netlink_address_of(int radio) {
  MacAddress mac = station_address_of(radio);
  mac[0] |= 0x40U;
  return mac;
}

MacAddress station_address_of(int radio) {
  return {0x02, 0, 0, static_cast<std::uint8_t>(radio >> 8), static_cast<std::uint8_t>(radio), 0};
}

std::optional<FrameView> FrameView::parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 10) return std::nullopt;
  return FrameView{bytes};
}

MacAddress FrameView::address(std::size_t offset) const {
  MacAddress mac{};
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), mac.size(), mac.begin());
  return mac;
}

std::optional<MacAddress> FrameView::transmitter() const {
  if (bytes_.size() < 16) return std::nullopt;
  return address(10);
}

bool FrameView::is_data() const {
  return (bytes_[0] & type_mask) == type_data && (bytes_[0] & subtype_null) == 0;
}

bool FrameView::is_addba_request() const {
  return bytes_.size() >= addba_request_bytes && (bytes_[0] & 0xfcU) == action_frame &&
         bytes_[header_bytes] == category_block_ack && bytes_[header_bytes + 1] == 0;
}

Bytes FrameView::addba_refusal() const {
  // category, action 1 (response), dialog token, status, parameters, timeout
  Bytes out(header_bytes + 9, 0);
  const auto from = bytes_.begin();
  out[0] = action_frame;
  std::copy_n(from + 10, 6, out.begin() + 4);   // to the requester
  std::copy_n(from + 4, 6, out.begin() + 10);   // from the receiver
  std::copy_n(from + 16, 6, out.begin() + 16);  // BSSID
  out[24] = category_block_ack;
  out[25] = 1;
  out[26] = bytes_[26];
  out[27] = 37;
  std::copy_n(from + 27, 4, out.begin() + 29);
  return out;
}

}  // namespace pianissimo::testbed
