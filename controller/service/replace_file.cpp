#include "controller/service/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

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

std::variant<std::optional<std::string>, StateError> read_small_file(const std::string& path,
                                                                     std::size_t most) {
  // O_NONBLOCK: a pipe without a writer is not waited for.
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return std::optional<std::string>{};
  if (fd < 0 && errno == ELOOP) return StateError{path + ": is a link", ExitStatus::bad_data};
  if (fd < 0) return file_error(path, "cannot be read", ExitStatus::no_input);
  struct stat status {};
  std::string text;
  const bool is_file = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
  std::size_t size = 0;
  ssize_t n = 0;
  while (is_file && size <= most) {
    text.resize(std::min(size + 16'384, most + 1));
    n = ::read(fd, text.data() + size, text.size() - size);
    if (n == 0 || (n < 0 && errno != EINTR)) break;
    if (n > 0) size += static_cast<std::size_t>(n);
  }
  auto failed = file_error(path, "cannot be read", ExitStatus::no_input);
  ::close(fd);
  if (!is_file) return StateError{path + ": is no regular file", ExitStatus::bad_data};
  if (n < 0) return failed;
  if (size > most)
    return StateError{path + ": is larger than " + std::to_string(most) + " bytes",
                      ExitStatus::bad_data};
  text.resize(size);
  return std::optional{std::move(text)};
}

std::optional<StateError> prepare_directory(const std::string& path) {
  std::error_code ignored;  // open() says it better
  std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), ignored);
  const bool is_new = ::mkdir(path.c_str(), 0700) == 0;
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat status {};
  // Others may look into it: whether a daemon runs is no secret. The files in it say who may read.
  const bool is_open = fd >= 0 && (!is_new || ::fchmod(fd, 0755) == 0) && ::fstat(fd, &status) == 0;
  auto failed = file_error(path, "cannot be the state directory", ExitStatus::cannot_create);
  if (fd >= 0) ::close(fd);
  if (!is_open) return failed;
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return StateError{path + ": belongs to another user", ExitStatus::cannot_create};
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return StateError{path + ": others may write to it (chmod go-w)", ExitStatus::cannot_create};
  }
  return std::nullopt;
}

std::optional<StateError> replace_file(const std::string& path, std::string_view text,
                                       unsigned mode) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());  // of a run that was killed in between
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return file_error(fresh, "cannot be written", ExitStatus::cannot_create);
  const bool written = ::fchmod(fd, mode) == 0 && write_all(fd, text) && ::fsync(fd) == 0;
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
