#include "config/text_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace pianissimo {
namespace {

struct Close {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

}  // namespace

int read_text_file(const std::string& path, std::size_t most, std::string& text) {
  const std::unique_ptr<std::FILE, Close> file{path == "-" ? stdin
                                                           : std::fopen(path.c_str(), "rbe")};
  if (!file) return errno;
  std::array<char, 4096> part{};
  // No more than it takes to see that it is too much: the path may be a device without end.
  while (text.size() <= most) {
    errno = 0;
    const std::size_t got = std::fread(part.data(), 1, part.size(), file.get());
    text.append(part.data(), got);
    if (got == part.size()) continue;
    if (std::ferror(file.get()) != 0) return errno;
    break;
  }
  return 0;
}

}  // namespace pianissimo
