#include "controller/service/http_token.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "controller/journal/privacy_key.hpp"
#include "controller/service/state_files.hpp"

namespace pianissimo::service {
namespace {

constexpr std::size_t digits = 64;

std::optional<std::string> read_token(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return std::nullopt;
  struct stat status {};
  std::array<char, digits + 2> bytes{};
  const bool is_private = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                          status.st_uid == ::geteuid() && (status.st_mode & 077) == 0;
  const ssize_t size = is_private ? ::read(fd, bytes.data(), bytes.size()) : -1;
  ::close(fd);
  if (size != static_cast<ssize_t>(digits + 1) || bytes[digits] != '\n') return std::nullopt;
  std::string token{bytes.data(), digits};
  const bool is_token = std::ranges::all_of(
      token, [](char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f'); });
  return is_token ? std::optional{std::move(token)} : std::nullopt;
}

}  // namespace

std::variant<std::string, StateError> http_token(const std::string& state_directory) {
  const std::string path = state_directory + '/' + std::string{token_file};
  if (auto token = read_token(path)) return *std::move(token);
  std::string token;
  for (const std::uint8_t byte : journal::fresh_key()) token += fmt::format("{:02x}", byte);
  if (auto error = replace_file(path, token + '\n', 0600)) return *std::move(error);
  return token;
}

}  // namespace pianissimo::service
