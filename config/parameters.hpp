// The one table of parameters: parser, JSON, schema and documentation follow it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace pianissimo {

/// A value as it stands in YAML and JSON.
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// A whole number, or one of a few words.
struct Whole {
  std::int64_t min;
  std::int64_t max;
  std::string_view unit;
  std::span<const std::string_view> words{};
};
/// A share of something: above 0, up to 1.
struct Share {};
/// One of a few names.
struct Choice {
  std::span<const std::string_view> names;
};
/// true or false.
struct Flag {};
/// An absolute path.
struct Path {
  bool may_be_none = false;  ///< or "none"
};
/// "rule", the absolute path of a classifier's table, or that table on one line.
struct Classifier {};
/// "auto" or a list of interface names.
struct InterfaceList {};
/// "always" or a list of parts of the day.
struct DaySpans {};
/// An address and a port, or "none".
struct Address {
  std::string_view example;  ///< "127.0.0.1:4739"
};
/// The name of a group of users (group(5)).
struct Group {};
using Shape = std::variant<Whole, Share, Choice, Flag, Path, Classifier, InterfaceList, DaySpans,
                           Address, Group>;

struct Parameter {
  std::string_view key;  ///< "descend.probe.every"
  Shape shape;
  std::string_view why;  ///< what it is for, in a sentence
  Value (*get)(const Config&);
  void (*set)(Config&, const Value&);  ///< the value must have no faults
};

/// In the order of the file; the keys of a section stand together.
std::span<const Parameter> parameters();

/// What stands directly in a section ("" is the file, "descend.probe" a section).
struct Child {
  std::string_view name;                 ///< "probe"
  std::string_view path;                 ///< "descend.probe"
  const Parameter* parameter = nullptr;  ///< null: a section
};
std::vector<Child> children_of(std::string_view section);

/// "0..30 dBm", "descend, fixed": what the shape allows.
std::string range_text(const Shape& shape);

struct Fault {
  std::size_t item = 0;  ///< of a list
  std::string message;
};
/// What is wrong with a value of the right type.
std::vector<Fault> faults(const Shape& shape, const Value& value);

/// What is wrong between parameters that are fine alone; `key` says where to look.
std::vector<ConfigError> cross_faults(const Config& config);

/// The longest path that Linux takes (PATH_MAX counts the final 0).
inline constexpr std::size_t max_path_bytes = 4095;

}  // namespace pianissimo
