// UDP towards an address, by a schedule.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "experiments/traffic/amount.hpp"
#include "experiments/traffic/schedule.hpp"

namespace pianissimo::traffic {

struct UdpPlan {
  std::string address;     ///< numeric, IPv4 or IPv6
  std::uint16_t port = 9;  ///< RFC 863, discard
  Flow flow;               ///< sizes are UDP payload
  std::size_t flows = 1;   ///< 1..1024, each from a port of its own
  std::uint64_t seed = 1;  ///< of the flows' phases
  Duration duration{0};    ///< 0: until told to stop
  int send_buffer = 0;     ///< SO_SNDBUF, bytes; 0: the kernel's default
};

/// Packets and the bytes of their payload.
struct UdpFlowReport {
  std::uint16_t source_port = 0;
  Amount sent;
  Amount failed;   ///< the kernel refused them: a full buffer or queue, no route for a while
  Amount skipped;  ///< more than 100 ms late: a sender that cannot keep up keeps the pattern
};

struct UdpReport {
  std::vector<UdpFlowReport> flows;
  std::map<int, std::uint64_t> failures;  ///< errno -> packets
  Duration elapsed{0};
};

/// Sends until the plan's duration is over or `stop` is set (seen within 100 ms). What the kernel
/// refuses later is counted, not an error.
Result<UdpReport> send_udp(const UdpPlan& plan, const std::atomic<bool>& stop);

}  // namespace pianissimo::traffic
