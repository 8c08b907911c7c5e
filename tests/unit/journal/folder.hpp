// Folders that vanish with the test, and what is in their files.
#pragma once

#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace pianissimo::test {

/// A new, empty folder.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "journal_test.XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error{"no folder: " + name};
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// A real file system of 64 KiB in a folder; not there when it may not be mounted.
class TinyDisk {
 public:
  TinyDisk() : mounted_{::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=64k") == 0} {}
  ~TinyDisk() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  TinyDisk(const TinyDisk&) = delete;
  TinyDisk& operator=(const TinyDisk&) = delete;

  bool is_mounted() const { return mounted_; }
  std::string operator/(const std::string& name) const { return folder_ / name; }

 private:
  Folder folder_;
  bool mounted_;
};

inline std::string text_of(const std::string& path) {
  // A device or a pipe might have no end.
  if (!std::filesystem::is_regular_file(path)) return "";
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The lines of a file; the last one without its newline stands out as "...".
inline std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  const std::string text = text_of(path);
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    if (end == std::string::npos) {
      lines.push_back("...");
      break;
    }
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

inline void write_text(const std::string& path, const std::string& text) {
  std::ofstream{path, std::ios::binary} << text;
}

}  // namespace pianissimo::test
