// Which flows go on and which are over: the metering process of RFC 7011, between the kernel's maps
// and the collector. Memory only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "bpf/flow_records.hpp"
#include "config/config.hpp"

namespace pianissimo::service {

/// Why a record is told: flowEndReason, element 136 of IANA's IPFIX registry.
enum class FlowEnd : std::uint8_t {
  idle = 1,     ///< no packet for so long
  active = 2,   ///< it goes on; what comes is another record
  forced = 4,   ///< the daemon ends or has another configuration
  no_room = 5,  ///< it is told at once, as no more flows can be kept
};

struct FlowRecord {
  bpf::Flow flow;
  FlowEnd end{};
};

class FlowTable {
 public:
  explicit FlowTable(const FlowConfig& config)
      : most_{config.most}, active_{config.active}, idle_{config.idle} {}

  /// What is known of a flow grows. A flow for which there is no room is a record at once: nothing
  /// is lost.
  std::optional<FlowRecord> add(const bpf::Flow& flow);

  /// Looks at the next `count` flows, and takes out those of which a timeout has come. `seen`: all
  /// that was recorded before has been added.
  std::vector<FlowRecord> expire(Instant seen, std::size_t count);
  /// Whether the last look ended a round through all flows.
  bool is_round_over() const { return !next_; }

  /// Takes out all.
  std::vector<FlowRecord> end_all();

  std::size_t size() const { return flows_.size(); }

 private:
  std::optional<FlowEnd> end_of(const bpf::Flow& flow, Instant seen) const;

  std::size_t most_;
  Duration active_;
  Duration idle_;
  std::map<flow_key, bpf::Flow, bpf::FlowOrder> flows_;
  std::optional<flow_key> next_;  ///< where the next look begins; none: at the beginning
};

}  // namespace pianissimo::service
