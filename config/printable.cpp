#include "config/printable.hpp"

#include <algorithm>

#include "config/utf8.hpp"

namespace pianissimo {

bool is_printable(std::string_view character) {
  return utf8_length(character) == character.size() && !is_control(character) &&
         !is_invisible(character);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view character = text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
    out += is_printable(character) ? character : "?";
    text.remove_prefix(character.size());
  }
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t end = text.find('\n');
    out += printable(text.substr(0, end));
    if (end == text.npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace pianissimo
