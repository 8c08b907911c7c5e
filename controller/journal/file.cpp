#include "controller/journal/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

namespace pianissimo::journal {
namespace {

std::error_code last_error() { return {errno, std::system_category()}; }

std::uint64_t size_of(const std::string& path) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  return ignored ? 0 : size;
}

// Every file begins with a header, and a header with these.
constexpr std::string_view header_begins = R"({"t_ns":)";
constexpr std::string_view header_type = R"("type":"header")";
constexpr std::size_t header_type_within = 128;

class NotAJournal : public std::error_category {
 public:
  const char* name() const noexcept override { return "journal"; }
  std::string message(int) const override {
    return "it or one of its older names (.1, .2, .3) is not a journal, and is left alone";
  }
};

}  // namespace

std::error_code not_a_journal() {
  static const NotAJournal category;
  return {1, category};
}

Found what_is_at(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return errno == ENOENT || errno == ENOTDIR ? Found::nothing : Found::other;
  }
  if (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode)) return Found::stream;
  if (!S_ISREG(status.st_mode)) return Found::other;
  if (status.st_size == 0) return Found::nothing;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return Found::other;
  std::string text(header_type_within, '\0');
  const ssize_t read = ::read(fd, text.data(), text.size());
  ::close(fd);
  text.resize(read < 0 ? 0 : static_cast<std::size_t>(read));
  const bool is_journal =
      text.starts_with(header_begins) && text.find(header_type) != std::string::npos;
  return is_journal ? Found::journal : Found::other;
}

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
  const Found found = what_is_at(path_);
  rotates_ = found != Found::stream;
  if (rotates_) {
    if (const auto error = rotate()) return error;
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

std::error_code RotatingFile::rotate() {
  if (what_is_at(path_) == Found::nothing) return {};
  for (int age = 0; age <= kept; ++age) {
    const Found found = what_is_at(name(age));
    if (found != Found::nothing && found != Found::journal) return not_a_journal();
  }
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
  return {};
}

std::string RotatingFile::name(int age) const {
  return age == 0 ? path_ : path_ + '.' + std::to_string(age);
}

}  // namespace pianissimo::journal
