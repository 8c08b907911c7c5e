// YAML text -> a tree that knows where everything stands.
//
// Not YAML::Node: that one merges duplicate keys silently, follows aliases (a few hundred bytes can
// stand for gigabytes) and does not say whether a scalar was quoted.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace pianissimo::yaml {

/// Line and column, both from 1; the column counts bytes.
struct Place {
  int line = 0;
  int column = 0;
};

struct Entry;

struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, map };
  Place at;
  Kind kind = Kind::null;
  std::string text;            ///< of a scalar
  bool quoted = false;         ///< "5" is a string, 5 is a number
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a map, in the text's order, duplicates included
};

struct Entry {
  Node key;
  Node value;
};

/// Reads one document; a text without any is a null node. Refuses, besides bad syntax: anchors,
/// aliases, tags, deep nesting, control characters, what is not UTF-8 and what is too long.
std::variant<Node, ConfigError> read_tree(std::string_view text);

}  // namespace pianissimo::yaml
