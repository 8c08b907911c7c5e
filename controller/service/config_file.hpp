#pragma once

#include <string>
#include <variant>

#include "config/config.hpp"
#include "controller/service/exit_status.hpp"

namespace pianissimo::service {

/// The configuration in a file, whose journal is in nobody's way; what is wrong with it goes to
/// standard error, a line each.
std::variant<Config, ExitStatus> read_config_file(const std::string& path,
                                                  const std::string& state_directory);

}  // namespace pianissimo::service
