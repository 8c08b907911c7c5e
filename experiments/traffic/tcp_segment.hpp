// What the segments look like that a taken-over TCP connection sends.
#pragma once

#include <cstdint>
#include <vector>

#include "experiments/traffic/internet_frame.hpp"

namespace pianissimo::traffic {

struct TcpSegment {
  Ends ends;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint16_t window = 0;  ///< as in the header, already shifted
  bool has_timestamps = false;
  std::uint32_t payload_bytes = 0;  ///< at least 8
};

struct TcpFrame {
  std::vector<std::uint8_t> frame;  ///< zeros where segments differ
  std::uint32_t sum = 0;            ///< the checksum's words without those
};

/// The frame that all segments are made of: they differ in sequence number, acknowledgement,
/// timestamps, checksum, and in the first 8 bytes of payload.
TcpFrame tcp_frame(const TcpSegment& segment);

/// Bytes of TCP header.
constexpr std::size_t tcp_header_bytes(bool has_timestamps) { return has_timestamps ? 32 : 20; }

/// What is sent at this place of the stream, which is segments of one size: each begins with its
/// number, 64 bit and big-endian, so whoever reads can tell that all are there and in order.
std::uint8_t stream_byte(std::uint64_t offset, std::uint32_t segment_bytes);

}  // namespace pianissimo::traffic
