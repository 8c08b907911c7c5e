#include "experiments/evaluate/run_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <optional>
#include <system_error>

#include "config/printable.hpp"
#include "experiments/evaluate/grid.hpp"
#include "experiments/report/input.hpp"

namespace pianissimo::evaluate {
namespace {

// Every row begins with the identifier of its run and the program's version.
constexpr std::string_view before_id = R"({"id":")";
constexpr std::string_view after_id = R"(","version":")";

// As far as it goes: a torn row may end anywhere.
bool begins_as_a_row(std::string_view line) {
  if (line.substr(0, before_id.size()) != before_id.substr(0, line.size())) return false;
  if (line.size() <= before_id.size()) return true;
  line.remove_prefix(before_id.size());
  line.remove_prefix(std::min(line.find_first_not_of("0123456789abcdef"), line.size()));
  return line.substr(0, after_id.size()) == after_id.substr(0, line.size());
}

// The identifier of the row's run; nullopt: the line is no whole row of a sweep.
std::optional<std::string> id_of(std::string_view line) {
  boost::system::error_code error;
  const auto row = boost::json::parse(line, error);
  if (error || !row.is_object() || !begins_as_a_row(line)) return std::nullopt;
  const auto* const settings = row.as_object().if_contains("settings");
  if (settings == nullptr || !settings->is_object()) return std::nullopt;
  return std::string{row.as_object().at("id").as_string()};
}

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
  fd_ =
      ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666);
  if (fd_ < 0) fail();
  try {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) fail();
    if (!S_ISREG(status.st_mode)) refuse(0, "not a regular file");
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
  report::LineReader lines{path_};
  std::uint64_t whole = 0;  // bytes up to the end of the last whole line
  while (const auto line = lines.next()) {
    const auto id = id_of(*line);
    if (lines.unfinished()) {
      if (!begins_as_a_row(*line)) refuse(lines.number(), "not a row of a sweep");
      // Nobody is writing while we hold the lock: whoever wrote this is gone.
      if (::ftruncate(fd_, static_cast<off_t>(whole)) != 0) fail();
      return;
    }
    if (!id) refuse(lines.number(), "not a row of a sweep");
    whole += line->size() + 1;
    if (!done_.insert(*id).second) refuse(lines.number(), "the run " + *id + " is there twice");
  }
  known_ = static_cast<off_t>(whole);
}

// Rows that other processes appended since: what begins after known_.
void RunLog::learn(off_t end) {
  std::string rows(static_cast<std::size_t>(end - known_), '\0');
  const ssize_t count = ::pread(fd_, rows.data(), rows.size(), known_);
  if (count != static_cast<ssize_t>(rows.size())) fail();
  for (const std::string& row : split(rows, '\n')) {
    if (const auto id = id_of(row)) done_.insert(*id);
  }
  known_ = end;
}

void RunLog::refuse(int line, std::string_view why) const {
  std::string place = path_.string();
  if (line > 0) place += fmt::format(":{}", line);
  throw RunLogError{RunLogError::Kind::bad_data,
                    printable(fmt::format("{}: left alone: {}", place, why))};
}

void RunLog::append(std::string_view row) {
  const std::string line = std::string{row} + '\n';
  const std::lock_guard guard{mutex_};
  const FileLock lock{fd_};
  if (!lock.is_held()) fail();
  const off_t before = ::lseek(fd_, 0, SEEK_END);
  if (before < 0) fail();
  if (before > known_) learn(before);
  const auto id = id_of(row);
  if (id && !done_.insert(*id).second) return;
  const ssize_t written = ::write(fd_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) {
    known_ = before + written;
    return;
  }
  // The disk is full, most likely: half a row is none.
  const int error = written < 0 ? errno : ENOSPC;
  [[maybe_unused]] const int ignored = ::ftruncate(fd_, before);
  errno = error;
  fail();
}

void RunLog::fail() const {
  throw RunLogError{RunLogError::Kind::cannot_write,
                    printable(fmt::format("{}: cannot be written: {}", path_.string(),
                                          std::generic_category().message(errno)))};
}

}  // namespace pianissimo::evaluate
