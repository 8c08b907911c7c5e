#include "experiments/traffic/internet_frame.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

namespace pianissimo::traffic {
namespace {

constexpr std::uint8_t hop_limit = 64;

void put(std::span<std::uint8_t> frame, std::size_t at, std::span<const std::uint8_t> bytes) {
  std::ranges::copy(bytes, frame.subspan(at).begin());
}

void put_ipv6(std::span<std::uint8_t> ip, const Ends& ends, std::uint8_t protocol) {
  ip[0] = 0x60;
  put16(ip, 4, static_cast<std::uint16_t>(ip.size() - ip_bytes(true)));
  ip[6] = protocol;
  ip[7] = hop_limit;
  put(ip, 8, ends.source.bytes());
  put(ip, 24, ends.destination.bytes());
}

void put_ipv4(std::span<std::uint8_t> ip, const Ends& ends, std::uint8_t protocol) {
  constexpr std::uint16_t do_not_fragment = 0x4000;
  ip[0] = 0x45;
  put16(ip, 2, static_cast<std::uint16_t>(ip.size()));
  put16(ip, 6, do_not_fragment);
  ip[8] = hop_limit;
  ip[9] = protocol;
  put(ip, 12, ends.source.bytes());
  put(ip, 16, ends.destination.bytes());
  const auto sum = folded(checksum_words(ip.first(ip_bytes(false))));
  put16(ip, 10, static_cast<std::uint16_t>(~sum));
}

}  // namespace

Result<InternetAddress> internet_address(const std::string& text) {
  InternetAddress address;
  if (inet_pton(AF_INET, text.c_str(), address.octets.data()) == 1) return address;
  address.is_ipv6 = true;
  if (inet_pton(AF_INET6, text.c_str(), address.octets.data()) == 1) return address;
  return Error{fmt::format("'{}' is not an IPv4 or IPv6 address", text), ExitStatus::usage};
}

std::vector<std::uint8_t> internet_frame(const Ends& ends, std::uint8_t protocol,
                                         std::size_t bytes) {
  const bool is_ipv6 = ends.destination.is_ipv6;
  std::vector<std::uint8_t> frame(bytes);
  put(frame, 0, ends.destination_station.octets);
  put(frame, 6, ends.source_station.octets);
  put16(frame, 12, is_ipv6 ? 0x86dd : 0x0800);
  const auto ip = std::span{frame}.subspan(ethernet_bytes);
  is_ipv6 ? put_ipv6(ip, ends, protocol) : put_ipv4(ip, ends, protocol);
  return frame;
}

std::uint32_t checksum_words(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8U : std::uint32_t{bytes[i]};
  }
  return sum;
}

std::uint16_t folded(std::uint32_t sum) {
  while (sum > 0xffff) sum = (sum >> 16U) + (sum & 0xffffU);
  return static_cast<std::uint16_t>(sum);
}

std::uint32_t pseudo_header_sum(const Ends& ends, std::uint8_t protocol) {
  return checksum_words(ends.source.bytes()) + checksum_words(ends.destination.bytes()) + protocol;
}

void put16(std::span<std::uint8_t> frame, std::size_t at, std::uint16_t value) {
  frame[at] = static_cast<std::uint8_t>(value >> 8U);
  frame[at + 1] = static_cast<std::uint8_t>(value & 0xffU);
}

}  // namespace pianissimo::traffic
