// Frames and captures as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/station.hpp"

namespace pianissimo::capture::test {

using Bytes = std::vector<std::uint8_t>;

inline const MacAddress alice = *mac_from_string("02:00:00:00:00:0a");
inline const MacAddress bob = *mac_from_string("02:00:00:00:00:0b");
inline const MacAddress access_point = *mac_from_string("02:00:00:00:00:01");
inline const MacAddress broadcast = *mac_from_string("ff:ff:ff:ff:ff:ff");

inline std::uint32_t size_of(const Bytes& bytes) {
  return static_cast<std::uint32_t>(bytes.size());
}

inline void append(Bytes& to, const MacAddress& address) {
  to.insert(to.end(), address.octets.begin(), address.octets.end());
}
inline void append_little(Bytes& to, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// Destination, source, tags, EtherType 0x0800, payload.
inline Bytes ethernet(const MacAddress& to, const MacAddress& from, std::size_t payload,
                      const Bytes& tags = {}) {
  Bytes bytes;
  append(bytes, to);
  append(bytes, from);
  bytes.insert(bytes.end(), tags.begin(), tags.end());
  bytes.insert(bytes.end(), {0x08, 0x00});
  bytes.resize(bytes.size() + payload);
  return bytes;
}

struct Header {
  MacAddress receiver;
  MacAddress sender;
  bool from_ds = false;
  bool to_ds = false;
  bool is_retry = false;
  std::uint16_t sequence = 0;
  std::uint8_t traffic_class = 0;
};

/// QoS data (type 2, subtype 8): control, duration, three addresses, sequence control, with to_ds
/// and from_ds a fourth address, QoS control.
inline Bytes data_frame(const Header& header, std::size_t payload) {
  Bytes bytes{0x88, static_cast<std::uint8_t>((header.to_ds ? 1 : 0) | (header.from_ds ? 2 : 0) |
                                              (header.is_retry ? 8 : 0))};
  append_little(bytes, 0, 2);
  append(bytes, header.receiver);
  append(bytes, header.sender);
  append(bytes, access_point);
  append_little(bytes, header.sequence, 2);
  if (header.to_ds && header.from_ds) append(bytes, broadcast);
  append_little(bytes, header.traffic_class, 2);
  bytes.resize(bytes.size() + payload);
  return bytes;
}

struct Radio {
  std::uint8_t flags = 0;
  std::uint8_t rate = 12;  ///< in 500 kbit/s
  std::int8_t signal = -50;
};

/// Version, pad, length, present (flags, rate, signal), then these three bytes.
inline Bytes radiotap(const Radio& radio, const Bytes& frame) {
  Bytes bytes{0, 0, 11, 0};
  append_little(bytes, 1U << 1U | 1U << 2U | 1U << 5U, 4);
  bytes.push_back(radio.flags);
  bytes.push_back(radio.rate);
  bytes.push_back(static_cast<std::uint8_t>(radio.signal));
  bytes.insert(bytes.end(), frame.begin(), frame.end());
  return bytes;
}

/// Version, pad, length, presence, then the fields as they are.
inline Bytes radiotap_of(std::uint32_t present, const Bytes& fields, const Bytes& frame) {
  Bytes bytes{0, 0};
  append_little(bytes, 8 + fields.size(), 2);
  append_little(bytes, present, 4);
  bytes.insert(bytes.end(), fields.begin(), fields.end());
  bytes.insert(bytes.end(), frame.begin(), frame.end());
  return bytes;
}

/// The status of a frame that the capturing machine sent: rate, dBm TX power (or the pad in its
/// place), TX flags, data retries.
struct Status {
  std::optional<std::int8_t> power;
  std::uint8_t rate = 108;  ///< in 500 kbit/s
  bool has_failed = false;
  std::uint8_t data_retries = 0;
};

inline Bytes sent(const Status& status, const Bytes& frame) {
  const std::uint32_t power = status.power ? 1U << 10U : 0;
  return radiotap_of(1U << 2U | power | 1U << 15U | 1U << 17U,
                     {status.rate, static_cast<std::uint8_t>(status.power.value_or(0)),
                      static_cast<std::uint8_t>(status.has_failed ? 1 : 0), 0, status.data_retries},
                     frame);
}

inline Bytes words(const std::vector<std::uint32_t>& values, int size) {
  Bytes bytes;
  for (const std::uint32_t value : values) append_little(bytes, value, size);
  return bytes;
}

inline void append_big(Bytes& to, std::uint64_t value, int size) {
  for (int i = size; i-- > 0;) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// Destination, source, length, then so many bytes of MSDU and zeros to a multiple of 4.
inline void append_subframe(Bytes& to, std::uint16_t bytes, bool is_last = false) {
  const std::size_t begin = to.size();
  append(to, alice);
  append(to, bob);
  append_big(to, bytes, 2);
  to.resize(to.size() + bytes, 0xaa);
  if (!is_last) to.resize(begin + (to.size() - begin + 3) / 4 * 4);
}

/// Linux cooked, version 1: packet type, ARPHRD, length of the address, address, protocol.
inline Bytes cooked(std::uint16_t type, const MacAddress& sender, std::size_t payload,
                    std::uint16_t hardware = 1) {
  Bytes bytes;
  append_big(bytes, type, 2);
  append_big(bytes, hardware, 2);
  append_big(bytes, 6, 2);
  append(bytes, sender);
  append_big(bytes, 0, 2);
  append_big(bytes, 0x0800, 2);
  bytes.resize(bytes.size() + payload);
  return bytes;
}

/// Version 2: protocol, zero, interface, ARPHRD, packet type, length of the address, address.
inline Bytes cooked2(std::uint32_t interface, std::uint8_t type, const MacAddress& sender,
                     std::size_t payload) {
  Bytes bytes;
  append_big(bytes, 0x0800, 2);
  append_big(bytes, 0, 2);
  append_big(bytes, interface, 4);
  append_big(bytes, 1, 2);
  bytes.push_back(type);
  bytes.push_back(6);
  append(bytes, sender);
  append_big(bytes, 0, 2);
  bytes.resize(bytes.size() + payload);
  return bytes;
}

/// Of a rate whose other fields are not looked at.
inline std::optional<Throughput> speed(const std::optional<BitRate>& rate) {
  return rate ? std::optional{rate->rate} : std::nullopt;
}

struct Packet {
  std::int64_t us = 0;  ///< as the file has it: seconds below 2^32
  Bytes bytes;
};

/// A classic pcap file: magic, version 2.4, zone, accuracy, snapshot length, link type; then each
/// packet with its seconds, microseconds, captured length and length.
inline std::string pcap(std::uint32_t link, const std::vector<Packet>& packets) {
  Bytes file;
  append_little(file, 0xa1b2c3d4, 4);
  append_little(file, 2, 2);
  append_little(file, 4, 2);
  append_little(file, 0, 8);
  append_little(file, 65'535, 4);
  append_little(file, link, 4);
  for (const Packet& packet : packets) {
    append_little(file, static_cast<std::uint64_t>(packet.us / 1'000'000), 4);
    append_little(file, static_cast<std::uint64_t>(packet.us % 1'000'000), 4);
    append_little(file, packet.bytes.size(), 4);
    append_little(file, packet.bytes.size(), 4);
    file.insert(file.end(), packet.bytes.begin(), packet.bytes.end());
  }
  return {file.begin(), file.end()};
}

}  // namespace pianissimo::capture::test
