#include "experiments/campaign/quote.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace pianissimo::campaign {
namespace {

constexpr std::size_t longest_name = 32;
constexpr std::size_t longest_interface = 15;  // IFNAMSIZ, without its NUL
constexpr std::size_t longest_destination = 253;

// Not std::isalnum(): what a locale calls a letter, a shell need not.
bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool has_only(std::string_view text, std::string_view others) {
  return std::ranges::all_of(
      text, [&](char c) { return is_alphanumeric(c) || others.find(c) != others.npos; });
}

bool begins_well(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && is_alphanumeric(text.front());
}

}  // namespace

std::string quoted(std::span<const std::string> words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    out += '\'';
    for (const char c : word) {
      if (c == '\'') {
        out += R"('\'')";
      } else {
        out += c;
      }
    }
    out += '\'';
  }
  return out;
}

bool is_name(std::string_view text) {
  return begins_well(text, longest_name) && has_only(text, "._-");
}

bool is_ssh_destination(std::string_view text) {
  return begins_well(text, longest_destination) && has_only(text, "._-@:") &&
         std::ranges::count(text, '@') <= 1 && text.back() != '@';
}

bool is_interface(std::string_view text) {
  return begins_well(text, longest_interface) && has_only(text, "._-");
}

bool is_address(std::string_view text) {
  in_addr ignored{};
  return ::inet_pton(AF_INET, std::string{text}.c_str(), &ignored) == 1 &&
         text.find('\0') == text.npos;
}

}  // namespace pianissimo::campaign
