#include "controller/service/config_file.hpp"

#include "config/say.hpp"
#include "controller/service/journal_path.hpp"

namespace pianissimo::service {

std::variant<Config, ExitStatus> read_config_file(const std::string& path,
                                                  const std::string& state_directory) {
  auto loaded = load_config(path);
  const std::string name = path == "-" ? "(standard input)" : path;
  if (const auto* const failed = std::get_if<LoadError>(&loaded)) {
    for (const ConfigError& error : failed->errors) say(stderr, to_string(error, name));
    return static_cast<ExitStatus>(failed->exit_status());
  }
  const Config& config = std::get<Config>(loaded);
  if (const auto wrong = wrong_journal_path(config.journal.path, state_directory)) {
    say(stderr, name + ": journal.path: " + *wrong);
    return ExitStatus::bad_config;
  }
  return config;
}

}  // namespace pianissimo::service
