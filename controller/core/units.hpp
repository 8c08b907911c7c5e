// Quantities as types. A power *level* (dBm) is a point, a *gain* (dB) is a difference: level +
// gain and level - level mean something, level + level does not compile.
#pragma once

#include <compare>
#include <cstdint>

namespace pianissimo {

/// A ratio of powers, in decibel. Stored in millibel (1 dB = 100 mB), the unit nl80211 speaks.
class Db {
 public:
  constexpr Db() = default;
  static constexpr Db from_mb(std::int32_t millibel) { return Db{millibel}; }
  constexpr std::int32_t mb() const { return millibel_; }
  constexpr double value() const { return millibel_ / 100.0; }

  friend constexpr auto operator<=>(Db, Db) = default;
  friend constexpr Db operator+(Db a, Db b) { return Db{a.millibel_ + b.millibel_}; }
  friend constexpr Db operator-(Db a, Db b) { return Db{a.millibel_ - b.millibel_}; }
  friend constexpr Db operator-(Db a) { return Db{-a.millibel_}; }
  friend constexpr Db operator*(std::int32_t n, Db a) { return Db{n * a.millibel_}; }

 private:
  explicit constexpr Db(std::int32_t millibel) : millibel_{millibel} {}
  std::int32_t millibel_ = 0;
};

/// A power level relative to one milliwatt. Stored in mBm (NL80211_ATTR_WIPHY_TX_POWER_LEVEL).
class Dbm {
 public:
  constexpr Dbm() = default;
  static constexpr Dbm from_mbm(std::int32_t mbm) { return Dbm{mbm}; }
  constexpr std::int32_t mbm() const { return mbm_; }
  constexpr double value() const { return mbm_ / 100.0; }

  /// The highest whole dBm not above this level: mac80211 refuses fractions
  /// (ieee80211_set_tx_power(): mbm % 100 -> EOPNOTSUPP).
  constexpr Dbm whole() const {
    const std::int32_t below = mbm_ % 100 < 0 ? 100 + mbm_ % 100 : mbm_ % 100;
    return Dbm{mbm_ - below};
  }

  friend constexpr auto operator<=>(Dbm, Dbm) = default;
  friend constexpr Dbm operator+(Dbm level, Db gain) { return Dbm{level.mbm_ + gain.mb()}; }
  friend constexpr Dbm operator-(Dbm level, Db gain) { return Dbm{level.mbm_ - gain.mb()}; }
  friend constexpr Db operator-(Dbm a, Dbm b) { return Db::from_mb(a.mbm_ - b.mbm_); }

 private:
  explicit constexpr Dbm(std::int32_t mbm) : mbm_{mbm} {}
  std::int32_t mbm_ = 0;
};

constexpr Db db(std::int32_t whole) { return Db::from_mb(100 * whole); }
constexpr Dbm dbm(std::int32_t whole) { return Dbm::from_mbm(100 * whole); }

/// Data per time, in bits per second.
class Throughput {
 public:
  constexpr Throughput() = default;
  static constexpr Throughput from_bps(std::int64_t bps) { return Throughput{bps}; }
  static constexpr Throughput from_kbps(std::int64_t kbps) { return Throughput{kbps * 1000}; }
  constexpr std::int64_t bps() const { return bps_; }
  constexpr std::int64_t kbps() const { return bps_ / 1000; }
  constexpr double mbps() const { return static_cast<double>(bps_) / 1e6; }
  constexpr bool is_zero() const { return bps_ == 0; }

  friend constexpr auto operator<=>(Throughput, Throughput) = default;
  friend constexpr Throughput operator*(double share, Throughput t) {
    return Throughput{static_cast<std::int64_t>(share * static_cast<double>(t.bps_))};
  }

 private:
  explicit constexpr Throughput(std::int64_t bps) : bps_{bps} {}
  std::int64_t bps_ = 0;
};

/// A frequency or a channel width, in MHz.
class Mhz {
 public:
  constexpr Mhz() = default;
  explicit constexpr Mhz(std::uint32_t mhz) : mhz_{mhz} {}
  constexpr std::uint32_t value() const { return mhz_; }
  friend constexpr auto operator<=>(Mhz, Mhz) = default;

 private:
  std::uint32_t mhz_ = 0;
};

}  // namespace pianissimo
