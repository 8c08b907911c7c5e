// Well-formed UTF-8 (Unicode 15, table 3-7), one character at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace pianissimo {

/// Bytes of the character at the front of `text`; 0 if there is none that is well formed.
constexpr std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  const unsigned second = byte(1);
  if (text.empty()) return 0;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (!follows(1)) return 0;
  if (lead < 0xE0) return 2;
  if (!follows(2)) return 0;
  if (lead == 0xE0 && second < 0xA0) return 0;  // overlong
  if (lead == 0xED && second > 0x9F) return 0;  // a surrogate
  if (lead < 0xF0) return 3;
  if (!follows(3)) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;  // overlong
  if (lead == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  return 4;
}

/// Whether a well-formed character is a control character: C0, DEL or C1, which terminals obey.
constexpr bool is_control(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead < 0x20 || lead == 0x7F;
  return lead == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

/// The code point of a well-formed character.
constexpr char32_t code_point(std::string_view character) {
  // The first byte has 7, 5, 4 or 3 bits of it, each other byte has 6.
  const auto lead = static_cast<unsigned char>(character[0]);
  char32_t code = character.size() == 1 ? lead : lead & (0x7FU >> character.size());
  for (const char c : character.substr(1))
    code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  return code;
}

/// Whether a well-formed character is to be seen only by what it does to others (Unicode's category
/// Cf, and line separators): it turns the order of the text around it, joins, parts or hides. The
/// signs of some scripts that are Cf but have a shape of their own are not among them.
constexpr bool is_invisible(std::string_view character) {
  struct Range {
    char32_t first, last;
  };
  constexpr Range ranges[] = {
      {0xAD, 0xAD},        // soft hyphen
      {0x34F, 0x34F},      // combining grapheme joiner
      {0x61C, 0x61C},      // Arabic letter mark
      {0x115F, 0x1160},    // Hangul fillers
      {0x17B4, 0x17B5},    // Khmer inherent vowels
      {0x180B, 0x180F},    // Mongolian selectors and vowel separator
      {0x200B, 0x200F},    // zero width space and joiners, directional marks
      {0x2028, 0x202E},    // line and paragraph separators, embeddings and overrides
      {0x2060, 0x206F},    // word joiner, invisible operators, isolates, deprecated ones
      {0x3164, 0x3164},    // Hangul filler
      {0xFEFF, 0xFEFF},    // byte order mark
      {0xFFA0, 0xFFA0},    // half-width Hangul filler
      {0xFFF0, 0xFFFB},    // unassigned, and interlinear annotation
      {0x1BCA0, 0x1BCA3},  // shorthand format controls
      {0x1D173, 0x1D17A},  // musical format controls
      {0xE0000, 0xE0FFF},  // tags and further selectors
  };
  const char32_t code = code_point(character);
  for (const Range& range : ranges) {
    if (range.first <= code && code <= range.last) return true;
  }
  return false;
}

}  // namespace pianissimo
