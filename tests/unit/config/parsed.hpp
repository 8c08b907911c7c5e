// What every test of config/ starts with.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace pianissimo {

/// The configuration of a text that must be good.
inline Config good(std::string_view yaml) {
  auto parsed = parse_config(yaml);
  if (auto* errors = std::get_if<std::vector<ConfigError>>(&parsed)) {
    for (const ConfigError& error : *errors) ADD_FAILURE() << to_string(error, "f") << "\n" << yaml;
    return {};
  }
  return std::get<Config>(parsed);
}

/// The errors of a text, as the operator sees them; empty if it is good.
inline std::vector<std::string> errors_of(std::string_view yaml) {
  std::vector<std::string> out;
  const auto parsed = parse_config(yaml);
  if (const auto* errors = std::get_if<std::vector<ConfigError>>(&parsed)) {
    for (const ConfigError& error : *errors) out.push_back(to_string(error, "f"));
  }
  return out;
}

}  // namespace pianissimo
