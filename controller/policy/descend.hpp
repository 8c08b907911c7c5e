// The original algorithm (GSoC 2024, Freifunk): descend one level at a time, compare with the
// previous level, visit the ceiling for 60 ms at every tenth iteration. Kept faithful, warts and
// all: it is the baseline that every other law is compared with. controller/policy/README.md lists
// its steps and how the gaps of its description are filled.
#pragma once

#include <chrono>
#include <map>

#include "controller/core/load.hpp"
#include "controller/core/policy.hpp"

namespace pianissimo {

/// What a domain without an active station does.
enum class WhenIdle : std::uint8_t { hold, ceiling, floor };

struct DescendParams {
  /// A level is kept while the throughput is at least this share of that at the previous level.
  /// Range (0, 1]. The original's threshold of 10 %.
  double keep = 0.9;
  /// Time at each level of the descent before it is measured. Range 1 ms..60 s. The original
  /// watches a level for 140 ms: two to three updates of Minstrel-HT's statistics.
  std::chrono::milliseconds step_dwell{140};
  /// Time at the level in use before a visit and while holding. Range 1 ms..60 s.
  std::chrono::milliseconds watch_dwell{140};
  /// Every n-th iteration visits the ceiling. Range 1..1000000.
  int probe_every = 10;
  /// Length of a visit. Range 1 ms..60 s. (Minstrel-HT shows almost nothing of a change within
  /// 60 ms; that is the original's weakness and stays.)
  std::chrono::milliseconds probe_dwell{60};
  /// The level in use passes a visit at this share of what the visit showed. Range (0, 1].
  double probe_keep = 0.9;
  /// What to do while no station is active.
  WhenIdle idle = WhenIdle::hold;
  /// Which stations were active during a dwell: idle ones decide nothing.
  LoadParams load;
  friend bool operator==(const DescendParams&, const DescendParams&) = default;
};

std::unique_ptr<Policy> make_descend(const DescendParams& params);

}  // namespace pianissimo
