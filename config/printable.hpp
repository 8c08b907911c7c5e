// Text from files and from the air, before it reaches a terminal.
#pragma once

#include <string>
#include <string_view>

namespace pianissimo {

/// Whether a character can be shown as it is: it is UTF-8, no control character (C0, DEL, C1: a
/// terminal obeys those), and none that is invisible and changes how others look.
bool is_printable(std::string_view character);

/// The text with '?' in the place of every character that is not printable, and of every byte that
/// is not UTF-8. Line ends are control characters, too.
std::string printable(std::string_view text);

/// The same line by line: for texts of several lines that are ours.
std::string printable_lines(std::string_view text);

}  // namespace pianissimo
