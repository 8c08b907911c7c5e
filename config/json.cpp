#include "config/json.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "config/utf8.hpp"

namespace pianissimo {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// Shortest text that reads back to the same number; never asks the locale.
template <class N>
void append_number(std::string& out, N number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.append(text.data(), end);
}

void append_section(std::string& out, std::string_view section, const Config& config) {
  char separator = '{';
  for (const Child& child : children_of(section)) {
    out += separator;
    separator = ',';
    append_json(out, child.name);
    out += ':';
    if (child.parameter != nullptr) {
      append_json(out, child.parameter->get(config));
    } else {
      append_section(out, child.path, config);
    }
  }
  out += '}';
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, length);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (is_control(character)) {
      // One byte, or C2 and one byte: the last byte is the code point either way.
      const auto code = static_cast<unsigned char>(character.back());
      out += "\\u00";
      out += hex_digits[code >> 4U];
      out += hex_digits[code & 15U];
    } else {
      if (character == "\"" || character == "\\") out += '\\';
      out += character;
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void append_json(std::string& out, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    out += *flag ? "true" : "false";
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    append_number(out, *whole);
  } else if (const auto* fraction = std::get_if<double>(&value)) {
    append_number(out, *fraction);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    append_json(out, std::string_view{*text});
  } else {
    char separator = '[';
    for (const std::string& item : std::get<std::vector<std::string>>(value)) {
      out += separator;
      separator = ',';
      append_json(out, std::string_view{item});
    }
    out += ']';
  }
}

std::string to_json(const Config& config) {
  std::string out;
  append_section(out, "", config);
  return out;
}

std::string config_hash(const Config& config) { return config_hash(to_json(config)); }

std::string config_hash(std::string_view json) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;  // FNV-1a: offset basis, then the prime
  for (const char c : json) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3;
  }
  std::string out;
  for (unsigned shift = 64; shift > 0; shift -= 4) out += hex_digits[(hash >> (shift - 4)) & 15U];
  return out;
}

}  // namespace pianissimo
