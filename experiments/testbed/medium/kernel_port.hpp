// What the medium needs of the kernel, so that it can be tested without one.
#pragma once

#include <cstdint>
#include <span>

#include "experiments/testbed/medium/exchange.hpp"
#include "experiments/testbed/medium/frame.hpp"
#include "experiments/testbed/medium/truth.hpp"

namespace pianissimo::testbed {

/// A frame that a radio wants to send.
struct OutgoingFrame {
  Instant arrived{};
  int radio = 0;
  std::uint64_t cookie = 0;  ///< the kernel's name for it
  std::uint32_t flags = 0;
  std::uint32_t frequency_mhz = 0;
  Chain chain;
  Bytes bytes;

  /// Told by the changed module only: the frame belongs to a BlockAck session.
  static constexpr std::uint32_t aggregated = 1U << 3;
};

/// What became of it.
struct TransmitReport {
  int radio = 0;
  std::uint64_t cookie = 0;
  std::uint32_t flags = 0;  ///< those of the frame
  Chain used{};
  bool acked = false;
  int signal_dbm = 0;  ///< of the answer
  int mpdus = 0;       ///< > 0: it was an aggregate of so many
  int mpdus_acked = 0;
};

class KernelPort {
 public:
  virtual ~KernelPort() = default;
  /// False if the receiver's kernel refuses: interface down, or tuned to another channel.
  virtual bool deliver(int radio, std::span<const std::uint8_t> frame, int signal_dbm,
                       std::uint32_t frequency_mhz) = 0;
  /// False if the kernel does not know the frame. hwsim tells us about a frame *before* it puts it
  /// on its list of pending ones, so a quick report may come too early: try again a little later.
  /// (A frame without a report hangs for ever, and its sender with it.)
  virtual bool report(const TransmitReport& report) = 0;
};

class PowerSource {
 public:
  virtual ~PowerSource() = default;
  /// The AP's transmit power, dBm.
  virtual double power_dbm(Instant now) = 0;
};

}  // namespace pianissimo::testbed
