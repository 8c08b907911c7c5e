// Reads lines that look exactly as to_line() writes them: same order of fields, no white space, no
// escapes. Anything else is left to the JSON parser, which is five times slower. Each record's
// fields are declared once, in fields.hpp.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "controller/journal/json.hpp"

namespace pianissimo::journal {

/// An object's fields, one after the other. The first that is not as expected makes it fail, and
/// then it reads no more.
class TextIn {
 public:
  explicit TextIn(std::string_view line) : text_{line} { open(); }

  template <class T>
  void operator()(std::string_view key, T& value) {
    if (!enter(key)) failed_ = true;
    read(value);
  }
  template <class T>
  void operator()(std::string_view key, std::optional<T>& value) {
    value.reset();
    if (enter(key)) read(value.emplace());
  }

  /// Every field was as expected, and nothing came after the last one.
  bool is_over() {
    take('}');
    return !failed_ && text_.empty();
  }

 private:
  bool take(char c) {
    if (failed_ || text_.empty() || text_.front() != c) failed_ = true;
    if (!failed_) text_.remove_prefix(1);
    return !failed_;
  }
  void open() {
    take('{');
    first_ = true;
  }
  bool starts(char c) const { return !text_.empty() && text_.front() == c; }

  // Goes behind "key": if that is what comes next; otherwise stays.
  bool enter(std::string_view key) {
    std::string_view rest = text_;
    if (failed_ || (!first_ && !rest.starts_with(','))) return false;
    rest.remove_prefix(first_ ? 0 : 1);
    if (rest.size() < key.size() + 3 || rest[0] != '"' || rest.substr(1, key.size()) != key ||
        rest[key.size() + 1] != '"' || rest[key.size() + 2] != ':') {
      return false;
    }
    rest.remove_prefix(key.size() + 3);
    text_ = rest;
    first_ = false;
    return true;
  }

  // What stands between quotes. Escapes and what is not ASCII need a real parser.
  std::string_view quoted() {
    if (!take('"')) return {};
    std::size_t end = 0;
    while (end < text_.size() && text_[end] != '"') {
      if (text_[end] < ' ' || text_[end] > '~' || text_[end] == '\\') failed_ = true;
      ++end;
    }
    const std::string_view found = text_.substr(0, end);
    text_.remove_prefix(end);
    take('"');
    return found;
  }

  template <std::integral N>
  std::optional<N> number() {
    const bool is_negative = starts('-');
    std::string_view digits = text_.substr(is_negative ? 1 : 0);
    std::int64_t magnitude = 0;
    std::size_t count = 0;
    for (; count < digits.size() && digits[count] >= '0' && digits[count] <= '9'; ++count) {
      // 18 digits fit in any case; longer ones are rare enough for a real parser.
      if (count == 18) return std::nullopt;
      magnitude = 10 * magnitude + (digits[count] - '0');
    }
    // JSON has no "007".
    if (count == 0 || (count > 1 && digits[0] == '0')) return std::nullopt;
    digits.remove_prefix(count);
    if (digits.empty() || (digits[0] != ',' && digits[0] != '}')) return std::nullopt;
    const std::int64_t value = is_negative ? -magnitude : magnitude;
    if (!std::in_range<N>(value)) return std::nullopt;
    text_ = digits;
    return static_cast<N>(value);
  }
  template <std::floating_point N>
  std::optional<N> number() {
    const char* const begin = text_.data();
    const char* const end = begin + text_.size();
    const char* const digits = starts('-') ? begin + 1 : begin;
    const auto is_digit = [&](const char* at) { return at < end && *at >= '0' && *at <= '9'; };
    // JSON has no "007"; from_chars() takes it, and "inf".
    if (!is_digit(digits) || (*digits == '0' && is_digit(digits + 1))) return std::nullopt;
    N value{};
    const auto [after, error] = std::from_chars(begin, end, value);
    if (error != std::errc{} || after == end || (*after != ',' && *after != '}')) {
      return std::nullopt;
    }
    const auto* const dot = std::find(begin, after, '.');
    if (dot != after && !is_digit(dot + 1)) return std::nullopt;  // "2."
    text_.remove_prefix(static_cast<std::size_t>(after - begin));
    return value;
  }
  template <class N>
  N number_between(N low, N high) {
    const auto value = failed_ ? std::nullopt : number<N>();
    if (value && low <= *value && *value <= high) return *value;
    failed_ = true;
    return low;
  }
  std::int64_t integer(std::int64_t low, std::int64_t high) { return number_between(low, high); }

  template <class T>
  void read(T& to) {
    if (failed_) return;
    if constexpr (Decibels<T>) {
      // Nearly all levels are whole, and whole numbers are read faster.
      if (const auto whole = number<std::int32_t>();
          whole && std::abs(*whole) <= largest_decibels) {
        to = from_millibel<T>(100 * *whole);
      } else {
        const double value = number_between<double>(-largest_decibels, largest_decibels);
        to = from_millibel<T>(static_cast<std::int32_t>(std::lround(100 * value)));
      }
    } else if constexpr (Unit<T>) {
      to = Plain<T>::in(integer(0, Plain<T>::limit));
    } else if constexpr (Index<T>) {
      to = T{static_cast<std::uint32_t>(integer(0, std::numeric_limits<std::uint32_t>::max()))};
    } else if constexpr (std::is_same_v<T, MacAddress>) {
      set(to, mac_from_string(quoted()));
    } else if constexpr (std::is_enum_v<T>) {
      set(to, Words<T>::value(quoted()));
    } else if constexpr (std::is_same_v<T, bool>) {
      const std::string_view word = starts('t') ? "true" : "false";
      to = starts('t');
      if (!text_.starts_with(word)) failed_ = true;
      if (!failed_) text_.remove_prefix(word.size());
    } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
      to = quoted();
    } else if constexpr (std::is_arithmetic_v<T>) {
      to = number_between(std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max());
    } else {
      const bool first = first_;
      open();
      fields(*this, to);
      take('}');
      first_ = first;
    }
  }
  template <class T>
  void read(std::vector<T>& to) {
    to.clear();
    if (!take('[') || (starts(']') && take(']'))) return;
    do {
      read(to.emplace_back());
    } while (!failed_ && starts(',') && take(','));
    take(']');
  }
  template <class T>
  void set(T& to, const std::optional<T>& value) {
    if (value) {
      to = *value;
    } else {
      failed_ = true;
    }
  }

  std::string_view text_;
  bool first_ = true;
  bool failed_ = false;
};

}  // namespace pianissimo::journal
