// Who else sets a radio's power, as the kernel's tracepoint cfg80211:rdev_set_tx_power tells it.
#pragma once

#include <memory>
#include <vector>

#include "bpf/error.hpp"
#include "bpf/power_set.hpp"

namespace pianissimo::bpf {

/// Hears every process but this one. For one thread at a time.
class PowerSets {
 public:
  /// Error where tracefs, the tracepoint or the privilege (CAP_BPF and CAP_PERFMON) is missing, and
  /// in a PID namespace, where we do not know our own number.
  static Result<PowerSets> attach();

  ~PowerSets();
  PowerSets(PowerSets&&) noexcept;
  PowerSets& operator=(PowerSets&&) noexcept;

  /// Readable when there may be something to take. Stays ours.
  int descriptor() const;

  /// What was told since the last call, of each CPU in its order. More than some 40 calls on one
  /// CPU meanwhile are not all there.
  std::vector<PowerSet> take();

 private:
  struct Parts;
  explicit PowerSets(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace pianissimo::bpf
