#include "controller/policy/effect_test.hpp"

#include <array>
#include <cmath>

#include "controller/core/elementary.hpp"

namespace pianissimo::anchor {
namespace {

// MCS 0 to 13: BPSK 1/2 to 4096-QAM 5/6.
constexpr std::array<double, 14> needed_snr{-0.9, 2.1,  4.6,  7.5,  10.6, 14.8, 16.2,
                                            17.7, 21.3, 23.1, 26.4, 28.4, 31.5, 33.5};
constexpr double noise_figure = 3;
constexpr double spare = 3;

}  // namespace

std::optional<double> weakest_dbm(const BitRate& rate) {
  if (!rate.mcs || rate.format == RateFormat::legacy || rate.width.value() == 0) {
    return std::nullopt;
  }
  const bool is_ht = rate.format == RateFormat::ht;
  const auto mcs = static_cast<std::size_t>(is_ht ? *rate.mcs % 8 : *rate.mcs);
  const int streams = is_ht ? *rate.mcs / 8 + 1 : rate.nss.value_or(1);
  if (mcs >= needed_snr.size() || streams < 1) return std::nullopt;
  const double noise = -174 + 60 + 10 * logarithm10(rate.width.value()) + noise_figure;
  return noise + needed_snr.at(mcs) + 10 * logarithm10(streams);
}

bool is_impossible(const BitRate& rate, Dbm level, double signal) {
  const auto weakest = weakest_dbm(rate);
  return weakest && level.value() + signal - station_power < *weakest - spare;
}

}  // namespace pianissimo::anchor
