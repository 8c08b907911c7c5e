#include "experiments/traffic/pace.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>

namespace pianissimo::traffic {
namespace {

// A signal between the look at `stop` and the sleep would be missed for as long as the sleep lasts.
constexpr Duration longest_sleep = std::chrono::milliseconds{100};

Duration monotonic() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

void sleep_until(Duration moment) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(moment);
  const timespec time{.tv_sec = seconds.count(), .tv_nsec = (moment - seconds).count()};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

}  // namespace

Pace::Pace(const std::atomic<bool>& stop) : stop_{stop}, start_{monotonic()} {}

Duration Pace::elapsed() const { return monotonic() - start_; }

bool Pace::wait_until(Duration elapsed) const {
  const Duration moment = start_ + elapsed;
  while (!stop_) {
    const Duration now = monotonic();
    if (now >= moment) return true;
    sleep_until(std::min(moment, now + longest_sleep));
  }
  return false;
}

}  // namespace pianissimo::traffic
