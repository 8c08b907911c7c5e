// mac80211_hwsim's netlink protocol. https://docs.kernel.org/networking/mac80211_hwsim has the
// outline; the constants are those of drivers/net/wireless/mac80211_hwsim.h (not a uapi header).
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "experiments/testbed/medium/kernel_port.hpp"
#include "experiments/testbed/medium/netlink.hpp"

namespace pianissimo::testbed {

/// Parses HWSIM_CMD_FRAME; nullopt if something is missing that we cannot do without.
std::optional<OutgoingFrame> parse_frame(const Attributes& attributes);

/// The other end of every simulated radio.
///
/// The kernel handles a request while it is being sent, so its answer is in our queue when send()
/// returns, possibly behind frames. deliver() and report() read up to their answer and keep the
/// frames in an inbox; so they know what became of the request without waiting.
class Hwsim final : public KernelPort {
 public:
  /// Registers as the medium. Throws with a readable message.
  Hwsim();

  int fd() const { return socket_.fd(); }
  /// Frames wait that poll() on fd() does not tell about.
  bool has_inbox() const { return !inbox_.empty(); }
  /// The next frame a radio wants to send; does not wait. `now` is its time of arrival.
  std::optional<OutgoingFrame> next(Instant now);

  bool deliver(int radio, std::span<const std::uint8_t> frame, int signal_dbm,
               std::uint32_t frequency_mhz) override;
  bool report(const TransmitReport& report) override;

 private:
  bool accepted(Request& request);
  void take(const Message& message);

  NetlinkSocket socket_;
  std::uint16_t family_ = 0;
  std::deque<OutgoingFrame> inbox_;
};

}  // namespace pianissimo::testbed
