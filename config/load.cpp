#include <system_error>
#include <utility>

#include "config/classifier.hpp"
#include "config/config.hpp"
#include "config/text_file.hpp"

namespace pianissimo {
namespace {

LoadError unreadable(int error) {
  return {.kind = LoadError::Kind::unreadable,
          .errors = {{.message = std::generic_category().message(error)}}};
}

}  // namespace

std::optional<ConfigError> load_classifier_of(Config& config) {
  const auto* const path = std::get_if<std::string>(&config.traffic.classifier);
  if (path == nullptr) return std::nullopt;
  auto loaded = load_classifier(*path);
  if (const auto* const error = std::get_if<ClassifierError>(&loaded)) {
    const std::string line = error->line > 0 ? ':' + std::to_string(error->line) : "";
    return ConfigError{.key = "traffic.classifier",
                       .message = *path + line + ": " + error->message};
  }
  config.traffic.classifier = std::get<TrafficTree>(std::move(loaded));
  return std::nullopt;
}

std::variant<Config, LoadError> load_config(const std::string& path) {
  std::string text;
  if (const int error = read_text_file(path, max_config_bytes, text)) return unreadable(error);
  auto parsed = parse_config(text);
  if (auto* errors = std::get_if<std::vector<ConfigError>>(&parsed)) {
    return LoadError{.kind = LoadError::Kind::invalid, .errors = std::move(*errors)};
  }
  auto& config = std::get<Config>(parsed);
  if (auto error = load_classifier_of(config)) {
    return LoadError{.kind = LoadError::Kind::invalid, .errors = {std::move(*error)}};
  }
  return std::move(config);
}

}  // namespace pianissimo
