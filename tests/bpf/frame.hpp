// Frames as one reads them: Frame{to, from}.tag(7).ipv4(IPPROTO_TCP).tcp().up_to(1514)
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "controller/core/identity.hpp"

namespace pianissimo::bpf {

class Frame {
 public:
  Frame(const MacAddress& to, const MacAddress& from);

  /// What follows the addresses, or a tag: 0x0800 and so on; a length below 0x600.
  Frame& type(std::uint16_t type);
  Frame& tag(std::uint16_t id, std::uint16_t protocol = 0x8100);
  /// With their types and without addresses; options are filled up with zeros.
  Frame& ipv4(std::uint8_t protocol, std::size_t options = 0);
  Frame& ipv6(std::uint8_t next_header);
  Frame& tcp(std::size_t options = 0);
  Frame& udp();

  Frame& up_to(std::size_t size);
  /// Bytes as they are, at the end.
  Frame& then(std::initializer_list<int> bytes);
  /// Bytes in the place of others.
  Frame& set(std::size_t at, std::initializer_list<int> bytes);

  std::size_t size() const { return bytes_.size(); }
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  Frame& zeros(std::size_t count);

  std::vector<std::uint8_t> bytes_;
};

}  // namespace pianissimo::bpf
