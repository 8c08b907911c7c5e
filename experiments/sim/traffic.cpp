#include "experiments/sim/traffic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pianissimo::sim {
namespace {

constexpr double idle_frames_per_second = 0.2;

Duration seconds(double s) { return Duration{std::llround(s * 1e9)}; }

}  // namespace

int frame_bytes(const TrafficParams& traffic) {
  constexpr int header = 26 + 8 + 20 + 8;
  return traffic.bytes + header;
}

Traffic::Traffic(const TrafficParams& params, std::uint64_t seed, Instant from)
    : params_{params}, random_{seed}, next_{from} {
  if (params_.kind == TrafficParams::Kind::idle) {
    params_.frames_per_second = idle_frames_per_second;
    params_.burst = 1;
  }
  if (is_saturated()) return;
  const bool web = params_.kind == TrafficParams::Kind::web;
  next_ +=
      seconds(random_.unit() * (web ? params_.pause_s : params_.burst / params_.frames_per_second));
}

std::int64_t Traffic::arrived(Instant now, std::int64_t enough) {
  if (is_saturated()) return enough;
  std::int64_t frames = 0;
  while (next_ <= now) frames += take_one();
  return frames;
}

std::int64_t Traffic::take_one() {
  if (params_.kind != TrafficParams::Kind::web) {
    next_ += seconds(params_.burst / params_.frames_per_second);
    return params_.burst;
  }
  next_ += seconds(std::max(0.001, random_.exponential(params_.pause_s)));
  // exp(-1/2): the mean of a log-normal with sigma 1 is then the mean asked for.
  const double kilobytes = params_.page_kilobytes * std::exp(random_.gauss() - 0.5);
  return std::max<std::int64_t>(1, std::llround(1000 * kilobytes / params_.bytes));
}

std::int64_t Traffic::queue_limit() const {
  if (params_.kind == TrafficParams::Kind::web) return std::numeric_limits<std::int64_t>::max() / 2;
  const std::int64_t bursts = 1000 / params_.burst;
  return bursts * params_.burst;
}

}  // namespace pianissimo::sim
