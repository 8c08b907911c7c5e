// One simulated run: a scenario and a policy in, ground truth and a journal out.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "controller/core/box.hpp"
#include "controller/core/policy.hpp"
#include "controller/journal/record.hpp"
#include "experiments/sim/bit_rate.hpp"
#include "experiments/sim/link_table.hpp"
#include "experiments/sim/scenario.hpp"

namespace pianissimo::sim {

/// Shares of the ceiling's capacity for which the truth says which level keeps them.
inline constexpr std::array<double, 8> oracle_keeps{0.80, 0.85, 0.90, 0.93, 0.95, 0.97, 0.98, 0.99};
inline constexpr Duration truth_interval = std::chrono::milliseconds{100};

/// Observations that no dump shows in this run, to find what each is worth to a law. The plant is
/// the same without them.
struct Hidden {
  bool signal = false;    ///< of frames and of ACKs, last and average
  bool failed = false;    ///< tx_failed
  bool retries = false;   ///< tx_retries
  bool airtime = false;   ///< tx_duration
  bool estimate = false;  ///< expected_throughput
  bool rate = false;      ///< tx_rate
};

struct RunOptions {
  /// Of everything left to chance. Channel, traffic and interference are functions of it and of
  /// time alone: two runs with one seed meet the same, whatever the policies do.
  std::uint64_t seed = 1;
  PolicyFactory policy;  ///< one policy per power domain of every access point
  BoxParams box;
  std::chrono::milliseconds interval{50};  ///< between two readings of all stations
  /// Off: a law is seen as it is, with what it does wrong.
  VerdictParams verdict{.enabled = false};
  Hidden hidden{};
  /// Of all access points, in place of their rate control.
  std::optional<MaskedRate> bit_rate{};
  /// Told what a daemon's journal would hold but for its header: events, decisions; of access
  /// point `ap`, in order. May be empty.
  std::function<void(int ap, const journal::Record&)> record;
};

/// What the air gave one station in one interval, and what it could have.
struct StationTruth {
  Instant at;            ///< end of the interval
  int access_point = 0;  ///< whose station it is, from 0; -1: nobody's
  Dbm power;             ///< commanded and obeyed, for this station
  double path_loss_db = 0;
  double fading_db = 0;
  std::uint64_t offered_bytes = 0;
  std::uint64_t frames = 0;
  std::uint64_t attempts = 0;
  std::uint64_t mpdus = 0;
  std::uint64_t delivered_mpdus = 0;
  std::uint64_t delivered_bytes = 0;
  double airtime_us = 0;
  /// What a rate control that knew the channel would deliver per airtime (LinkTable::capacity),
  /// with the channel of the interval's end, without interference and other transmissions.
  double capacity_mbps = 0;             ///< at what `power` puts on the air
  double capacity_at_ceiling_mbps = 0;  ///< at what the box's ceiling puts there
  /// Lowest commanded level of the box that keeps oracle_keeps[i] of the ceiling's capacity.
  std::array<Dbm, oracle_keeps.size()> lowest{};
};

struct StationRun {
  MacAddress mac;
  std::vector<StationTruth> truth;  ///< the warm-up included
};

/// From here on this level is on the air.
struct PowerStep {
  Instant at;
  std::optional<MacAddress> station;  ///< of a station knob
  Dbm level;
};

struct AccessPointRun {
  Box box{Dbm{}, Dbm{}};
  std::vector<PowerStep> power;     ///< as the hardware obeyed, from time 0 on
  std::map<Reason, int> decisions;  ///< in the measured part
  int changes = 0;                  ///< of the level on the air, in the measured part
  int commands = 0;                 ///< told to the kernel, in the measured part
};

struct RunResult {
  Instant start;  ///< of the measured part
  Instant end;
  std::vector<AccessPointRun> access_points;
  std::vector<StationRun> stations;
};

/// Deterministic; may run in several threads at once.
RunResult run(const Scenario& scenario, const RunOptions& options);

}  // namespace pianissimo::sim
