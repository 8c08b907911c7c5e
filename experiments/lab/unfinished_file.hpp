// A file that shall not outlive the command that writes it, unless it gets finished.
#pragma once

#include <filesystem>
#include <string>

namespace pianissimo::lab {

/// A new, empty file under a name of its own in a folder. Removed at the end of its life, or when
/// one of the signals that end a process comes, which then does so as ever.
class UnfinishedFile {
 public:
  /// Throws std::system_error if it cannot be made.
  explicit UnfinishedFile(const std::filesystem::path& folder);
  ~UnfinishedFile();
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

  const std::string& name() const { return name_; }
  /// Gives it the name for which it was written; it stays. Throws std::system_error.
  void finish(const std::filesystem::path& path);

 private:
  std::string name_;
  bool is_finished_ = false;
};

}  // namespace pianissimo::lab
