// What the laboratory runs: a configuration as the daemon has one, whose law may be one that the
// daemon does not have.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "controller/core/policy.hpp"
#include "experiments/policies/registry.hpp"

namespace pianissimo::policies {

/// Every configuration of the daemon's is one of the laboratory's.
struct LabConfig {
  Config config;
  const Law* law = nullptr;  ///< in place of `config.policy`; nullptr: the daemon's
  friend bool operator==(const LabConfig&, const LabConfig&) = default;
};

/// A law that `policy` may name here and not in the daemon's file: those of laws() without a keep,
/// which is the configuration's to set. nullptr: no such law.
const Law* find_laboratory_law(std::string_view name);

/// "descend", "blues": as the setting `policy` has it.
std::string_view law_name(const LabConfig& lab);

/// Makes the law.
PolicyFactory policy_of(const LabConfig& lab);

/// As the daemon's to_json(), and `policy` says which law it is. No daemon takes it for one of its
/// own: parse_config() refuses the name.
std::string to_json(const LabConfig& lab);

/// Reads what to_json() writes, and so what a journal's header has; errors as of parse_config().
std::variant<LabConfig, std::vector<ConfigError>> parse_lab_config(std::string_view json);

}  // namespace pianissimo::policies
