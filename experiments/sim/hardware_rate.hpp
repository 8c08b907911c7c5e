// A rate control in firmware. The kernel sees the bit rate only, and what OpenWrt makes of it as
// "expected throughput" holds no loss at all.
#pragma once

#include <vector>

#include "experiments/sim/rate_control.hpp"

namespace pianissimo::sim {

/// One rate up after 300 ms below 10 % loss, one down as soon as 50 ms lost more than 30 %: our
/// assumption, since no firmware says what it does.
class HardwareRate final : public RateControl {
 public:
  /// `rates` must outlive it.
  explicit HardwareRate(const RateSet& rates);

  Chain next_chain(Instant now) override;
  void on_status(Instant now, const TxStatus& status) override;
  /// The time of 1024 bytes at the bit rate, and a sixteenth for "about 6 % loss" (OpenWrt's patch
  /// "estimate expected throughput if not provided by driver/rc").
  std::uint32_t expected_kbps() const override;

 private:
  const RateSet& rates_;
  std::vector<RateId> ladder_;  // each is faster and needs more signal than the one before
  std::size_t rung_ = 0;
  Instant window_end_{};
  int good_windows_ = 0;
  int attempts_ = 0;
  int acked_ = 0;
  bool used_ = false;
};

}  // namespace pianissimo::sim
