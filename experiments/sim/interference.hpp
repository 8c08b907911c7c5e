// Something else in the channel that comes and goes: a neighbour, a microwave oven, a camera.
#pragma once

#include "controller/core/time.hpp"
#include "experiments/sim/random.hpp"

namespace pianissimo::sim {

struct InterferenceParams {
  double on_s = 0.05;            ///< mean length of a burst (exponential), 0.0005..1000
  double off_s = 0.2;            ///< mean pause (exponential), 0.0005..1000
  double from_s = 0;             ///< of the measured part: silent before, 0..86400
  double until_s = 86'400;       ///< and after
  double at_stations_dbm = -85;  ///< over the whole channel, -120..-20
  /// What the access points hear; from the threshold of carrier sensing on they wait. -120..-20.
  double at_access_points_dbm = -120;
  friend bool operator==(const InterferenceParams&, const InterferenceParams&) = default;
};

/// A function of the seed and of time alone; each access point asks one of its own.
class Interference {
 public:
  /// `start`: of the measured part.
  Interference(const InterferenceParams& params, std::uint64_t seed, Instant start);

  /// Is it on? `now` never decreases.
  bool is_on(Instant now);
  /// If it is on: until when.
  Instant end() const { return end_; }

 private:
  InterferenceParams params_;
  Random random_;
  Instant from_;
  Instant until_;
  Instant begin_;
  Instant end_;
};

}  // namespace pianissimo::sim
