#pragma once

#include <cstdint>
#include <string>

#include "experiments/traffic/error.hpp"

namespace pianissimo::traffic {

/// Frames, since the interface exists (ip -s link).
struct InterfaceCounters {
  std::uint64_t transmitted = 0;
  std::uint64_t dropped = 0;  ///< of those to be transmitted
};

/// In the network namespace of the calling thread.
Result<InterfaceCounters> read_counters(const std::string& interface);

/// The counters once so many frames more than `before` were transmitted or dropped, or half a
/// second has brought no further one: a veth's peer may still be taking frames from the ring.
Result<InterfaceCounters> counters_after(const std::string& interface,
                                         const InterfaceCounters& before, std::uint64_t frames);

}  // namespace pianissimo::traffic
