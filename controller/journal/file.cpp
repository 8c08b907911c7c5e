#include "controller/journal/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace pianissimo::journal {
namespace {

std::error_code last_error() { return {errno, std::system_category()}; }

std::uint64_t size_of(const std::string& path) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  return ignored ? 0 : size;
}

}  // namespace

RotatingFile::~RotatingFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::error_code RotatingFile::write(std::string_view line, std::string_view header) {
  const std::uint64_t share = budget_ / (kept + 1);
  if (header.size() + line.size() + 2 > share) {
    return std::make_error_code(std::errc::message_size);
  }
  const bool full = fd_ >= 0 && rotates_ && size_ + line.size() + 1 > share;
  if (full) {
    ::close(fd_);
    fd_ = -1;
  }
  if (fd_ < 0) {
    if (const auto error = open_new(header, share - line.size() - 1)) return error;
  }
  return put(line);
}

std::error_code RotatingFile::open_new(std::string_view header, std::uint64_t room) {
  struct stat status {};
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  rotates_ = !exists || S_ISREG(status.st_mode);
  if (rotates_) {
    if (exists) rotate();
    std::error_code ignored;  // open() says it better
    std::filesystem::create_directories(std::filesystem::path{path_}.parent_path(), ignored);
  }
  // Not for everybody: it holds the stations' MAC addresses. No O_TRUNC: rotate() has moved away
  // what was there, and what it could not move must not be lost.
  // O_NONBLOCK: a pipe without a reader is an error (ENXIO) and not a wait.
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND | O_NOCTTY | O_NONBLOCK,
               0640);
  if (fd_ < 0) return last_error();
  size_ = rotates_ ? size_of(path_) : 0;
  // What cannot be moved away takes up its share until somebody lends a hand.
  const bool fits = !rotates_ || size_ + header.size() + 1 <= room;
  const auto error = fits ? put(header) : std::make_error_code(std::errc::file_too_large);
  if (error) {
    ::close(fd_);
    fd_ = -1;
    if (rotates_ && size_ == 0) ::unlink(path_.c_str());
  }
  return error;
}

std::error_code RotatingFile::put(std::string_view line) {
  std::string text{line};
  text += '\n';
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd_, text.data() + done, text.size() - done);
    if (n > 0) {
      done += static_cast<std::size_t>(n);
    } else if (n == 0 || errno != EINTR) {
      const auto error = n == 0 ? std::make_error_code(std::errc::io_error) : last_error();
      // Half a line is worse than none: the disk filled up in the middle of it.
      if (done > 0 && rotates_ && ::ftruncate(fd_, static_cast<off_t>(size_)) != 0) {
        size_ += done;
      }
      return error;
    }
  }
  size_ += text.size();
  return {};
}

void RotatingFile::rotate() {
  for (int age = kept; age > 0; --age) {
    std::error_code ignored;  // the younger one may not exist yet
    std::filesystem::rename(name(age - 1), name(age), ignored);
  }
  // An earlier run may have had a larger budget.
  std::uint64_t sum = budget_ / (kept + 1);
  for (int age = 1; age <= kept; ++age) {
    sum += size_of(name(age));
    if (sum > budget_) ::unlink(name(age).c_str());
  }
}

std::string RotatingFile::name(int age) const {
  return age == 0 ? path_ : path_ + '.' + std::to_string(age);
}

}  // namespace pianissimo::journal
