// What Minstrel-HT makes of its statistics, in the kernel's own integer arithmetic.
#pragma once

#include <cstdint>

#include "controller/core/station.hpp"
#include "experiments/import/orca_line.hpp"

namespace pianissimo::orca {

/// The estimated throughput of a rate in ten frames of 1200 bytes per second
/// (minstrel_ht_get_tp_avg()). `success` in 1/4096; 0 below 10 %, no more than at 90 %.
constexpr std::uint32_t estimated_throughput(std::uint32_t success, std::uint32_t overhead_us,
                                             std::uint32_t airtime_ns, std::uint32_t frames) {
  constexpr std::uint32_t tenth = 409;         // MINSTREL_FRAC(10, 100)
  constexpr std::uint32_t nine_tenths = 3686;  // MINSTREL_FRAC(90, 100)
  if (success < tenth) return 0;
  if (success > nine_tenths) success = nine_tenths;
  const std::uint64_t ns = std::uint64_t{1000} * overhead_us / frames + airtime_ns;
  if (ns == 0) return 0;
  return static_cast<std::uint32_t>((100 * (std::uint64_t{success} * 1'000'000 / ns)) >> 12U);
}

/// What nl80211 says of it (minstrel_ht_get_expected_throughput(), NL80211_STA_INFO_EXPECTED_-
/// THROUGHPUT): kbit of 1024 bit, taken for 1000 by everybody.
constexpr Throughput expected_throughput(std::uint32_t estimated) {
  return Throughput::from_kbps(std::int64_t{estimated} * 10 * 1200 * 8 / 1024);
}

/// Whether some success rate that shows as `permille` and some length of aggregates, 1..64, give
/// this estimate.
bool is_explained(const RateStats& stats, const Group& group, const StationAdded& overheads);

/// The PHY rate of HT and VHT; nullopt for what there is none of. `mcs` is that of one stream,
/// 0..9.
std::optional<Throughput> ofdm_rate(std::size_t mcs, std::int64_t streams, Mhz width,
                                    bool short_gi);

/// A rate of a group as nl80211 names it; nullopt if there is none such.
std::optional<BitRate> bit_rate(const Group& group, RateIndex rate);

}  // namespace pianissimo::orca
