// One radio link over time: path loss by plan, fading by chance (seeded).
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

namespace pianissimo::testbed {

using Seconds = std::chrono::duration<double>;

struct LossPoint {
  Seconds at{};
  double db = 0;
  friend bool operator==(const LossPoint&, const LossPoint&) = default;
};

/// Path loss against time: points, ascending in time, joined by steps or by straight lines. Before
/// the first and after the last point their values hold.
struct LossProfile {
  enum class Join : std::uint8_t { step, line };
  std::vector<LossPoint> points;
  Join join = Join::step;

  static LossProfile constant(double db) { return {.points = {{.at = Seconds{0}, .db = db}}}; }
  double at(Seconds elapsed) const;
  friend bool operator==(const LossProfile&, const LossProfile&) = default;
};

/// Structure and size of fading. The defaults are those of measured static indoor links: within a
/// run the signal's standard deviation is 0.4..1.0 dB; about a third of it is gone after 0.1 s,
/// the rest lives for 5..15 s.
struct FadingParams {
  double slow_sd_db = 0.5;  ///< 0..10
  double slow_tau_s = 10;   ///< 0.01..1000
  double fast_sd_db = 0.4;  ///< 0..10
  double fast_tau_s = 0.3;  ///< 0.01..1000
  /// Independent from transmission to transmission, 0..10 dB. It also widens the error tables'
  /// waterfalls (0.6 dB) to what hardware shows (about 3 dB from 10 to 90 %).
  double packet_sd_db = 1.2;
  /// Bodies and doors: 3..8 dB more loss for 2..10 s, so many times per minute (0..60).
  double shadows_per_minute = 0;
  friend bool operator==(const FadingParams&, const FadingParams&) = default;

  static FadingParams none() {
    return {.slow_sd_db = 0, .fast_sd_db = 0, .packet_sd_db = 0, .shadows_per_minute = 0};
  }
};

/// The part of fading that has a memory; both directions of a link share it. A function of seed
/// and time alone: it walks on a grid of its own, however often it is asked, so that two runs of
/// one scenario meet the same channel whatever the controller does.
class Fading {
 public:
  Fading(const FadingParams& params, std::uint64_t seed);

  /// Gain in dB (negative: loss) at `elapsed`, which never decreases.
  double at(Seconds elapsed);

 private:
  void advance();

  FadingParams params_;
  std::mt19937_64 random_;
  std::normal_distribution<double> gauss_;
  std::int64_t steps_done_ = 0;
  double slow_db_ = 0;
  double fast_db_ = 0;
  double shadow_db_ = 0;
  std::int64_t shadow_until_ = 0;
};

}  // namespace pianissimo::testbed
