#include "controller/service/flow_table.hpp"

#include <algorithm>

namespace pianissimo::service {

std::optional<FlowRecord> FlowTable::add(const bpf::Flow& flow) {
  const auto known = flows_.find(flow.key);
  if (known == flows_.end()) {
    if (flows_.size() >= most_) return FlowRecord{flow, FlowEnd::no_room};
    flows_.emplace(flow.key, flow);
    return std::nullopt;
  }
  bpf::Flow& sum = known->second;
  sum.packets += flow.packets;
  sum.bytes += flow.bytes;
  sum.first = std::min(sum.first, flow.first);
  sum.last = std::max(sum.last, flow.last);
  return std::nullopt;
}

std::vector<FlowRecord> FlowTable::expire(Instant seen, std::size_t count) {
  std::vector<FlowRecord> over;
  auto flow = next_ ? flows_.lower_bound(*next_) : flows_.begin();
  for (; flow != flows_.end() && count > 0; --count) {
    if (const auto end = end_of(flow->second, seen)) {
      over.push_back({flow->second, *end});
      flow = flows_.erase(flow);
    } else {
      ++flow;
    }
  }
  next_ = flow == flows_.end() ? std::nullopt : std::optional{flow->first};
  return over;
}

std::vector<FlowRecord> FlowTable::end_all() {
  std::vector<FlowRecord> all;
  for (const auto& [key, flow] : flows_) all.push_back({flow, FlowEnd::forced});
  flows_.clear();
  next_.reset();
  return all;
}

std::optional<FlowEnd> FlowTable::end_of(const bpf::Flow& flow, Instant seen) const {
  if (seen - flow.last >= idle_) return FlowEnd::idle;
  if (seen - flow.first >= active_) return FlowEnd::active;
  return std::nullopt;
}

}  // namespace pianissimo::service
