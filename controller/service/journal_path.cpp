#include "controller/service/journal_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>

#include "config/printable.hpp"
#include "controller/journal/file.hpp"
#include "controller/service/state_files.hpp"

namespace pianissimo::service {
namespace {

namespace fs = std::filesystem;

fs::path resolved(const std::string& path) {
  const fs::path whole{path};
  std::error_code ignored;
  return fs::weakly_canonical(whole.parent_path(), ignored) / whole.filename();
}

std::string wrong_file(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (S_ISLNK(status.st_mode)) return "is a link";
  if (S_ISDIR(status.st_mode)) return "is a folder";
  if (status.st_uid != ::geteuid() && status.st_uid != 0) return "belongs to another user";
  if (S_ISFIFO(status.st_mode)) return {};  // somebody reads along
  if (!S_ISREG(status.st_mode)) return "is no regular file";
  if (::access(path.c_str(), R_OK) != 0) return {};  // the writer will say it
  return journal::what_is_at(path) != journal::Found::other
             ? ""
             : "is there and is no journal: it would be moved away";
}

}  // namespace

std::optional<std::string> wrong_journal_path(const std::string& path,
                                              const std::string& state_directory) {
  for (const char* const age : {"", ".1", ".2", ".3"}) {
    const std::string file = path + age;
    for (const std::string_view name : state_files) {
      for (const char* const fresh : {"", ".new"}) {
        if (resolved(file) == resolved(state_directory + '/' + std::string{name} + fresh)) {
          return printable(file) + " is a file of the daemon's own state";
        }
      }
    }
    const std::string wrong = wrong_file(file);
    if (!wrong.empty()) return printable(file) + ' ' + wrong;
  }
  return std::nullopt;
}

}  // namespace pianissimo::service
