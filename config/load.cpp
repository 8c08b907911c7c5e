#include <system_error>
#include <utility>

#include "config/config.hpp"
#include "config/text_file.hpp"

namespace pianissimo {
namespace {

LoadError unreadable(int error) {
  return {.kind = LoadError::Kind::unreadable,
          .errors = {{.message = std::generic_category().message(error)}}};
}

}  // namespace

std::variant<Config, LoadError> load_config(const std::string& path) {
  std::string text;
  if (const int error = read_text_file(path, max_config_bytes, text)) return unreadable(error);
  auto parsed = parse_config(text);
  if (auto* errors = std::get_if<std::vector<ConfigError>>(&parsed)) {
    return LoadError{.kind = LoadError::Kind::invalid, .errors = std::move(*errors)};
  }
  return std::get<Config>(std::move(parsed));
}

}  // namespace pianissimo
