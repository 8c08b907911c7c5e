// How far down a domain may go by itself.
#pragma once

#include <chrono>
#include <optional>

#include "controller/core/units.hpp"

namespace pianissimo {

/// What LeaveSet says, of all interfaces of a domain together.
struct Leave {
  bool is_open = true;
  std::optional<std::chrono::seconds> proposals_hold;
  std::optional<Dbm> approved;

  /// Nothing is let that is lower than what is in force.
  bool is_upward_only() const { return !is_open || (proposals_hold && !approved); }
  friend bool operator==(const Leave&, const Leave&) = default;
};

}  // namespace pianissimo
