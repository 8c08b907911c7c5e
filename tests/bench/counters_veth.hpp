// Counting under traffic over veth: live frames on one core, TCP between two namespaces.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/bench/counters_programs.hpp"
#include "tests/bench/counters_sample.hpp"

namespace pianissimo::bench {

/// Live frames into a native XDP program that drops, one CPU for both.
struct LiveRate {
  std::string name;
  std::size_t stations = 0;
  double mpps = 0;       ///< median
  double best_mpps = 0;  ///< of all rounds
  double more_ns = 0;    ///< per frame, than without counting: median of paired differences
};

/// The first is the one that only drops.
std::vector<LiveRate> measure_live(Programs& programs, std::size_t stations, int rounds);

struct TcpRate {
  std::string name;
  double gbit_per_s = 0;  ///< median
  double retained = 1;    ///< of the throughput without programs: median of paired ratios
};

/// The first is without programs. At the sender the data pass egress and the acknowledgements
/// ingress, at the receiver the other way round.
std::vector<TcpRate> measure_tcp(int rounds, double seconds);

}  // namespace pianissimo::bench
