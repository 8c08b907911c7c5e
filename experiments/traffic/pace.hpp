// The clock that schedules are executed by.
#pragma once

#include <atomic>

#include "controller/core/time.hpp"

namespace pianissimo::traffic {

/// Times since its construction, by CLOCK_MONOTONIC.
class Pace {
 public:
  /// `stop` ends each wait; it may be set by a signal handler.
  explicit Pace(const std::atomic<bool>& stop);

  Duration elapsed() const;
  /// False when stopped, which is seen within 100 ms. A moment that is over is not waited for.
  bool wait_until(Duration elapsed) const;

 private:
  const std::atomic<bool>& stop_;
  Duration start_;
};

}  // namespace pianissimo::traffic
