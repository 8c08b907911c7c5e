// What a station would do with, before a lower level was ever tried.
#include <algorithm>
#include <cmath>

#include "controller/policy/anchor_station.hpp"
#include "controller/policy/effect_test.hpp"

namespace pianissimo::anchor {
namespace {

// Above the weakest signal that the best receiver could do with: for a worse receiver (6 dB), for
// next to no losses instead of half of the frames (2 dB), and for fading (4 dB).
constexpr double for_certain = 12;

}  // namespace

// At its fastest rate and next to lossless, a station shows more than it needs; how much more, its
// own signal says. Who loses something, or is at a slower rate, shows nothing: there every decibel
// may count.
std::optional<Dbm> Station::enough(Instant at, Dbm level) const {
  const auto rate = sustained_rate();
  if (!rate || !signal_.level() || !is_clean()) return std::nullopt;
  const auto weakest = weakest_dbm(*rate);
  if (!weakest) return std::nullopt;
  const double path_loss = station_power - *signal_.level();
  const double needed = *weakest + for_certain + path_loss + (is_blind_ ? blind_margin : 0);
  const Dbm least = level - db(places_.room_below(at, level, false));
  const Dbm by_signal = dbm(static_cast<std::int32_t>(std::clamp(std::ceil(needed), -30.0, 60.0)));
  return std::min(level, std::max(by_signal, least));
}

}  // namespace pianissimo::anchor
