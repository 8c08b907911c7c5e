// Generic netlink, as little of it as the medium needs. Raw instead of libnl: hwsim's own socket
// carries requests, their answers and a stream of frames at once, and the order between them
// matters (see hwsim.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "experiments/testbed/medium/frame.hpp"

namespace pianissimo::testbed {

/// A request under construction.
class Request {
 public:
  Request(std::uint16_t family, std::uint8_t command, std::uint16_t flags = 0);

  Request& put(std::uint16_t type, std::span<const std::uint8_t> payload);
  template <class T>
  Request& put(std::uint16_t type, const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::array<std::uint8_t, sizeof(T)> bytes{};
    std::memcpy(bytes.data(), &value, sizeof(T));
    return put(type, std::span<const std::uint8_t>{bytes});
  }

  const Bytes& finish(std::uint32_t sequence);

 private:
  Bytes bytes_;
};

/// The attributes of a message, looked up one by one. Absence is a value; so is a wrong size.
class Attributes {
 public:
  explicit Attributes(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

  std::optional<std::span<const std::uint8_t>> bytes(std::uint16_t type) const;
  template <class T>
  std::optional<T> get(std::uint16_t type) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto payload = bytes(type);
    if (!payload || payload->size() < sizeof(T)) return std::nullopt;
    T value{};
    std::memcpy(&value, payload->data(), sizeof(T));
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

/// One received message; the bytes must outlive it.
struct Message {
  std::uint16_t type = 0;
  std::uint32_t sequence = 0;
  std::uint8_t command = 0;  ///< of generic netlink; 0 in an error or acknowledgement
  std::optional<int> error;  ///< errno, 0: an acknowledgement
  std::span<const std::uint8_t> attributes;

  /// nullopt if it is not a whole message.
  static std::optional<Message> parse(std::span<const std::uint8_t> bytes);
};

class NetlinkSocket {
 public:
  /// Throws std::system_error.
  NetlinkSocket();
  NetlinkSocket(const NetlinkSocket&) = delete;
  NetlinkSocket& operator=(const NetlinkSocket&) = delete;
  ~NetlinkSocket();

  int fd() const { return fd_; }
  /// Throws std::runtime_error if the kernel has no such family.
  std::uint16_t resolve(const std::string& family);
  /// Returns the request's sequence number; throws std::system_error.
  std::uint32_t send(Request& request);
  /// The next datagram, waiting for it at most `patience`; empty if none came.
  std::span<const std::uint8_t> receive(std::chrono::milliseconds patience);

 private:
  int fd_ = -1;
  std::uint32_t sequence_ = 0;
  Bytes buffer_;
};

}  // namespace pianissimo::testbed
