#include "controller/service/config_file.hpp"

#include <cstdio>

namespace pianissimo::service {

std::variant<Config, ExitStatus> read_config_file(const std::string& path) {
  auto loaded = load_config(path);
  if (const auto* const failed = std::get_if<LoadError>(&loaded)) {
    const std::string name = path == "-" ? "(standard input)" : path;
    for (const ConfigError& error : failed->errors) {
      std::fprintf(stderr, "%s\n", to_string(error, name).c_str());
    }
    return static_cast<ExitStatus>(failed->exit_status());
  }
  return std::get<Config>(std::move(loaded));
}

}  // namespace pianissimo::service
