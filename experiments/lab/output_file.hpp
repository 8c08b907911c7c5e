// Files that are there as a whole or not at all, and that replace nothing but their like.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "experiments/lab/unfinished_file.hpp"

namespace pianissimo::lab {

/// A file that cannot be written: "path: cannot be written: why"; or one that must not be, because
/// it is not known to be ours: "path: left alone: why".
struct OutputError : std::runtime_error {
  enum class Kind : std::uint8_t { not_ours = 65, cannot_write = 73 };  ///< sysexits(3)
  OutputError(Kind what, const std::string& message) : std::runtime_error{message}, kind{what} {}
  int exit_status() const { return static_cast<int>(kind); }
  Kind kind;
};

/// How a file that a command wrote before is known.
struct Signature {
  std::string_view what;                       ///< "a page of report"
  std::string_view begins;                     ///< its first bytes
  std::array<std::string_view, 3> holds = {};  ///< and these, near its begin or end
};

/// Throws OutputError if there is a file at `path` that is neither empty nor known by `signature`.
void require_ours(const std::filesystem::path& path, const Signature& signature);

/// Makes the folder and those above it, where they are not there; gives `path` back.
std::filesystem::path make_folder(const std::filesystem::path& path);

/// Writes beside `path`; commit() gives the file its name. Without it nothing is left behind,
/// also where a signal ends the process.
/// A file that is there already is replaced only if `signature` knows it: the constructor throws
/// else, and commit() looks again. A pipe or a terminal (/dev/stdout) is written directly.
class OutputFile {
 public:
  OutputFile(std::filesystem::path path, const Signature& signature);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  std::ostream& stream() { return stream_; }
  void commit();

 private:
  [[noreturn]] void fail(int error) const;

  std::filesystem::path path_;            // what a symbolic link leads to
  std::optional<UnfinishedFile> beside_;  // none: `path_` takes the bytes directly
  Signature signature_;
  std::ofstream stream_;
};

}  // namespace pianissimo::lab
