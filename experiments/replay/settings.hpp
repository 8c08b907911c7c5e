// The configuration a replay runs with: the recorded one, another one, or some keys of it changed.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "experiments/policies/lab_config.hpp"

namespace pianissimo::replay {

/// `base` with "key=value" settings such as "descend.keep=0.95". The value is YAML as in the file;
/// `policy` may also name a law of the laboratory. Errors are those of parse_config(), without a
/// place in a file.
std::variant<policies::LabConfig, std::vector<ConfigError>> with_settings(
    const policies::LabConfig& base, std::span<const std::string> settings);

}  // namespace pianissimo::replay
