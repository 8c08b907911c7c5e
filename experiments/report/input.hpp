// What every reader of input shares: the way errors look, and lines.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "controller/core/time.hpp"

namespace pianissimo::report {

/// Input that cannot be used; `file:line: message`, ready to be printed: without control
/// characters, whatever the input holds.
class InputError : public std::runtime_error {
 public:
  /// The values are those of sysexits(3): EX_DATAERR and EX_NOINPUT.
  enum class Kind : std::uint8_t { bad_data = 65, no_input = 66 };

  /// `line` counts from 1; 0 is the file as a whole.
  InputError(Kind kind, const std::filesystem::path& file, int line, std::string_view message);
  int exit_status() const { return static_cast<int>(kind_); }

 private:
  Kind kind_;
};

/// A stretch of the journal's time line, its end not included.
struct Span {
  Instant start;
  Instant end;
  double seconds() const { return std::chrono::duration<double>(end - start).count(); }
  bool contains(Instant at) const { return start <= at && at < end; }
  friend bool operator==(const Span&, const Span&) = default;
};

/// How much of `a` lies in `b`.
Duration overlap(const Span& a, const Span& b);

double seconds(Duration duration);

/// An instant from seconds with a fraction.
Instant instant_from(double seconds);

/// Throws InputError (no_input) unless `file` is a regular file, or a pipe of the process's own
/// (/dev/stdin, /dev/fd/3): a device may have no end, and a named pipe may wait for ever.
void require_readable(const std::filesystem::path& file);

/// A text file, one line at a time: journals may be larger than memory.
class LineReader {
 public:
  /// No line of our files is as long: a reading of 10,000 stations has 4 MB.
  static constexpr std::size_t longest_line = 16'777'216;

  /// Throws InputError if the file cannot be opened.
  explicit LineReader(std::filesystem::path file);

  /// The next line without its newline; valid until the next call. Throws InputError if it is
  /// longer than longest_line, or cannot be read.
  std::optional<std::string_view> next();
  /// Number of the line that next() gave last.
  int number() const { return number_; }
  /// The line that next() gave last is the file's last and has no newline: its writer may have
  /// been stopped in the middle of it.
  bool unfinished() const { return unfinished_; }
  /// Throws InputError about the line that next() gave last.
  [[noreturn]] void fail(std::string_view message) const;

 private:
  bool fill();

  std::filesystem::path file_;
  std::ifstream stream_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what the buffer holds and was not given yet
  std::size_t end_ = 0;
  std::string line_;  // one that the buffer had only a part of
  int number_ = 0;
  bool unfinished_ = false;
};

/// A file that is read as a whole may have so many bytes.
inline constexpr std::size_t largest_text = 16'777'216;

/// A small file as a whole. Throws InputError if it cannot be read or is larger than largest_text.
std::string read_text(const std::filesystem::path& file);

}  // namespace pianissimo::report
