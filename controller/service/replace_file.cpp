#include "controller/service/replace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace pianissimo::service {
namespace {

// Whole or an error: a short write to a full tmpfs must not replace a good file.
bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

StateError file_error(const std::string& path, const char* what, ExitStatus status) {
  const bool is_denied = errno == EACCES || errno == EPERM;
  return {path + ": " + what + ": " + std::strerror(errno),
          is_denied ? ExitStatus::not_permitted : status};
}

std::optional<StateError> replace_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return file_error(fresh, "cannot be written", ExitStatus::cannot_create);
  const bool written = write_all(fd, text) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  errno = error;
  if (!written || ::rename(fresh.c_str(), path.c_str()) != 0) {
    auto failed = file_error(fresh, "cannot be written", ExitStatus::cannot_create);
    ::unlink(fresh.c_str());
    return failed;
  }
  return std::nullopt;
}

std::optional<StateError> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return std::nullopt;
  return file_error(path, "cannot be removed", ExitStatus::cannot_create);
}

}  // namespace pianissimo::service
