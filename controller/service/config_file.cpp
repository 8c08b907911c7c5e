#include "controller/service/config_file.hpp"

#include "config/say.hpp"
#include "controller/service/journal_path.hpp"

namespace pianissimo::service {

std::variant<Config, ConfigTrouble> look_at_config_file(const std::string& path,
                                                        const std::string& state_directory) {
  auto loaded = load_config(path);
  if (auto* const failed = std::get_if<LoadError>(&loaded)) {
    const auto status = static_cast<ExitStatus>(failed->exit_status());
    return ConfigTrouble{status, std::move(failed->errors)};
  }
  auto& config = std::get<Config>(loaded);
  if (auto wrong = wrong_journal_path(config.journal.path, state_directory)) {
    return ConfigTrouble{ExitStatus::bad_config,
                         {{.key = "journal.path", .message = std::move(*wrong)}}};
  }
  return std::move(config);
}

std::variant<Config, ExitStatus> read_config_file(const std::string& path,
                                                  const std::string& state_directory) {
  auto config = look_at_config_file(path, state_directory);
  const auto* const trouble = std::get_if<ConfigTrouble>(&config);
  if (trouble == nullptr) return std::get<Config>(std::move(config));
  const std::string name = path == "-" ? "(standard input)" : path;
  for (const ConfigError& error : trouble->errors) say(stderr, to_string(error, name));
  return trouble->status;
}

}  // namespace pianissimo::service
