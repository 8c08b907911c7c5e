// When a TCP sender sends again what nobody has acknowledged (RFC 6298): arithmetic on times since
// the start, without a clock.
#pragma once

#include <chrono>
#include <optional>

#include "controller/core/time.hpp"

namespace pianissimo::traffic {

class RetransmissionTimer {
 public:
  /// Never waits longer than `most`, nor than a minute.
  explicit RetransmissionTimer(Duration most = std::chrono::minutes{1});

  /// A round trip has been measured, of a segment that was sent once.
  void measured(Duration round_trip);
  /// New bytes are acknowledged: the time starts anew, and without the doubling.
  void acknowledged(Duration now);
  /// Something waits for an answer. No effect while the timer runs.
  void start(Duration now);
  /// Nothing waits.
  void stop();
  /// It was due: the time doubles and starts anew.
  void expired(Duration now);

  bool is_due(Duration now) const { return started_ && now >= *started_ + timeout(); }
  /// 1 s before the first measurement, then 200 ms (what Linux has; RFC 6298 has 1 s) to `most`.
  Duration timeout() const;
  /// The mean of the round trips, each an eighth of it; 0 before the first.
  Duration round_trip() const { return smoothed_.value_or(Duration{0}); }

 private:
  Duration most_;
  std::optional<Duration> smoothed_;
  Duration variation_{0};
  std::optional<Duration> started_;
  int doublings_ = 0;
};

}  // namespace pianissimo::traffic
