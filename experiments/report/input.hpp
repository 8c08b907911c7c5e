// What every reader of input shares: the way errors look, and lines.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "controller/core/time.hpp"

namespace pianissimo::report {

/// Input that cannot be used; `file:line: message`, ready to be printed.
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

/// A text file, one line at a time: journals may be larger than memory.
class LineReader {
 public:
  /// Throws InputError if the file cannot be opened.
  explicit LineReader(std::filesystem::path file);

  /// The next line without its newline; valid until the next call.
  std::optional<std::string_view> next();
  /// Number of the line that next() gave last.
  int number() const { return number_; }
  /// The line that next() gave last is the file's last and has no newline: its writer may have
  /// been stopped in the middle of it.
  bool unfinished() const { return unfinished_; }
  /// Throws InputError about the line that next() gave last.
  [[noreturn]] void fail(std::string_view message) const;

 private:
  std::filesystem::path file_;
  std::ifstream stream_;
  std::string line_;
  int number_ = 0;
  bool unfinished_ = false;
};

/// A small file as a whole. Throws InputError if it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace pianissimo::report
