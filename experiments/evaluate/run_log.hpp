// A file of results, one JSON object per line, that several processes may append to and that tells
// which runs are done.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace pianissimo::evaluate {

/// The file cannot be used: "path: cannot be written: why", or "path:line: what is wrong".
struct RunLogError : std::runtime_error {
  enum class Kind : std::uint8_t { bad_data = 65, cannot_write = 73 };  ///< sysexits(3)
  RunLogError(Kind what, const std::string& message) : std::runtime_error{message}, kind{what} {}
  Kind kind;
};

class RunLog {
 public:
  /// Opens or makes the file and reads the "id" of every row:
  /// {"id":"HEX","version":"...", ..., "settings":{...}, ...}. A last line without its end is the
  /// trace of a process that was killed while it wrote: if it begins as a row does it is cut off,
  /// and its run is done again. Any other file, and one with a run twice, is left as it is. Throws
  /// RunLogError and report::InputError.
  explicit RunLog(std::filesystem::path path);
  ~RunLog();
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

  /// Of the rows that are known to be there.
  bool has(const std::string& id) const { return done_.contains(id); }
  std::size_t size() const { return done_.size(); }
  /// Appends a row (without newline) as a whole or not at all; from any thread, beside other
  /// processes. A run that is there by now, since another process has done it too, stays there
  /// once. Throws RunLogError.
  void append(std::string_view row);

 private:
  void read_rows();
  void learn(off_t end);
  [[noreturn]] void fail() const;
  [[noreturn]] void refuse(int line, std::string_view why) const;

  std::filesystem::path path_;
  int fd_ = -1;
  std::set<std::string> done_;
  off_t known_ = 0;  // bytes of the file whose rows are in done_
  std::mutex mutex_;
};

}  // namespace pianissimo::evaluate
