// The configuration a replay runs with: the recorded one, another one, or some keys of it changed.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace pianissimo::replay {

/// `base` with "key=value" settings such as "descend.keep=0.95". The value is YAML as in the file.
/// Errors are those of parse_config(), without a place in a file.
std::variant<Config, std::vector<ConfigError>> with_settings(const Config& base,
                                                             std::span<const std::string> settings);

}  // namespace pianissimo::replay
