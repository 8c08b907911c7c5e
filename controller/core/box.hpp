// The levels a domain may use.
#pragma once

#include <algorithm>
#include <optional>

#include "controller/core/units.hpp"

namespace pianissimo {

/// Floor and ceiling, both whole dBm, both usable; never empty. Levels lie 1 dB apart: that is the
/// step of the nl80211 path, whatever the chip can do.
class Box {
 public:
  /// The box between `floor` and `ceiling`, each taken down to a whole dBm. A ceiling below the
  /// floor wins, since it may be a legal limit: then the ceiling is the only level.
  constexpr Box(Dbm floor, Dbm ceiling)
      : ceiling_{ceiling.whole()}, floor_{std::min(floor.whole(), ceiling_)} {}

  constexpr Dbm floor() const { return floor_; }
  constexpr Dbm ceiling() const { return ceiling_; }
  constexpr int levels() const { return (ceiling_ - floor_).mb() / 100 + 1; }
  constexpr bool contains(Dbm level) const { return floor_ <= level && level <= ceiling_; }
  constexpr Dbm clamp(Dbm level) const { return std::clamp(level.whole(), floor_, ceiling_); }
  friend constexpr bool operator==(const Box&, const Box&) = default;

 private:
  Dbm ceiling_;
  Dbm floor_;
};

/// The operator's share of the box; the rest comes from the channel and from the power found.
struct BoxParams {
  /// Lowest level ever used, whole dBm, 0..30. Not 0 by default: scripts all over this field take
  /// "0" for "not set" and go to maximum (openwrt/openwrt#22855).
  Dbm floor = dbm(1);
  /// Highest level ever used, whole dBm, 0..36; absent: only min(channel maximum, power found).
  std::optional<Dbm> ceiling;
  friend bool operator==(const BoxParams&, const BoxParams&) = default;
};

}  // namespace pianissimo
