// TIP OpenWiFi RRM's measure_ap_client (Telecominfraproject/wlan-cloud-rrm): a link budget instead
// of a measurement. The weakest station's signal says which power gives it the SNR of a chosen MCS.
#pragma once

#include <chrono>
#include <memory>

#include "controller/core/policy.hpp"

namespace pianissimo::policies {

struct RrmParams {
  int target_mcs = 8;  ///< 0..9
  /// Between two computations; the first comes after `first`. The original runs by a timetable of
  /// the operator's; these are ours.
  std::chrono::milliseconds first{5'000};
  std::chrono::milliseconds period{60'000};
};

/// The original's formula, dBm before rounding: lowest SNR of the MCS + power - signal + noise of
/// the width + noise figure (6 dB) - margin (2 dB). The margin is taken off, as in the original.
double rrm_power_dbm(int mcs, Dbm power, Dbm signal, Mhz width);

std::unique_ptr<Policy> make_rrm(const RrmParams& params = {});

}  // namespace pianissimo::policies
