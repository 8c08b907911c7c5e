// Attributes that are quantities, for the files of the codec.
#pragma once

#include <cstdlib>
#include <optional>

#include "controller/core/units.hpp"
#include "nl80211/attributes.hpp"

namespace pianissimo::nl80211 {

inline std::optional<Mhz> get_mhz(const Attributes& attributes, int type) {
  const auto mhz = attributes.get<std::uint32_t>(type);
  return mhz ? std::optional{Mhz{*mhz}} : std::nullopt;
}

/// A power level in mBm, signed or declared unsigned. What no radio has is no number: some drivers
/// answer with the smallest integer, times a hundred, when they do not know.
inline std::optional<Dbm> get_level(const Attributes& attributes, int type) {
  const auto mbm = attributes.get<std::int32_t>(type);
  return mbm && std::abs(std::int64_t{*mbm}) <= 30'000 ? std::optional{Dbm::from_mbm(*mbm)}
                                                       : std::nullopt;
}

}  // namespace pianissimo::nl80211
