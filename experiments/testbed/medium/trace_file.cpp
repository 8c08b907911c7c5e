#include "experiments/testbed/medium/trace_file.hpp"

namespace pianissimo::testbed {

namespace fs = std::filesystem;

bool is_below(const fs::path& folder, const fs::path& path) {
  std::error_code error;
  const fs::path top = fs::weakly_canonical(fs::absolute(folder.empty() ? "." : folder), error);
  if (error) return false;
  const fs::path real = fs::weakly_canonical(fs::absolute(path), error);
  if (error) return false;
  const fs::path relative = real.lexically_relative(top);
  return !relative.empty() && *relative.begin() != "..";
}

std::ifstream open_trace(const fs::path& path) {
  std::error_code error;
  std::ifstream in;
  if (fs::is_regular_file(path, error) && fs::file_size(path, error) <= most_trace_bytes) {
    in.open(path);
  }
  return in;
}

}  // namespace pianissimo::testbed
