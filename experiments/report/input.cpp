#include "experiments/report/input.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "config/printable.hpp"

namespace pianissimo::report {
namespace {

std::string located(const std::filesystem::path& file, int line, std::string_view message) {
  std::string text = file.string();
  if (line > 0) text += ':' + std::to_string(line);
  return printable(text.append(": ").append(message));
}

std::ifstream open(const std::filesystem::path& file) {
  require_readable(file);
  std::ifstream stream{file, std::ios::binary};
  if (!stream.is_open()) {
    throw InputError{InputError::Kind::no_input, file, 0, "cannot be read"};
  }
  return stream;
}

}  // namespace

InputError::InputError(Kind kind, const std::filesystem::path& file, int line,
                       std::string_view message)
    : std::runtime_error{located(file, line, message)}, kind_{kind} {}

Duration overlap(const Span& a, const Span& b) {
  return std::max(Duration{0}, std::min(a.end, b.end) - std::max(a.start, b.start));
}

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

Instant instant_from(double seconds) { return Instant{Duration{std::llround(seconds * 1e9)}}; }

void require_readable(const std::filesystem::path& file) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  const std::string name = file.lexically_normal().string();
  const bool is_own_pipe =
      fs::is_fifo(status) &&
      (name == "/dev/stdin" || name.starts_with("/dev/fd/") || name.starts_with("/proc/self/fd/"));
  if (fs::is_regular_file(status) || is_own_pipe) return;
  const bool is_file = fs::exists(status) && !fs::is_directory(status);
  std::string why = "cannot be read";
  if (is_file) why += ": not a regular file";
  // Neither there nor missing: a name that is too long, a folder that is not to be looked into.
  if (status.type() == fs::file_type::none) why += ": " + error.message();
  throw InputError{InputError::Kind::no_input, file, 0, why};
}

LineReader::LineReader(std::filesystem::path file)
    : file_{std::move(file)}, stream_{open(file_)}, buffer_(65'536) {}

// False: there is no more.
bool LineReader::fill() {
  begin_ = 0;
  stream_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  end_ = static_cast<std::size_t>(stream_.gcount());
  if (stream_.bad()) throw InputError{InputError::Kind::no_input, file_, 0, "cannot be read"};
  return end_ > 0;
}

std::optional<std::string_view> LineReader::next() {
  line_.clear();
  for (;;) {
    const bool is_at_end = begin_ == end_ && !fill();
    if (is_at_end && line_.empty()) return std::nullopt;
    const char* const from = buffer_.data() + begin_;
    const auto* const newline =
        is_at_end ? nullptr : static_cast<const char*>(std::memchr(from, '\n', end_ - begin_));
    const std::size_t length =
        is_at_end ? 0
                  : static_cast<std::size_t>((newline ? newline : buffer_.data() + end_) - from);
    if (newline && line_.empty()) {
      begin_ += length + 1;
      ++number_;
      return std::string_view{from, length};
    }
    line_.append(from, length);
    begin_ += length + (newline ? 1 : 0);
    if (newline || is_at_end) {
      ++number_;
      unfinished_ = is_at_end;
      return line_;
    }
    if (line_.size() > longest_line) {
      ++number_;
      fail("longer than " + std::to_string(longest_line) + " bytes");
    }
  }
}

void LineReader::fail(std::string_view message) const {
  throw InputError{InputError::Kind::bad_data, file_, number_, message};
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream = open(file);
  std::string text(largest_text + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) throw InputError{InputError::Kind::no_input, file, 0, "cannot be read"};
  if (text.size() > largest_text) {
    throw InputError{InputError::Kind::bad_data, file, 0,
                     "larger than " + std::to_string(largest_text) + " bytes"};
  }
  return text;
}

}  // namespace pianissimo::report
