// The journal's files as they are now, to be sent to somebody.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pianissimo::service {

/// Opened all at once, so that none is missed or read twice when they are rotated meanwhile, and
/// read in steps. What is written later is not in it.
class JournalFiles {
 public:
  explicit JournalFiles(const std::string& path);
  ~JournalFiles();
  JournalFiles(const JournalFiles&) = delete;
  JournalFiles& operator=(const JournalFiles&) = delete;

  std::uint64_t bytes() const { return bytes_; }
  /// The next part, oldest file first; empty: all was read, or a file is shorter than it was.
  std::string next();

 private:
  struct File {
    int fd;
    std::uint64_t rest;
  };
  std::vector<File> files_;  // the oldest is the last one
  std::uint64_t bytes_ = 0;
};

}  // namespace pianissimo::service
