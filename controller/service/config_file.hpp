#pragma once

#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "controller/service/exit_status.hpp"

namespace pianissimo::service {

struct ConfigTrouble {
  ExitStatus status;
  std::vector<ConfigError> errors;  ///< never empty
};

/// The configuration in a file, whose journal is in nobody's way.
std::variant<Config, ConfigTrouble> look_at_config_file(const std::string& path,
                                                        const std::string& state_directory);

/// The same; what is wrong with it goes to standard error, a line each.
std::variant<Config, ExitStatus> read_config_file(const std::string& path,
                                                  const std::string& state_directory);

}  // namespace pianissimo::service
