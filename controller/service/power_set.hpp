// What another process has asked the kernel for.
#pragma once

#include <optional>

#include "controller/core/events.hpp"

namespace pianissimo::service {

/// A power that somebody else has set for a radio or for an interface on it. Whether the kernel
/// took it, only a reading shows.
struct PowerSet {
  Instant at;  ///< when we were told
  WiphyIndex wiphy{};
  PowerSetter by;
  std::optional<Dbm> level;  ///< nullopt: automatic
  friend bool operator==(const PowerSet&, const PowerSet&) = default;
};

}  // namespace pianissimo::service
