#include "controller/service/control_journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

namespace pianissimo::service {
namespace {

// As much as a step may take without keeping the loop from a tick.
constexpr std::uint64_t part = 16'384;

}  // namespace

JournalFiles::JournalFiles(const std::string& path) {
  std::set<std::pair<dev_t, ino_t>> seen;
  for (const char* const age : {"", ".1", ".2", ".3"}) {
    // Neither a link nor a pipe is followed or waited for.
    const int fd = ::open((path + age).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) continue;
    struct stat status {};
    const bool is_new = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                        seen.insert({status.st_dev, status.st_ino}).second;
    if (!is_new) {
      ::close(fd);
      continue;
    }
    files_.push_back({fd, static_cast<std::uint64_t>(status.st_size)});
    bytes_ += files_.back().rest;
  }
}

JournalFiles::~JournalFiles() {
  for (const File& file : files_) ::close(file.fd);
}

std::string JournalFiles::next() {
  while (!files_.empty() && files_.back().rest == 0) {
    ::close(files_.back().fd);
    files_.pop_back();
  }
  if (files_.empty()) return {};
  File& file = files_.back();
  std::string text(std::min(part, file.rest), '\0');
  ssize_t n = 0;
  do {
    n = ::read(file.fd, text.data(), text.size());
  } while (n < 0 && errno == EINTR);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  file.rest -= text.size();
  return text;
}

}  // namespace pianissimo::service
