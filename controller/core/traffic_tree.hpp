// A trained decision tree: features of a window in, a traffic class out. It is a value, so that a
// configuration and a journal can hold it; config/classifier reads it from a file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/core/load.hpp"
#include "controller/core/traffic_window.hpp"

namespace pianissimo {

/// Node 0 is the root. Children stand behind their parent, so there is no way round in a circle.
struct TreeNode {
  struct Split {
    Feature feature = Feature::packets;
    std::int32_t at_most = 0;  ///< up to this, node `then`; above it, node `otherwise`
    std::size_t then = 0;
    std::size_t otherwise = 0;
    friend bool operator==(const Split&, const Split&) = default;
  };
  std::optional<Split> split;        ///< none: a leaf
  LoadClass kind = LoadClass::idle;  ///< of a leaf
  friend bool operator==(const TreeNode&, const TreeNode&) = default;
};

struct TrafficTree {
  static constexpr std::size_t most_nodes = 255;
  static constexpr int most_depth = 16;  ///< questions until an answer

  std::vector<TreeNode> nodes;
  friend bool operator==(const TrafficTree&, const TrafficTree&) = default;

  /// The tree must have no fault.
  LoadClass classify(const Features& features) const;
};

struct TreeFault {
  std::size_t node = 0;
  std::string why;  ///< "its child 7 does not stand behind it"
};

/// What is wrong with a tree, the first fault: no node or too many, a child that is not there,
/// stands before its parent or has two of them, a node that nothing leads to, too deep.
std::optional<TreeFault> fault_of(const TrafficTree& tree);

}  // namespace pianissimo
