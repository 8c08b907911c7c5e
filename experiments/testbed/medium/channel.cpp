#include "experiments/testbed/medium/channel.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo::testbed {
namespace {

constexpr Seconds grid{0.01};

// One step of a first-order autoregressive process whose standard deviation stays `sd`.
double next(double value, double sd, double tau_s, double gauss) {
  const double keep = std::exp(-grid.count() / tau_s);
  return keep * value + sd * std::sqrt(1 - keep * keep) * gauss;
}

}  // namespace

double LossProfile::at(Seconds elapsed) const {
  const auto after = std::upper_bound(points.begin(), points.end(), elapsed,
                                      [](Seconds t, const LossPoint& p) { return t < p.at; });
  if (after == points.begin()) return points.empty() ? 0 : points.front().db;
  const LossPoint& left = *std::prev(after);
  if (after == points.end() || join == Join::step) return left.db;
  const double share = (elapsed - left.at) / (after->at - left.at);
  return left.db + share * (after->db - left.db);
}

Fading::Fading(const FadingParams& params, std::uint64_t seed) : params_{params}, random_{seed} {
  slow_db_ = params_.slow_sd_db * gauss_(random_);
  fast_db_ = params_.fast_sd_db * gauss_(random_);
}

double Fading::at(Seconds elapsed) {
  const auto wanted = static_cast<std::int64_t>(elapsed / grid);
  while (steps_done_ < wanted) advance();
  return slow_db_ + fast_db_ - shadow_db_;
}

void Fading::advance() {
  ++steps_done_;
  slow_db_ = next(slow_db_, params_.slow_sd_db, params_.slow_tau_s, gauss_(random_));
  fast_db_ = next(fast_db_, params_.fast_sd_db, params_.fast_tau_s, gauss_(random_));
  if (shadow_db_ > 0) {
    if (steps_done_ >= shadow_until_) shadow_db_ = 0;
    return;
  }
  std::uniform_real_distribution<double> unit;
  if (unit(random_) < params_.shadows_per_minute / 60 * grid.count()) {
    shadow_db_ = 3 + 5 * unit(random_);
    shadow_until_ = steps_done_ + static_cast<std::int64_t>((2 + 8 * unit(random_)) / grid.count());
  }
}

}  // namespace pianissimo::testbed
