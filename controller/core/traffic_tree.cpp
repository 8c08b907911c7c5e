#include "controller/core/traffic_tree.hpp"

#include <algorithm>

namespace pianissimo {

LoadClass TrafficTree::classify(const Features& features) const {
  const TreeNode* node = nodes.data();
  while (node->split) {
    const TreeNode::Split& split = *node->split;
    const bool is_below = features[static_cast<std::size_t>(split.feature)] <= split.at_most;
    node = &nodes[is_below ? split.then : split.otherwise];
  }
  return node->kind;
}

std::optional<TreeFault> fault_of(const TrafficTree& tree) {
  const std::size_t size = tree.nodes.size();
  if (size == 0) return TreeFault{0, "there is no node"};
  if (size > TrafficTree::most_nodes) {
    return TreeFault{TrafficTree::most_nodes,
                     "more than " + std::to_string(TrafficTree::most_nodes) + " nodes"};
  }
  // How many questions lead to a node; none yet: nothing does. Parents stand before their children.
  std::vector<std::optional<int>> depth(size);
  depth[0] = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (!depth[i]) return TreeFault{i, "nothing leads to it"};
    if (!tree.nodes[i].split) continue;
    if (*depth[i] == TrafficTree::most_depth) {
      return TreeFault{i, "more than " + std::to_string(TrafficTree::most_depth) +
                              " questions lead to an answer"};
    }
    for (const std::size_t child : {tree.nodes[i].split->then, tree.nodes[i].split->otherwise}) {
      const std::string name = "its child " + std::to_string(child);
      if (child >= size) return TreeFault{i, name + " is not there"};
      if (child <= i) return TreeFault{i, name + " does not stand behind it"};
      if (depth[child]) return TreeFault{i, name + " has two parents"};
      depth[child] = *depth[i] + 1;
    }
  }
  return std::nullopt;
}

}  // namespace pianissimo
