#include "experiments/evaluate/run_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace pianissimo::evaluate {
namespace {

// Between processes; threads have the mutex.
class FileLock {
 public:
  explicit FileLock(int fd) : fd_{fd} {
    int result = -1;
    do {
      result = ::flock(fd_, LOCK_EX);
    } while (result != 0 && errno == EINTR);
    is_held_ = result == 0;
  }
  ~FileLock() { ::flock(fd_, LOCK_UN); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  bool is_held() const { return is_held_; }

 private:
  int fd_;
  bool is_held_ = false;
};

}  // namespace

RunLog::RunLog(std::filesystem::path path) : path_{std::move(path)} {
  fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd_ < 0) fail();
  try {
    read_rows();
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

RunLog::~RunLog() { ::close(fd_); }

void RunLog::read_rows() {
  const FileLock lock{fd_};
  if (!lock.is_held()) fail();
  std::ifstream in{path_, std::ios::binary};
  std::string line;
  std::uint64_t whole = 0;  // bytes up to the end of the last whole line
  for (int number = 1; std::getline(in, line); ++number) {
    if (in.eof()) {
      // Nobody is writing while we hold the lock: whoever wrote this is gone.
      if (::ftruncate(fd_, static_cast<off_t>(whole)) != 0) fail();
      return;
    }
    whole += line.size() + 1;
    boost::system::error_code error;
    const auto row = boost::json::parse(line, error);
    const auto* const object = error ? nullptr : row.if_object();
    const auto* const id = object == nullptr ? nullptr : object->if_contains("id");
    if (id == nullptr || !id->is_string()) {
      throw RunLogError{RunLogError::Kind::bad_data,
                        fmt::format("{}:{}: not a row of a sweep", path_.string(), number)};
    }
    done_.emplace(id->get_string());
  }
}

void RunLog::append(std::string_view row) {
  const std::string line = std::string{row} + '\n';
  const std::lock_guard guard{mutex_};
  const FileLock lock{fd_};
  if (!lock.is_held()) fail();
  const off_t before = ::lseek(fd_, 0, SEEK_END);
  if (before < 0) fail();
  const ssize_t written = ::write(fd_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) return;
  // The disk is full, most likely: half a row is none.
  const int error = written < 0 ? errno : ENOSPC;
  [[maybe_unused]] const int ignored = ::ftruncate(fd_, before);
  errno = error;
  fail();
}

void RunLog::fail() const {
  throw RunLogError{RunLogError::Kind::cannot_write,
                    fmt::format("{}: cannot be written: {}", path_.string(),
                                std::generic_category().message(errno))};
}

}  // namespace pianissimo::evaluate
