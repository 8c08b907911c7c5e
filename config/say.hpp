// What a program tells a person: the one way from text that came from outside to a terminal.
#pragma once

#include <cstdio>
#include <string_view>

namespace pianissimo {

/// The text as a line on stdout or stderr, made printable: whatever stands in it is one line.
void say(std::FILE* to, std::string_view text);

/// A text of several lines that ends as it ends, each of them made printable.
void say_lines(std::FILE* to, std::string_view text);

}  // namespace pianissimo
