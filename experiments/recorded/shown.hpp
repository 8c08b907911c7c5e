// What a driver would show of a sample.
#pragma once

#include <map>
#include <vector>

#include "experiments/recorded/power_table.hpp"

namespace pianissimo::recorded {

struct Shown {
  Throughput throughput;      ///< delivered
  double frames_per_s = 0;    ///< sent to the station, lost ones included
  double acknowledged = 1;    ///< share of them
  Throughput rate;            ///< at which core/estimate gives that throughput
  std::optional<Dbm> signal;  ///< of the station's frames, as if it sent at its highest power
};

using ShownLevels = std::map<Dbm, std::vector<Shown>>;

/// Level by level, in the order of the table's samples.
ShownLevels shown(const PowerTable& table);

}  // namespace pianissimo::recorded
