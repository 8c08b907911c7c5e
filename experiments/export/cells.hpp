// A record of the journal as cells of a table. The columns are the journal's fields: what is added
// to controller/journal/fields.hpp is a column, too.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "controller/journal/fields.hpp"

namespace pianissimo::tables {

/// As RFC 4180 has it: quoted where it must be. What a spreadsheet would take for a formula (= + -
/// @ at the begin, or after a semicolon, a tab or a line end, where others separate) is quoted,
/// with an apostrophe before it; so is what begins with a tab or a line end.
std::string csv_text(std::string_view text);

/// Names and texts of a row, in the order of the fields. What is absent is an empty cell.
class Cells {
 public:
  template <class T>
  void operator()(std::string_view key, const T& value) {
    if constexpr (std::is_same_v<T, Knob>) {
      // Not every kind of knob has every field: a table has them all.
      (*this)("knob_kind", value.kind);
      (*this)("knob_wiphy", value.wiphy);
      (*this)("knob_interface", given(value.interface, value.kind != KnobKind::wiphy));
      (*this)("knob_station", given(value.station, value.kind == KnobKind::station));
    } else if constexpr (is_plain<T>) {
      add(key, is_absent_ ? std::string{} : text_of(value));
    } else {
      const std::string outer = std::exchange(prefix_, prefix_ + std::string{key} + '_');
      journal::fields(*this, value);
      prefix_ = outer;
    }
  }
  template <class T>
  void operator()(std::string_view key, const std::optional<T>& value) {
    const bool outer = std::exchange(is_absent_, is_absent_ || !value);
    (*this)(key, value.value_or(T{}));
    is_absent_ = outer;
  }

  /// The columns of the row in hand: "a,b,c" and a newline.
  std::string names() const { return line_of(names_); }
  /// The row in hand, likewise; the next one begins.
  std::string take_line() {
    std::string line = line_of(texts_);
    texts_.clear();
    names_.clear();
    return line;
  }

 private:
  template <class T>
  static constexpr bool is_plain =
      journal::Unit<T> || journal::Index<T> || std::is_enum_v<T> || std::is_arithmetic_v<T> ||
      journal::Decibels<T> || std::is_same_v<T, MacAddress> || std::is_same_v<T, std::string>;

  template <class T>
  static std::optional<T> given(const T& value, bool is_given) {
    return is_given ? std::optional{value} : std::nullopt;
  }

  template <class T>
  static std::string text_of(const T& value) {
    if constexpr (journal::Decibels<T>) {
      return fmt::format("{}", value.value());
    } else if constexpr (journal::Unit<T>) {
      return fmt::format("{}", journal::Plain<T>::out(value));
    } else if constexpr (journal::Index<T>) {
      return fmt::format("{}", pianissimo::value(value));
    } else if constexpr (std::is_same_v<T, MacAddress>) {
      return to_string(value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      return csv_text(value);
    } else if constexpr (std::is_enum_v<T>) {
      return std::string{journal::Words<T>::word(value)};
    } else {
      return fmt::format("{}", +value);
    }
  }

  void add(std::string_view key, std::string text) {
    names_.push_back(prefix_ + std::string{key});
    texts_.push_back(std::move(text));
  }
  static std::string line_of(const std::vector<std::string>& cells);

  std::vector<std::string> names_;
  std::vector<std::string> texts_;
  std::string prefix_;
  bool is_absent_ = false;
};

}  // namespace pianissimo::tables
