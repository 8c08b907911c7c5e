// Files that the operator names, read with a limit.
#pragma once

#include <cstddef>
#include <string>

namespace pianissimo {

/// Appends what is in a file, "-" is standard input; 0, or the errno of what failed. Of a longer
/// text a little more than `most` bytes, so that it is seen to be too long.
int read_text_file(const std::string& path, std::size_t most, std::string& text);

}  // namespace pianissimo
