// Whether a driver's counter of retries shows what is lost. mac80211 itself counts the tries of an
// aggregate after the first, and an aggregate of which some frames arrived is not tried again: its
// lost frames go out in the next one, and nobody counts them.
#pragma once

#include <deque>

#include "controller/core/time.hpp"
#include "controller/core/units.hpp"

namespace pianissimo {

/// Of one station. A rate control that goes down has seen many losses: where it does so and the
/// counter has grown by next to nothing, the counter does not show them.
class RetryWitness {
 public:
  /// What was sent between two readings.
  struct Sent {
    Instant at;
    Throughput rate;           ///< of the last transmission
    double transmissions = 0;  ///< first tries and repetitions
    double lost = 0;           ///< repeated or failed, as the driver counts
  };

  void on_reading(const Sent& sent);
  /// False once the rate has gone down without a loss that was counted, until it has gone down with
  /// losses more often. True as long as nothing is known.
  bool is_believed() const { return is_believed_; }

 private:
  void judge();

  std::deque<Sent> last_;  ///< the oldest first
  int silent_ = 0;         ///< falls without losses, less those with losses
  bool is_believed_ = true;
};

}  // namespace pianissimo
