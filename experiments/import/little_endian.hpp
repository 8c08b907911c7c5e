// Numbers in captured bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace pianissimo::capture {

/// 1 to 4 bytes, the lowest first; what lies beyond the end counts as 0.
constexpr std::uint32_t little_endian(std::span<const std::uint8_t> bytes, std::size_t at,
                                      std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size && at + i < bytes.size(); ++i) {
    value |= std::uint32_t{bytes[at + i]} << (8 * i);
  }
  return value;
}

/// 2 bytes, the highest first; they must be there.
constexpr std::uint32_t big_endian_16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 8U | bytes[at + 1];
}

}  // namespace pianissimo::capture
