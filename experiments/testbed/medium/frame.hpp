// What the medium reads in an 802.11 frame, and the one frame it writes itself.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pianissimo::testbed {

using MacAddress = std::array<std::uint8_t, 6>;
using Bytes = std::vector<std::uint8_t>;

std::string to_string(const MacAddress& mac);

/// hwsim's radio number N owns 02:00:00:00:NN:00 and, for its second interface and as the name in
/// netlink messages, 42:00:00:00:NN:00.
std::optional<int> radio_of(const MacAddress& mac);
MacAddress netlink_address_of(int radio);
MacAddress station_address_of(int radio);

/// A view of a frame without FCS; the bytes must outlive it.
class FrameView {
 public:
  /// nullopt if there is not even a receiver's address.
  static std::optional<FrameView> parse(std::span<const std::uint8_t> bytes);

  MacAddress receiver() const { return address(4); }
  /// Absent in the shortest control frames.
  std::optional<MacAddress> transmitter() const;
  bool is_multicast() const { return (bytes_[4] & 1U) != 0; }
  /// Data that carries something: null frames only tell about power saving.
  bool is_data() const;
  bool is_addba_request() const;
  /// The receiver's "no" (status 37, declined) to an ADDBA request; only if is_addba_request().
  Bytes addba_refusal() const;

 private:
  explicit FrameView(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}
  MacAddress address(std::size_t offset) const;

  std::span<const std::uint8_t> bytes_;
};

}  // namespace pianissimo::testbed
