#include "config/say.hpp"

#include "config/printable.hpp"

namespace pianissimo {

void say(std::FILE* to, std::string_view text) { std::fputs((printable(text) + '\n').c_str(), to); }

void say_lines(std::FILE* to, std::string_view text) {
  std::fputs(printable_lines(text).c_str(), to);
}

}  // namespace pianissimo
