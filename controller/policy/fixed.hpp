// The baselines: a level that never moves.
#pragma once

#include <variant>

#include "controller/core/policy.hpp"

namespace pianissimo {

struct FixedParams {
  enum class Edge : std::uint8_t { max, min };
  /// The ceiling, the floor, or a level (taken into the box).
  std::variant<Edge, Dbm> level = Edge::max;
  friend bool operator==(const FixedParams&, const FixedParams&) = default;
};

std::unique_ptr<Policy> make_fixed(const FixedParams& params);

}  // namespace pianissimo
