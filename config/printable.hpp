// Text from files and from the air, before it reaches a terminal.
#pragma once

#include <string>
#include <string_view>

namespace pianissimo {

/// The text with '?' in the place of every control character (C0, DEL, C1) and of every byte that
/// is not UTF-8: a terminal obeys those. Line ends are control characters, too.
std::string printable(std::string_view text);

}  // namespace pianissimo
