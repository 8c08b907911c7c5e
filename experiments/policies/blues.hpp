// Minstrel-Blues (Huehn, TU Berlin 2013): three powers. A *reference* whose success is beyond
// doubt, a *sample* that tries how much less will do, and the *data* power a little above the
// sample. The kernel's version picks one of them per frame; ours has one knob and takes turns.
// README.md says what else differs.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "controller/core/policy.hpp"

namespace pianissimo::policies {

/// Constants of the kernel patch (thuehn/Minstrel-Blues, tpc80211_blues.h) unless said otherwise.
struct BluesParams {
  Db span = db(2);  ///< data power above the sample, reference at least so far
  Db decrement = db(1);
  Db increment = db(2);
  double lower_within = 0.12;   ///< sample's success may be so much less: go lower
  double raise_beyond = 0.22;   ///< more than so much less: go higher
  double emergency = 0.30;      ///< reference's success below this: begin anew at the ceiling
  std::uint64_t enough = 35;    ///< attempts at either power for a judgement
  double weight_of_new = 0.25;  ///< in the average of success
  /// Turns: a tenth of the time is probing, as a tenth of the frames is with the original. Ours.
  std::chrono::milliseconds data_dwell{900};
  std::chrono::milliseconds probe_dwell{50};
};

std::unique_ptr<Policy> make_blues(const BluesParams& params = {});

}  // namespace pianissimo::policies
