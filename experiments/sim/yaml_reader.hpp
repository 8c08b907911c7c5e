// Reading a scenario's YAML: values with ranges, and errors with line and column.
#pragma once

#include <concepts>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml_tree.hpp"

namespace pianissimo::sim {

/// Thrown while reading, caught by parse_scenario(): never seen outside.
struct BadScenario {
  std::string message;  ///< "file:line:column: what is wrong"
};

class YamlReader {
 public:
  explicit YamlReader(std::string path) : path_{std::move(path)} {}

  const std::string& path() const { return path_; }
  [[noreturn]] void fail(const yaml::Node& node, std::string_view message) const;

  /// A map with no keys but these, none twice.
  void expect_map(const yaml::Node& node, std::string_view what,
                  std::initializer_list<std::string_view> known) const;
  /// Null if the key is absent.
  const yaml::Node* find(const yaml::Node& map, std::string_view key) const;
  const yaml::Node& need(const yaml::Node& map, std::string_view key) const;
  const std::vector<yaml::Node>& list(const yaml::Node& node, std::string_view what,
                                      std::size_t fewest, std::size_t most) const;

  double number(const yaml::Node& node, std::string_view what, double low, double high) const;
  int whole(const yaml::Node& node, std::string_view what, int low, int high) const;
  bool flag(const yaml::Node& node, std::string_view what) const;
  std::string text(const yaml::Node& node, std::string_view what) const;
  /// The place of the word in the list.
  std::size_t word(const yaml::Node& node, std::string_view what,
                   std::initializer_list<std::string_view> words) const;

  // Leave `out` as it is when the key is absent.
  void optional(const yaml::Node& map, std::string_view key, double& out, double low,
                double high) const;
  void optional(const yaml::Node& map, std::string_view key, int& out, int low, int high) const;
  void optional(const yaml::Node& map, std::string_view key, bool& out) const;

 private:
  std::string path_;
};

}  // namespace pianissimo::sim
