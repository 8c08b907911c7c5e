// What can be said of a plan for live frames without sending any.
#pragma once

#include "experiments/traffic/live_frames.hpp"

namespace pianissimo::traffic {

/// Which value of the plan cannot be.
Result<void> check(const LivePlan& plan);

/// The first so many CPUs that this process may use.
Result<std::vector<unsigned>> first_cpus(std::size_t count);

/// What one of the plan's threads has to send.
struct Share {
  std::uint64_t frames = 0;
  std::uint64_t packets_per_second = 0;  ///< 0: as fast as it goes
  std::uint64_t chunk = 1;               ///< frames sent by one system call
};

/// The shares of all threads add up to `frames` and to the plan's rate.
Share share_of(const LivePlan& plan, std::size_t thread, std::uint64_t frames);

/// When a thread that has sent so many frames sends its next chunk.
Duration chunk_departure(const LivePlan& plan, const Share& share, std::uint64_t sent);

}  // namespace pianissimo::traffic
