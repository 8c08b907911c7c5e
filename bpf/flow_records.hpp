// Who talks with whom over network devices: recorded in the kernel, taken out by user space.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bpf/error.hpp"
#include "bpf/flow_records.h"
#include "controller/core/identity.hpp"
#include "controller/core/time.hpp"

namespace pianissimo::bpf {

/// What was recorded of one direction of a conversation since it was last taken.
struct Flow {
  flow_key key{};
  std::uint64_t packets = 0;  ///< as on the wire: segments, not aggregates
  std::uint64_t bytes = 0;    ///< of IP: header and payload
  Instant first;
  Instant last;
};

/// As bytes: all of a key's are written.
struct FlowOrder {
  bool operator()(const flow_key& a, const flow_key& b) const {
    return std::memcmp(&a, &b, sizeof a) < 0;
  }
};

/// What is in no flow, since the programs were loaded.
struct Unrecorded {
  flow_sum no_room{};  ///< IP, when the map was full: bytes of IP
  flow_sum no_ip{};    ///< ARP, EAPOL, runts, our own multicast looped back: bytes of frames
};

/// One set of programs and maps for all devices. For one thread at a time.
class FlowRecords {
 public:
  /// `most` flows fit between two turns; the memory for twice as many is taken at once, some 150
  /// bytes for each. An error says what the kernel refused.
  static Result<FlowRecords> load(std::uint32_t most);

  /// Detaches everywhere. What was not taken is lost.
  ~FlowRecords();
  FlowRecords(FlowRecords&&) noexcept;
  FlowRecords& operator=(FlowRecords&&) noexcept;

  /// Records at a device of this network namespace from now on, at tcx, else at clsact. An error
  /// leaves nothing attached there. Adds to `warnings` who holds a place that was wanted.
  Result<void> attach(InterfaceIndex interface, std::vector<std::string>& warnings);
  void detach(InterfaceIndex interface);
  /// False once the device is gone or somebody has removed a program of ours.
  bool is_attached(InterfaceIndex interface) const;
  std::vector<InterfaceIndex> interfaces() const;

  /// What is recorded from now on can be taken after the next turn, what was recorded until now
  /// when the programs that still run have ended: they take microseconds. All of the turn before
  /// must have been taken.
  void turn();
  /// A flow of the turn before, which is then forgotten; nullopt: that was all. Three system calls.
  std::optional<Flow> take();

  Unrecorded unrecorded() const;

 private:
  struct Parts;
  explicit FlowRecords(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace pianissimo::bpf
