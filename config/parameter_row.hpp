// How a row of the table of parameters is made: its names and values, between the file and a field.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <type_traits>

#include "config/classifier.hpp"
#include "config/parameters.hpp"

namespace pianissimo::parameter {

using Words = std::span<const std::string_view>;

// Every enumeration's names, in the order of its enumerators.
template <class E>
inline constexpr std::array<std::string_view, 0> names_of{};
template <>
inline constexpr std::array<std::string_view, 3> names_of<PolicyName>{"anchor", "descend", "fixed"};
template <>
inline constexpr std::array<std::string_view, 3> names_of<Mode>{"dry-run", "recommend", "auto"};
template <>
inline constexpr std::array<std::string_view, 4> names_of<PowerPath>{"auto", "wiphy", "interface",
                                                                     "station"};
template <>
inline constexpr std::array<std::string_view, 5> names_of<LogLevel>{"trace", "debug", "info",
                                                                    "warn", "error"};
template <>
inline constexpr std::array<std::string_view, 3> names_of<WhenIdle>{"hold", "ceiling", "floor"};
template <>
inline constexpr std::array<std::string_view, 3> names_of<TrafficSourceChoice>{"auto", "bpf",
                                                                               "nl80211"};
template <>
inline constexpr std::array<std::string_view, 5> names_of<TrafficAttach>{"auto", "native", "tcx",
                                                                         "clsact", "generic"};
template <>
inline constexpr auto names_of<StationIds> = station_ids_words;
template <>
inline constexpr std::array<std::string_view, 2> names_of<FixedParams::Edge>{"max", "min"};
inline constexpr std::array<std::string_view, 1> auto_word{"auto"};

template <class E>
std::string_view name(E e) {
  return names_of<E>.at(static_cast<std::size_t>(e));
}
template <class E>
E named(std::string_view name) {
  const auto& names = names_of<E>;
  return static_cast<E>(std::find(names.begin(), names.end(), name) - names.begin());
}

// C++ -> Value.
inline Value value_of(bool flag) { return flag; }
inline Value value_of(double share) { return share; }
inline Value value_of(int number) { return std::int64_t{number}; }
inline Value value_of(std::uint64_t number) { return static_cast<std::int64_t>(number); }
inline Value value_of(std::chrono::milliseconds time) { return std::int64_t{time.count()}; }
inline Value value_of(std::chrono::seconds time) { return std::int64_t{time.count()}; }
inline Value value_of(const std::string& text) { return text; }
inline Value value_of(Dbm level) {
  if (level != level.whole()) return level.value();
  return std::int64_t{level.mbm() / 100};
}
inline Value value_of(const std::optional<Dbm>& ceiling) {
  return ceiling ? value_of(*ceiling) : Value{"auto"};
}
inline Value value_of(const std::variant<FixedParams::Edge, Dbm>& level) {
  if (const auto* edge = std::get_if<FixedParams::Edge>(&level)) return std::string{name(*edge)};
  return value_of(std::get<Dbm>(level));
}
inline Value value_of(const std::vector<std::string>& interfaces) {
  return interfaces.empty() ? Value{"auto"} : Value{interfaces};
}
inline Value value_of(const ClassifierChoice& choice) {
  if (const auto* tree = std::get_if<TrafficTree>(&choice)) return to_text(*tree);
  if (const auto* path = std::get_if<std::string>(&choice)) return *path;
  return std::string{rule_word};
}
template <class E>
requires std::is_enum_v<E> Value value_of(E e) { return std::string{name(e)}; }

// Value -> C++.
inline void assign(bool& to, const Value& from) { to = std::get<bool>(from); }
inline void assign(double& to, const Value& from) { to = std::get<double>(from); }
inline void assign(std::string& to, const Value& from) { to = std::get<std::string>(from); }
inline void assign(int& to, const Value& from) {
  to = static_cast<int>(std::get<std::int64_t>(from));
}
inline void assign(std::uint64_t& to, const Value& from) {
  to = static_cast<std::uint64_t>(std::get<std::int64_t>(from));
}
inline void assign(std::chrono::milliseconds& to, const Value& from) {
  to = std::chrono::milliseconds{std::get<std::int64_t>(from)};
}
inline void assign(std::chrono::seconds& to, const Value& from) {
  to = std::chrono::seconds{std::get<std::int64_t>(from)};
}
inline void assign(Dbm& to, const Value& from) {
  to = dbm(static_cast<std::int32_t>(std::get<std::int64_t>(from)));
}
inline void assign(std::optional<Dbm>& to, const Value& from) {
  to.reset();
  if (std::holds_alternative<std::int64_t>(from)) assign(to.emplace(), from);
}
inline void assign(std::variant<FixedParams::Edge, Dbm>& to, const Value& from) {
  if (const auto* word = std::get_if<std::string>(&from)) {
    to = named<FixedParams::Edge>(*word);
  } else {
    assign(to.emplace<Dbm>(), from);
  }
}
inline void assign(std::vector<std::string>& to, const Value& from) {
  const auto* list = std::get_if<std::vector<std::string>>(&from);
  to = list != nullptr ? *list : std::vector<std::string>{};
}
inline void assign(ClassifierChoice& to, const Value& from) {
  const auto& text = std::get<std::string>(from);
  if (text == rule_word) {
    to = std::monostate{};
  } else if (text.starts_with(classifier_mark)) {
    to = std::get<TrafficTree>(parse_classifier(text));
  } else {
    to = text;
  }
}
template <class E>
requires std::is_enum_v<E>
void assign(E& to, const Value& from) { to = named<E>(std::get<std::string>(from)); }

/// A row; the third argument is a captureless lambda that names the field.
template <class At>
constexpr Parameter row(std::string_view key, Shape shape, At, std::string_view why) {
  return {key, shape, why, [](const Config& c) { return value_of(At{}(c)); },
          [](Config& c, const Value& value) { assign(At{}(c), value); }};
}

/// A row of a text that may be "none", which is an empty one in the configuration.
template <class At>
constexpr Parameter row_or_none(std::string_view key, Shape shape, At, std::string_view why) {
  return {key, shape, why,
          [](const Config& c) {
            const std::string& text = At{}(c);
            return Value{text.empty() ? "none" : text};
          },
          [](Config& c, const Value& value) {
            const auto& text = std::get<std::string>(value);
            At{}(c) = text == "none" ? "" : text;
          }};
}

/// A row of parts of the day, of which none means "always".
template <class At>
constexpr Parameter row_or_always(std::string_view key, At, std::string_view why) {
  return {key, DaySpans{}, why,
          [](const Config& c) {
            const std::vector<std::string>& spans = At{}(c);
            return spans.empty() ? Value{"always"} : Value{spans};
          },
          [](Config& c, const Value& value) { assign(At{}(c), value); }};
}

}  // namespace pianissimo::parameter
