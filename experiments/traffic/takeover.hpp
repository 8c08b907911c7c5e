// The XDP programs that send on a TCP connection of the kernel's, and what they know of it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "controller/core/identity.hpp"
#include "experiments/traffic/dispatcher_seat.hpp"
#include "experiments/traffic/error.hpp"
#include "experiments/traffic/tcp_takeover.h"
#include "experiments/traffic/tcp_takeover.skel.h"

namespace pianissimo::traffic {

/// At an interface from its construction on; gone with the object, and with the process.
class Takeover {
 public:
  /// Only native XDP: generic XDP would see the peer's segments late and copied.
  static Result<Takeover> attach(const std::string& interface);
  Takeover(Takeover&& other) noexcept;
  Takeover& operator=(Takeover&&) = delete;
  ~Takeover();

  /// What the programs go by: written here, read there.
  tcp_takeover_connection& connection() const { return skeleton_->bss->connection; }
  MacAddress own_station() const;
  MacAddress peer_station() const;

  tcp_takeover_state look() const;
  void begin_with(const tcp_takeover_state& state) const;

  /// Sends up to so many segments of those that the peer has room for. errno, or 0.
  int send(std::span<const std::uint8_t> frame, std::uint64_t segments) const;
  /// Sends the first segment that is not acknowledged. errno, or 0.
  int send_after_timeout(std::span<const std::uint8_t> frame) const;

 private:
  struct Destroy {
    void operator()(tcp_takeover_bpf* skeleton) const { tcp_takeover_bpf__destroy(skeleton); }
  };
  using Skeleton = std::unique_ptr<tcp_takeover_bpf, Destroy>;

  Takeover(Skeleton skeleton, DispatcherSeat seat, int link);

  Skeleton skeleton_;
  DispatcherSeat seat_;
  int link_;
};

}  // namespace pianissimo::traffic
