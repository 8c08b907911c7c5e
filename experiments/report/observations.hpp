// What throughput and rate went with which power: the numbers behind the drawings.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "experiments/report/report.hpp"

namespace pianissimo::report {

/// Throughput at one level: median and quartiles, nearest rank.
struct LevelSpread {
  int power_dbm = 0;
  int samples = 0;
  double low_mbps = 0;
  double middle_mbps = 0;
  double high_mbps = 0;
};

/// Throughput against power under one path loss (or slice of it).
struct Knee {
  std::string path_loss;            ///< "74 dB"; empty where it is not known
  std::vector<LevelSpread> levels;  ///< lowest first
  Figure at_full_power_mbps;        ///< the baseline's median under the same path loss
};

struct StationKnees {
  bool delivered = true;  ///< by the ground truth; else as the rate controller expected
  std::vector<Knee> knees;
};

/// More lines than this are not told apart: neighbouring slices of path loss are put together.
inline constexpr std::size_t most_knees = 4;

/// Only of times in which the power stood still: rows of the truth with one level all through, or,
/// without a truth, readings at a level that has held for 100 ms.
StationKnees knees_of(const JudgedRun& judged, const MacAddress& station,
                      const JudgedRun* baseline);

/// "2 x MCS 7": two streams.
struct RateName {
  int streams = 0;  ///< 0: legacy
  int mcs = 0;      ///< of a legacy rate: 100 kbit/s
  friend auto operator<=>(const RateName&, const RateName&) = default;
};
RateName rate_name(const BitRate& rate);
std::string to_string(const RateName& name);

/// How many readings had which rate, by the level in force (whole dBm).
using RateCounts = std::map<int, std::map<RateName, int>>;
RateCounts rate_counts(const Run& run, const MacAddress& station);

/// Share of the weight at or below a value.
struct SharePoint {
  double value = 0;
  double share = 0;  ///< 0..1
};
struct Weighted {
  double value = 0;
  double weight = 0;
};
std::vector<SharePoint> distribution(std::vector<Weighted> values);

/// Every level of every station with the seconds it held: on the air, else as confirmed.
std::vector<Weighted> power_times(const Run& run);
/// Capacity of every second in which a station was sent something; empty without ground truth.
std::vector<Weighted> capacity_seconds(const RunFigures& figures);
/// Expected throughput of every reading, for the time since the last one; empty without a journal.
std::vector<Weighted> expected_readings(const Run& run);

}  // namespace pianissimo::report
