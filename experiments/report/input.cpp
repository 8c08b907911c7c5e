#include "experiments/report/input.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace pianissimo::report {
namespace {

std::string located(const std::filesystem::path& file, int line, std::string_view message) {
  std::string text = file.string();
  if (line > 0) text += ':' + std::to_string(line);
  return text.append(": ").append(message);
}

std::ifstream open(const std::filesystem::path& file) {
  // A directory can be opened, but not read.
  std::ifstream stream;
  if (!std::filesystem::is_directory(file)) stream.open(file, std::ios::binary);
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

LineReader::LineReader(std::filesystem::path file) : file_{std::move(file)}, stream_{open(file_)} {}

std::optional<std::string_view> LineReader::next() {
  if (!std::getline(stream_, line_)) {
    if (stream_.bad()) throw InputError{InputError::Kind::no_input, file_, 0, "cannot be read"};
    return std::nullopt;
  }
  ++number_;
  unfinished_ = stream_.eof();
  return line_;
}

void LineReader::fail(std::string_view message) const {
  throw InputError{InputError::Kind::bad_data, file_, number_, message};
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream = open(file);
  return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace pianissimo::report
