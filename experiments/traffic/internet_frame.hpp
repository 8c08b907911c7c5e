// Frames of Ethernet and IP that no socket makes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "controller/core/identity.hpp"
#include "experiments/traffic/error.hpp"

namespace pianissimo::traffic {

struct InternetAddress {
  bool is_ipv6 = false;
  std::array<std::uint8_t, 16> octets{};  ///< of IPv4 the first four

  std::span<const std::uint8_t> bytes() const { return std::span{octets}.first(is_ipv6 ? 16 : 4); }
  friend bool operator==(const InternetAddress&, const InternetAddress&) = default;
};

/// "10.0.0.1" or "fd00::1", without a scope.
Result<InternetAddress> internet_address(const std::string& text);

struct Ends {
  MacAddress source_station;
  MacAddress destination_station;
  InternetAddress source;
  InternetAddress destination;  ///< of the same family
};

constexpr std::size_t ethernet_bytes = 14;
constexpr std::size_t ip_bytes(bool is_ipv6) { return is_ipv6 ? 40 : 20; }

/// A frame of `bytes` (at least the headers) with Ethernet and IP headers for this protocol, and
/// zeros after them. IPv4: not to be fragmented; its checksum is right for these `bytes`.
std::vector<std::uint8_t> internet_frame(const Ends& ends, std::uint8_t protocol,
                                         std::size_t bytes);

/// RFC 1071: the sum of big-endian words, an odd byte at the end being a high one.
std::uint32_t checksum_words(std::span<const std::uint8_t> bytes);

/// The sum in 16 bits, not yet inverted.
std::uint16_t folded(std::uint32_t sum);

/// What UDP and TCP have in their checksum of the addresses and the protocol, without their length.
std::uint32_t pseudo_header_sum(const Ends& ends, std::uint8_t protocol);

/// Writes a big-endian number.
void put16(std::span<std::uint8_t> frame, std::size_t at, std::uint16_t value);

}  // namespace pianissimo::traffic
