// Time as the core sees it: an argument. The clock has no now(), so asking it does not compile.
#pragma once

#include <chrono>

namespace pianissimo {

/// Tag of the time line every event is stamped on. Live it is CLOCK_MONOTONIC, in a simulation the
/// simulated time, in a replay the journal's.
struct EventClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<EventClock>;
  static constexpr bool is_steady = true;
};

using Duration = EventClock::duration;
using Instant = EventClock::time_point;

}  // namespace pianissimo
