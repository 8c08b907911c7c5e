#include "config/classifier.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "config/suggest.hpp"
#include "config/text_file.hpp"

namespace pianissimo {
namespace {

constexpr std::string_view columns = "node,feature,at_most,then,else,class";
constexpr std::array classes{LoadClass::idle, LoadClass::light, LoadClass::saturated};

std::string window_line() {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(TrafficWindow::length);
  return "window_ms," + std::to_string(ms.count());
}

struct Line {
  int number = 0;  // from 1
  std::string_view text;
};

// Those that are for the program.
std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find_first_of("\n;"), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && !line.starts_with('#')) lines.push_back({number, line});
  }
  return lines;
}

using Cells = std::array<std::string_view, 6>;

std::optional<Cells> cells_of(std::string_view line) {
  Cells cells;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t comma = line.find(',');
    if ((comma == line.npos) != (i + 1 == cells.size())) return std::nullopt;
    cells[i] = line.substr(0, comma);
    line.remove_prefix(comma == line.npos ? line.size() : comma + 1);
  }
  return cells;
}

template <class N>
std::optional<N> number(std::string_view text, N least, N most) {
  N value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value < least || value > most) return std::nullopt;
  return value;
}

std::string feature_names() {
  std::string out;
  for (std::size_t i = 0; i < feature_count; ++i) {
    out += (i == 0 ? "" : ", ") + std::string{to_string(static_cast<Feature>(i))};
  }
  return out;
}

std::variant<TreeNode, std::string> leaf(const Cells& cells) {
  const auto* const kind =
      std::ranges::find_if(classes, [&](LoadClass known) { return to_string(known) == cells[5]; });
  if (kind == classes.end()) {
    return "class: " + shown(cells[5]) + " is none of idle, light, saturated";
  }
  if (!cells[2].empty() || !cells[3].empty() || !cells[4].empty()) {
    return "a node without a feature is an answer: at_most, then and else stay empty";
  }
  return TreeNode{.split = std::nullopt, .kind = *kind};
}

std::variant<TreeNode, std::string> node_of(const Cells& cells) {
  if (cells[1].empty()) return leaf(cells);
  const auto feature = feature_from_string(cells[1]);
  if (!feature) return "feature: " + shown(cells[1]) + " is none of " + feature_names();
  const auto at_most = number<std::int32_t>(cells[2], not_told, largest_feature);
  if (!at_most) {
    return "at_most: " + shown(cells[2]) + " is not a whole number, " + std::to_string(not_told) +
           ".." + std::to_string(largest_feature);
  }
  const std::size_t most = TrafficTree::most_nodes - 1;
  const auto then = number<std::size_t>(cells[3], 0, most);
  const auto otherwise = number<std::size_t>(cells[4], 0, most);
  if (!then || !otherwise) {
    return std::string{then ? "else" : "then"} + ": " + shown(cells[then ? 4 : 3]) +
           " is not a node, 0.." + std::to_string(most);
  }
  if (!cells[5].empty()) return std::string{"class: a node with a feature has none"};
  return TreeNode{.split = TreeNode::Split{*feature, *at_most, *then, *otherwise}, .kind = {}};
}

ClassifierError wrong(int line, std::string message) { return {line, std::move(message)}; }

}  // namespace

std::variant<TrafficTree, ClassifierError> parse_classifier(std::string_view text) {
  if (text.size() > max_classifier_bytes) {
    return wrong(0, "more than " + std::to_string(max_classifier_bytes) + " bytes");
  }
  const std::vector<Line> lines = lines_of(text);
  const std::array<std::string, 3> head{std::string{classifier_mark}, window_line(),
                                        std::string{columns}};
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (i >= lines.size()) return wrong(0, "ends before its line " + shown(head[i]));
    if (lines[i].text != head[i]) {
      return wrong(lines[i].number,
                   "expected " + shown(head[i]) + ", found " + shown(lines[i].text));
    }
  }
  TrafficTree tree;
  std::vector<int> numbers;
  for (const Line& line : std::span{lines}.subspan(head.size())) {
    const auto cells = cells_of(line.text);
    if (!cells) return wrong(line.number, "is not a line of six cells");
    const std::size_t next = tree.nodes.size();
    if (next == TrafficTree::most_nodes) {
      return wrong(line.number, "more than " + std::to_string(next) + " nodes");
    }
    if (number<std::size_t>((*cells)[0], next, next) != next) {
      return wrong(line.number,
                   "node: expected " + std::to_string(next) + ", found " + shown((*cells)[0]));
    }
    auto node = node_of(*cells);
    if (auto* const why = std::get_if<std::string>(&node)) {
      return wrong(line.number, std::move(*why));
    }
    tree.nodes.push_back(std::get<TreeNode>(node));
    numbers.push_back(line.number);
  }
  if (const auto fault = fault_of(tree)) {
    return wrong(fault->node < numbers.size() ? numbers[fault->node] : 0, fault->why);
  }
  return tree;
}

std::string to_text(const TrafficTree& tree) {
  std::string out = std::string{classifier_mark} + ';' + window_line() + ';' + std::string{columns};
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const TreeNode& node = tree.nodes[i];
    out += ';' + std::to_string(i) + ',';
    if (node.split) {
      out += std::string{to_string(node.split->feature)} + ',' +
             std::to_string(node.split->at_most) + ',' + std::to_string(node.split->then) + ',' +
             std::to_string(node.split->otherwise) + ',';
    } else {
      out += ",,,," + std::string{to_string(node.kind)};
    }
  }
  return out;
}

std::variant<TrafficTree, ClassifierError> load_classifier(const std::string& path) {
  std::string text;
  if (const int error = read_text_file(path, max_classifier_bytes, text)) {
    return wrong(0, std::generic_category().message(error));
  }
  return parse_classifier(text);
}

}  // namespace pianissimo
