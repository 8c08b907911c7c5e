#include "controller/core/signal.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo {
namespace {

// A frame's signal: noise of 1.5 dB, shown in whole dBm.
constexpr double frame_variance = 1.5 * 1.5 + 1.0 / 12;
// mac80211's mean (ewma_signal, an eighth of each new frame) after as many frames or more.
constexpr std::uint32_t mean_frames = 12;
constexpr double mean_variance = frame_variance / 12;
// A person who walks changes the signal by about 1 dB in a second.
constexpr double drift_per_s = 1;
constexpr double outlier_sds = 3;

}  // namespace

void SignalTracker::on_reading(Instant at, const StationSample& sample, bool acknowledged) {
  if (sample.ack_signal && acknowledged) {
    update(at, sample.ack_signal->value(), frame_variance);
    received_ = sample.rx_packets;
    return;
  }
  if (!sample.signal && !sample.signal_avg) return;
  const std::uint32_t came =
      received_ && sample.rx_packets ? *sample.rx_packets - *received_ : (received_ ? 0U : 1U);
  // A driver that does not count what it receives: each reading may be a new one.
  const bool is_new = !sample.rx_packets || came > 0;
  if (sample.rx_packets) received_ = sample.rx_packets;
  if (!is_new) return;
  if (sample.signal_avg && came >= mean_frames) {
    update(at, sample.signal_avg->value(), mean_variance);
  } else if (sample.signal) {
    update(at, sample.signal->value(), frame_variance);
  } else {
    update(at, sample.signal_avg->value(), frame_variance);
  }
}

double SignalTracker::uncertainty() const { return std::sqrt(variance_); }

void SignalTracker::update(Instant at, double seen, double variance) {
  ++frames_;
  if (!level_) {
    level_ = seen;
    variance_ = variance;
    at_ = at;
    return;
  }
  const double seconds = std::chrono::duration<double>(at - at_).count();
  at_ = at;
  variance_ = std::min(variance_ + drift_per_s * std::max(seconds, 0.0), 100.0);
  const double off = seen - *level_;
  const double expected = variance_ + variance;
  if (off * off > outlier_sds * outlier_sds * expected) {
    const int way = off > 0 ? 1 : -1;
    outliers_ = outliers_ * way > 0 ? outliers_ + way : way;
    if (outliers_ * way >= 2) {
      level_ = seen;
      variance_ = variance;
      outliers_ = 0;
    }
    return;
  }
  outliers_ = 0;
  const double gain = variance_ / expected;
  *level_ += gain * off;
  variance_ *= 1 - gain;
}

}  // namespace pianissimo
