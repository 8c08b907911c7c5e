// TCP at the rate of live frames: the kernel opens a connection, XDP programs send on it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "controller/core/time.hpp"
#include "experiments/traffic/amount.hpp"
#include "experiments/traffic/error.hpp"

namespace pianissimo::traffic {

struct LiveTcpPlan {
  /// With native XDP, and in the network namespace of the calling thread. A veth takes frames only
  /// while its peer has an XDP program or GRO on.
  std::string interface;
  std::string address;                          ///< numeric, IPv4 or IPv6: somebody listens there
  std::uint16_t port = 9;                       ///< 1..65535
  unsigned cpu = 0;                             ///< where segments are made
  std::uint64_t bytes = 0;                      ///< to be sent, in whole segments; 0: no limit
  Duration duration{0};                         ///< 0: no limit
  Duration patience{std::chrono::seconds{30}};  ///< 1 s..1 h for an answer of the peer
};

struct LiveTcpReport {
  std::uint32_t segment_bytes = 0;  ///< payload of each, all alike
  std::uint64_t acknowledged = 0;   ///< bytes: what the peer has got
  Amount sent;                      ///< segments and their payload, each time that they were sent
  std::uint64_t resent = 0;         ///< of those, segments that had been sent before
  std::uint64_t repairs = 0;        ///< losses that duplicate acknowledgements told
  std::uint64_t timeouts = 0;       ///< times that nothing told, and the timer did
  std::uint64_t probes = 0;         ///< times that a closed window was asked for
  Duration window_closed{0};        ///< how long the peer took nothing
  Duration round_trip{0};           ///< smoothed; 0: none was measured
  Duration elapsed{0};              ///< from the first segment until all was acknowledged
  bool is_finished = false;         ///< the peer, too, has said that nothing more comes
};

/// Sends stream_byte()s until the bytes or the duration are over or `stop` is set (seen within
/// 100 ms), then waits until all are acknowledged and has the kernel close the connection. A peer
/// whose window is closed is waited for, except at the end of the duration and when stopped; one
/// that does not answer, or resets, is an error, and so is an interface without native XDP. Needs
/// CAP_BPF, CAP_NET_ADMIN and CAP_SYS_ADMIN.
Result<LiveTcpReport> send_live_tcp(const LiveTcpPlan& plan, const std::atomic<bool>& stop);

}  // namespace pianissimo::traffic
