// What can be said of a plan for TCP on live frames without sending any.
#pragma once

#include "experiments/traffic/live_tcp.hpp"

namespace pianissimo::traffic {

/// Which value of the plan cannot be.
Result<void> check(const LiveTcpPlan& plan);

/// The segments that so many bytes take; of 0, which is no limit, as many as the numbers go.
std::uint64_t segments_of(std::uint64_t bytes, std::uint32_t segment_bytes);

}  // namespace pianissimo::traffic
