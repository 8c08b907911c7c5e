// A world made of a recording: one station that gets, at each reading, what was measured once at
// the level in force. README.md says what is shown of it and what is made up.
#pragma once

#include <map>

#include "controller/core/policy.hpp"
#include "controller/core/time.hpp"
#include "experiments/recorded/shown.hpp"

namespace pianissimo::recorded {

struct RunParams {
  /// Of which sample is drawn when: a function of it, of time and of the level alone.
  std::uint64_t seed = 1;
  PolicyFactory policy;
  std::chrono::seconds length{600};
};

struct RunResult {
  double delivered_bits = 0;
  std::map<Dbm, Duration> spent;  ///< at each level that was in force
  int changes = 0;                ///< of the level in force
};

/// The law in a controller, as the daemon runs it. The box goes from the table's lowest level to
/// its highest, where the run begins. Of a level in between that was not recorded, the next higher
/// one that was comes into force, and nobody is told: a coarse knob.
RunResult run(const ShownLevels& levels, const RunParams& params);
inline RunResult run(const PowerTable& table, const RunParams& params) {
  return run(shown(table), params);
}

}  // namespace pianissimo::recorded
