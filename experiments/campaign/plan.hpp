// Which run comes when. Laws are compared within a block, in an order that chance gives, so that
// what changes with the time of day is no law's advantage.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/campaign/campaign.hpp"

namespace pianissimo::campaign {

struct PlannedRun {
  std::size_t place = 0;  ///< all three: where in the campaign's lists
  std::size_t access_point = 0;
  std::size_t law = 0;
  int block = 1;  ///< 1..repetitions: each law once, one after the other
  friend bool operator==(const PlannedRun&, const PlannedRun&) = default;
};

/// Place after place, since a person has to go there; within a place repetition after repetition,
/// in each a block of every access point. The order of these blocks, and of the laws in each, is
/// drawn; it depends on the seed alone.
std::vector<PlannedRun> plan_of(const Campaign& campaign, std::uint64_t seed);

/// "table/attic/003": the block's folder below that of the campaign.
std::string block_name(const Campaign& campaign, const PlannedRun& run);
/// "table/attic/003-anchor": the run's.
std::string run_name(const Campaign& campaign, const PlannedRun& run);

/// Everything that the runs' results depend on, as text. A campaign goes on in a folder only if
/// this is what it was there. Machines may move to other addresses, and sentences may be rewritten.
std::string measured_text(const Campaign& campaign, std::uint64_t seed);

}  // namespace pianissimo::campaign
