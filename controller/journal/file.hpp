// The journal's files on disk: rotation within a budget, lines whole or not at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace pianissimo::journal {

/// What is at a path that a journal shall be written to.
enum class Found : std::uint8_t {
  nothing,  ///< or an empty file
  journal,  ///< a regular file that begins with the header of a journal
  stream,   ///< a pipe, a terminal, /dev/null: nothing that could be lost
  other,    ///< somebody else's, or what cannot be read: to be left alone
};
Found what_is_at(const std::string& path);

/// Why RotatingFile leaves a path alone; of a category of its own.
std::error_code not_a_journal();

class RotatingFile {
 public:
  RotatingFile(std::string path, std::uint64_t budget_bytes)
      : path_{std::move(path)}, budget_{budget_bytes} {}
  ~RotatingFile();
  RotatingFile(const RotatingFile&) = delete;
  RotatingFile& operator=(const RotatingFile&) = delete;

  /// Writes the line and a newline. A file that would grow beyond its share is rotated first, and a
  /// new one begins with `header`. On an error the file is as it was before the line. Nothing that
  /// is not a journal is written to, moved or deleted: not_a_journal(), of the path and of its
  /// older names.
  std::error_code write(std::string_view line, std::string_view header);

 private:
  static constexpr int kept = 3;  // rotated files beside the current one

  /// `room`: what the file may hold, header included, before the line that it is opened for.
  std::error_code open_new(std::string_view header, std::uint64_t room);
  std::error_code put(std::string_view line);
  std::error_code rotate();
  std::string name(int age) const;

  std::string path_;
  std::uint64_t budget_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
  bool rotates_ = true;  // a pipe or a device has no older selves
};

}  // namespace pianissimo::journal
