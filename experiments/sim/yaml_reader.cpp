#include "experiments/sim/yaml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "config/suggest.hpp"

namespace pianissimo::sim {

using yaml::Node;

void YamlReader::fail(const Node& node, std::string_view message) const {
  throw BadScenario{fmt::format("{}:{}:{}: {}", path_, std::max(node.at.line, 1),
                                std::max(node.at.column, 1), message)};
}

void YamlReader::expect_map(const Node& node, std::string_view what,
                            std::initializer_list<std::string_view> known) const {
  if (node.kind != Node::Kind::map) fail(node, fmt::format("{}: expected a map", what));
  std::vector<std::string_view> seen;
  for (const yaml::Entry& entry : node.entries) {
    const std::string_view key = entry.key.text;
    if (std::ranges::find(known, key) == known.end()) {
      fail(entry.key, fmt::format("{}: unknown key {}{}", what, shown(key),
                                  did_you_mean(closest(key, {known.begin(), known.size()}))));
    }
    if (std::ranges::find(seen, key) != seen.end()) {
      fail(entry.key, fmt::format("{}: {} is given twice", what, key));
    }
    seen.push_back(key);
  }
}

const Node* YamlReader::find(const Node& map, std::string_view key) const {
  for (const yaml::Entry& entry : map.entries) {
    if (entry.key.text == key) return &entry.value;
  }
  return nullptr;
}

const Node& YamlReader::need(const Node& map, std::string_view key) const {
  const Node* const found = find(map, key);
  if (found == nullptr) fail(map, fmt::format("{} is missing", key));
  return *found;
}

const std::vector<Node>& YamlReader::list(const Node& node, std::string_view what,
                                          std::size_t fewest, std::size_t most) const {
  const std::size_t count = node.items.size();
  if (node.kind != Node::Kind::list || count < fewest || count > most) {
    fail(node, fewest == most ? fmt::format("{}: expected a list of {}", what, most)
                              : fmt::format("{}: expected a list of {}..{}", what, fewest, most));
  }
  return node.items;
}

double YamlReader::number(const Node& node, std::string_view what, double low, double high) const {
  double value = 0;
  const char* const end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, value);
  if (node.kind != Node::Kind::scalar || node.quoted || error != std::errc{} || stop != end ||
      !std::isfinite(value)) {
    fail(node, fmt::format("{}: expected a number", what));
  }
  if (value < low || value > high) {
    fail(node, fmt::format("{}: {:g} is outside {:g}..{:g}", what, value, low, high));
  }
  return value;
}

int YamlReader::whole(const Node& node, std::string_view what, int low, int high) const {
  const double value = number(node, what, low, high);
  if (value != std::floor(value)) fail(node, fmt::format("{}: expected a whole number", what));
  return static_cast<int>(value);
}

bool YamlReader::flag(const Node& node, std::string_view what) const {
  return word(node, what, {"false", "true"}) == 1;
}

std::string YamlReader::text(const Node& node, std::string_view what) const {
  if (node.kind != Node::Kind::scalar || node.text.empty()) {
    fail(node, fmt::format("{}: expected a text", what));
  }
  return node.text;
}

std::size_t YamlReader::word(const Node& node, std::string_view what,
                             std::initializer_list<std::string_view> words) const {
  const auto found = std::ranges::find(words, node.text);
  if (node.kind != Node::Kind::scalar || found == words.end()) {
    fail(node, fmt::format("{}: expected one of {}{}", what, joined({words.begin(), words.size()}),
                           did_you_mean(closest(node.text, {words.begin(), words.size()}))));
  }
  return static_cast<std::size_t>(found - words.begin());
}

void YamlReader::optional(const Node& map, std::string_view key, double& out, double low,
                          double high) const {
  if (const Node* const node = find(map, key)) out = number(*node, key, low, high);
}

void YamlReader::optional(const Node& map, std::string_view key, int& out, int low,
                          int high) const {
  if (const Node* const node = find(map, key)) out = whole(*node, key, low, high);
}

void YamlReader::optional(const Node& map, std::string_view key, bool& out) const {
  if (const Node* const node = find(map, key)) out = flag(*node, key);
}

}  // namespace pianissimo::sim
