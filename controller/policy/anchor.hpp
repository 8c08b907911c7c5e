// Lowers the power while every station keeps its throughput; controller/policy/README.md says how.
#pragma once

#include <chrono>
#include <memory>

#include "controller/core/policy.hpp"

namespace pianissimo {

struct AnchorParams {
  /// A station keeps at least this share of the throughput it would have at the ceiling. Range
  /// (0, 1].
  double keep = 0.97;
  /// How long a level is watched before a lower one is tried. Range 1 ms..60 s.
  std::chrono::milliseconds step_dwell{400};
  /// After a step up, while the rate control climbs back: only losses count. Range 1 ms..60 s.
  std::chrono::milliseconds climb{1200};
  /// The time until a level that was too low for a station is tried again. It doubles after each
  /// failure. Range 1 ms..1 h.
  std::chrono::milliseconds retry_first{20'000};
  std::chrono::milliseconds retry_longest{600'000};
  /// How long the need of a station counts after its last frame was sent. Range 1 ms..1 h.
  std::chrono::milliseconds say{60'000};
  /// The shortest time between visits that renew a doubtful reference. Range 1 s..1 h.
  std::chrono::milliseconds visit_every{60'000};
  std::chrono::milliseconds visit_dwell{600};

  // Each part can be switched off, for seeing what it is worth.
  bool coarse = true;        ///< large steps while nothing is lost
  bool watchman = true;      ///< losses add up to an alarm (CUSUM)
  bool emergency = true;     ///< a collapse is answered at once
  bool feed_forward = true;  ///< the station's signal moves the power
  bool places = true;        ///< what was learnt moves with the station's signal
  bool visits = true;        ///< the reference is renewed
  bool memory = true;        ///< of stations that come back
  bool effect_test = true;   ///< a knob without effect is found
  friend bool operator==(const AnchorParams&, const AnchorParams&) = default;
};

std::unique_ptr<Policy> make_anchor(const AnchorParams& params);

}  // namespace pianissimo
