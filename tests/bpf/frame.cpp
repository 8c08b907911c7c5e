#include "tests/bpf/frame.hpp"

namespace pianissimo::bpf {

Frame::Frame(const MacAddress& to, const MacAddress& from) {
  bytes_.insert(bytes_.end(), to.octets.begin(), to.octets.end());
  bytes_.insert(bytes_.end(), from.octets.begin(), from.octets.end());
}

Frame& Frame::type(std::uint16_t type) {
  bytes_.push_back(static_cast<std::uint8_t>(type >> 8));
  bytes_.push_back(static_cast<std::uint8_t>(type));
  return *this;
}

Frame& Frame::tag(std::uint16_t id, std::uint16_t protocol) { return type(protocol).type(id); }

Frame& Frame::ipv4(std::uint8_t protocol, std::size_t options) {
  type(0x0800);
  const std::size_t at = size();
  zeros(20 + options);
  bytes_[at] = static_cast<std::uint8_t>(0x40 | (20 + options) / 4);
  bytes_[at + 9] = protocol;
  return *this;
}

Frame& Frame::ipv6(std::uint8_t next_header) {
  type(0x86dd);
  const std::size_t at = size();
  zeros(40);
  bytes_[at] = 0x60;
  bytes_[at + 6] = next_header;
  return *this;
}

Frame& Frame::tcp(std::size_t options) {
  const std::size_t at = size();
  zeros(20 + options);
  bytes_[at + 12] = static_cast<std::uint8_t>((20 + options) / 4 << 4);
  return *this;
}

Frame& Frame::udp() { return zeros(8); }

Frame& Frame::up_to(std::size_t size) {
  bytes_.resize(size);
  return *this;
}

Frame& Frame::then(std::initializer_list<int> bytes) {
  const std::size_t at = size();
  return zeros(bytes.size()).set(at, bytes);
}

Frame& Frame::set(std::size_t at, std::initializer_list<int> bytes) {
  for (const int byte : bytes) bytes_.at(at++) = static_cast<std::uint8_t>(byte);
  return *this;
}

Frame& Frame::zeros(std::size_t count) { return up_to(size() + count); }

}  // namespace pianissimo::bpf
