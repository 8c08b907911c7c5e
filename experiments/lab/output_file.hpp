// Files that are there as a whole or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <ostream>
#include <stdexcept>

namespace pianissimo::lab {

/// A file that cannot be written; "path: cannot be written: why".
struct OutputError : std::runtime_error {
  static constexpr int exit_status = 73;  ///< sysexits(3): EX_CANTCREAT
  using std::runtime_error::runtime_error;
};

/// Writes beside `path`; commit() gives the file its name. Without it nothing is left behind.
/// What is no regular file (/dev/stdout, a pipe) is written directly.
class OutputFile {
 public:
  explicit OutputFile(std::filesystem::path path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  std::ostream& stream() { return stream_; }
  void commit();

 private:
  [[noreturn]] void fail() const;

  std::filesystem::path path_;
  std::filesystem::path beside_;
  std::ofstream stream_;
  bool is_done_ = false;
};

}  // namespace pianissimo::lab
