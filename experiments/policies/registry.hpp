// The laws by name.
#pragma once

#include <span>
#include <string_view>

#include "controller/core/policy.hpp"

namespace pianissimo::policies {

struct Law {
  std::string_view name;  ///< "descend"
  std::string_view what;  ///< a line for people
  /// It aims at a share of the ceiling's throughput; else make()'s argument means nothing to it.
  bool has_keep = false;
  /// `keep`: the share of the ceiling's throughput to retain, (0, 1].
  PolicyFactory (*make)(double keep);
};

/// All that need nothing but observations: not the oracle, and not what is known in hindsight.
std::span<const Law> laws();

/// nullptr: no such law.
const Law* find_law(std::string_view name);

}  // namespace pianissimo::policies
