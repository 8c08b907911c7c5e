#include "controller/core/identity.hpp"

namespace pianissimo {
namespace {

std::optional<std::uint8_t> nibble(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(KnobKind kind) {
  switch (kind) {
    case KnobKind::wiphy:
      return "wiphy";
    case KnobKind::interface:
      return "interface";
    case KnobKind::station:
      return "station";
  }
  return "";
}

std::optional<KnobKind> knob_kind_from_string(std::string_view word) {
  for (const auto kind : {KnobKind::wiphy, KnobKind::interface, KnobKind::station}) {
    if (word == to_string(kind)) return kind;
  }
  return std::nullopt;
}

std::string to_string(const MacAddress& address) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(17);
  for (const std::uint8_t octet : address.octets) {
    if (!text.empty()) text += ':';
    text += digits[octet >> 4];
    text += digits[octet & 15];
  }
  return text;
}

std::optional<MacAddress> mac_from_string(std::string_view text) {
  if (text.size() != 17) return std::nullopt;
  MacAddress address;
  for (std::size_t i = 0; i < address.octets.size(); ++i) {
    const auto high = nibble(text[3 * i]);
    const auto low = nibble(text[3 * i + 1]);
    if (!high || !low || (i < 5 && text[3 * i + 2] != ':')) return std::nullopt;
    address.octets[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return address;
}

}  // namespace pianissimo
