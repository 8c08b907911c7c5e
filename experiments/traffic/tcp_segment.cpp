#include "experiments/traffic/tcp_segment.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>

namespace pianissimo::traffic {
namespace {

constexpr std::uint32_t number_bytes = 8;
constexpr std::uint32_t pattern_period = 251;  // a prime: no size of segment is a multiple

}  // namespace

TcpFrame tcp_frame(const TcpSegment& segment) {
  constexpr std::uint16_t flags_ack = 0x10;
  const std::size_t header_bytes = tcp_header_bytes(segment.has_timestamps);
  const std::size_t tcp_at = ethernet_bytes + ip_bytes(segment.ends.destination.is_ipv6);
  const std::size_t tcp_bytes = header_bytes + segment.payload_bytes;
  TcpFrame made;
  made.frame = internet_frame(segment.ends, IPPROTO_TCP, tcp_at + tcp_bytes);
  const auto tcp = std::span{made.frame}.subspan(tcp_at);
  put16(tcp, 0, segment.source_port);
  put16(tcp, 2, segment.destination_port);
  put16(tcp, 12, static_cast<std::uint16_t>(header_bytes / 4 << 12U | flags_ack));
  put16(tcp, 14, segment.window);
  if (segment.has_timestamps) {
    constexpr std::array<std::uint8_t, 4> nop_nop_timestamps{1, 1, 8, 10};
    std::ranges::copy(nop_nop_timestamps, tcp.subspan(20).begin());
  }
  for (std::uint32_t i = number_bytes; i < segment.payload_bytes; ++i) {
    tcp[header_bytes + i] = stream_byte(i, segment.payload_bytes);
  }
  made.sum = folded(checksum_words(tcp) + pseudo_header_sum(segment.ends, IPPROTO_TCP) +
                    static_cast<std::uint32_t>(tcp_bytes));
  return made;
}

std::uint8_t stream_byte(std::uint64_t offset, std::uint32_t segment_bytes) {
  const std::uint64_t number = offset / segment_bytes;
  const auto place = static_cast<std::uint32_t>(offset % segment_bytes);
  if (place < number_bytes) {
    return static_cast<std::uint8_t>(number >> (8 * (number_bytes - 1 - place)));
  }
  return static_cast<std::uint8_t>(place % pattern_period);
}

}  // namespace pianissimo::traffic
