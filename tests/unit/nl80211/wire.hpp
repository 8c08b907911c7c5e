// Netlink messages put together byte by byte, by the protocol's text and not by the code under
// test: lengths and padding are computed here anew.
#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "nl80211/attributes.hpp"

namespace pianissimo::nl80211::wire {

static_assert(std::endian::native == std::endian::little, "the bytes below are little endian");

using Buffer = std::vector<std::byte>;

inline Buffer number(std::uint64_t value, std::size_t size) {
  Buffer bytes;
  for (std::size_t i = 0; i < size; ++i)
    bytes.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
  return bytes;
}
inline Buffer u8(std::uint64_t value) { return number(value, 1); }
inline Buffer u16(std::uint64_t value) { return number(value, 2); }
inline Buffer u32(std::uint64_t value) { return number(value, 4); }
inline Buffer u64(std::uint64_t value) { return number(value, 8); }

inline Buffer join(std::initializer_list<Buffer> parts) {
  Buffer whole;
  for (const Buffer& part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

inline void pad(Buffer& bytes) {
  while (bytes.size() % 4 != 0) bytes.push_back(std::byte{0});
}

/// A text with its NUL.
inline Buffer text(std::string_view words) {
  Buffer bytes;
  for (const char c : words) bytes.push_back(static_cast<std::byte>(c));
  bytes.push_back(std::byte{0});
  return bytes;
}

inline Buffer mac(std::uint8_t last) { return join({u8(2), u8(0), u8(0), u8(0), u8(1), u8(last)}); }

/// Length (header and payload), type, payload, padding that the length does not count.
inline Buffer attribute(unsigned type, const Buffer& payload) {
  Buffer bytes = join({u16(4 + payload.size()), u16(type), payload});
  pad(bytes);
  return bytes;
}

inline Buffer flag(unsigned type) { return attribute(type, {}); }

inline Buffer nest(unsigned type, std::initializer_list<Buffer> inside) {
  return attribute(type, join(inside));
}

/// As newer kernel code writes nests: with NLA_F_NESTED.
inline Buffer marked_nest(unsigned type, std::initializer_list<Buffer> inside) {
  return attribute(0x8000 | type, join(inside));
}

struct Head {
  unsigned type = 28;
  unsigned flags = 0;
  unsigned sequence = 1;
  unsigned port = 77;
};

/// Length, type, flags, sequence, port; then the payload and its padding.
inline Buffer message(const Head& head, const Buffer& payload) {
  Buffer bytes = join({u32(16 + payload.size()), u16(head.type), u16(head.flags),
                       u32(head.sequence), u32(head.port), payload});
  pad(bytes);
  return bytes;
}

/// A generic netlink message: command, version 1, two reserved bytes, attributes.
inline Buffer generic(const Head& head, unsigned command, const Buffer& attributes) {
  return message(head, join({u8(command), u8(1), u16(0), attributes}));
}

}  // namespace pianissimo::nl80211::wire
