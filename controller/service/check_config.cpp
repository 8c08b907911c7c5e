#include "config/config.hpp"
#include "config/say.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/config_file.hpp"

namespace pianissimo::service {

ExitStatus check_config(const std::string& path, const std::string& state_directory) {
  const auto config = read_config_file(path, state_directory);
  if (const auto* const failed = std::get_if<ExitStatus>(&config)) return *failed;
  say(stdout, path + ": ok");
  return ExitStatus::ok;
}

}  // namespace pianissimo::service
