#include "experiments/traffic/retransmission_timer.hpp"

#include <algorithm>
#include <chrono>

namespace pianissimo::traffic {
namespace {

constexpr Duration at_first = std::chrono::seconds{1};
constexpr Duration least = std::chrono::milliseconds{200};
constexpr Duration most = std::chrono::minutes{1};
constexpr Duration granularity = std::chrono::milliseconds{1};
constexpr int most_doublings = 10;

}  // namespace

RetransmissionTimer::RetransmissionTimer(Duration longest) : most_{std::min(longest, most)} {}

void RetransmissionTimer::measured(Duration round_trip) {
  if (!smoothed_) {
    smoothed_ = round_trip;
    variation_ = round_trip / 2;
    return;
  }
  variation_ = (3 * variation_ + std::chrono::abs(*smoothed_ - round_trip)) / 4;
  smoothed_ = (7 * *smoothed_ + round_trip) / 8;
}

void RetransmissionTimer::acknowledged(Duration now) {
  doublings_ = 0;
  started_ = now;
}

void RetransmissionTimer::start(Duration now) {
  if (!started_) started_ = now;
}

void RetransmissionTimer::stop() { started_.reset(); }

void RetransmissionTimer::expired(Duration now) {
  doublings_ = std::min(doublings_ + 1, most_doublings);
  started_ = now;
}

Duration RetransmissionTimer::timeout() const {
  const Duration once =
      smoothed_ ? std::max(*smoothed_ + std::max(granularity, 4 * variation_), least) : at_first;
  return std::min(once * (1 << doublings_), most_);
}

}  // namespace pianissimo::traffic
