// PARF (Akella, Judd, Seshan, Steenkiste 2005, as ns-3's ParfWifiManager has it): at the fastest
// rate, ten successes in a row make the power a step lower; failures make it higher before they
// make the rate lower. The original decides per frame and sets the rate, too; ours per reading,
// with the kernel's rate. README.md says what that means.
#pragma once

#include <memory>

#include "controller/core/policy.hpp"

namespace pianissimo::policies {

struct ParfParams {
  int successes = 10;  ///< in a row, for a step down (SuccessThreshold)
  int attempts = 15;   ///< or so many without two failures in a row (AttemptThreshold)
  /// A reading is a success if at least this share of its transmissions was acknowledged. Ours.
  double success = 0.5;
};

std::unique_ptr<Policy> make_parf(const ParfParams& params = {});

}  // namespace pianissimo::policies
