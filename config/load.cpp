#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include "config/config.hpp"

namespace pianissimo {
namespace {

struct Close {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

LoadError unreadable(int error) {
  return {.kind = LoadError::Kind::unreadable,
          .errors = {{.message = std::generic_category().message(error)}}};
}

}  // namespace

std::variant<Config, LoadError> load_config(const std::string& path) {
  const std::unique_ptr<std::FILE, Close> file{path == "-" ? stdin
                                                           : std::fopen(path.c_str(), "rbe")};
  if (!file) return unreadable(errno);
  std::string text;
  std::array<char, 4096> part{};
  // No more than it takes to see that it is too much: the path may be a device without end.
  while (text.size() <= max_config_bytes) {
    errno = 0;
    const std::size_t got = std::fread(part.data(), 1, part.size(), file.get());
    text.append(part.data(), got);
    if (got == part.size()) continue;
    if (std::ferror(file.get()) != 0) return unreadable(errno);
    break;
  }
  auto parsed = parse_config(text);
  if (auto* errors = std::get_if<std::vector<ConfigError>>(&parsed)) {
    return LoadError{.kind = LoadError::Kind::invalid, .errors = std::move(*errors)};
  }
  return std::get<Config>(std::move(parsed));
}

}  // namespace pianissimo
