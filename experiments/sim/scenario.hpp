// A scenario: YAML -> struct, with errors that say where.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/sim/access_point_plan.hpp"
#include "experiments/sim/interference.hpp"
#include "experiments/sim/traffic.hpp"
#include "experiments/sim/uplink.hpp"
#include "experiments/testbed/medium/channel.hpp"

namespace pianissimo::sim {

/// From `at` on (seconds of the measured part) with this access point; none: gone.
struct Stay {
  double at_s = 0;
  std::optional<int> access_point;
};

/// A station's own power from `at_s` on (seconds of the measured part).
struct StationPower {
  double at_s = 0;
  double dbm = 20;  ///< 0..36
  friend bool operator==(const StationPower&, const StationPower&) = default;
};

struct StationPlan {
  /// One per access point.
  std::vector<testbed::LossProfile> path_loss;
  TrafficParams traffic;
  std::vector<Stay> stays{{.at_s = 0, .access_point = 0}};
  int streams = 2;
  int width_mhz = 80;
  std::optional<testbed::FadingParams> fading;  ///< absent: the scenario's
  UplinkParams uplink;
  /// Its own power, ascending in time; before the first the first holds.
  std::vector<StationPower> power{StationPower{}};
};

struct Scenario {
  std::string name;         ///< the file's name without its ending
  std::string description;  ///< what it is for, a sentence
  int duration_s = 60;      ///< of the measured part, 1..86400
  int warm_up_s = 4;        ///< traffic at the power found, before it; the channel is held, 0..120
  testbed::Receiver receiver;
  int aggregate_mpdus = 32;        ///< 1..64
  double longest_ppdu_ms = 5.484;  ///< no aggregate is longer: aPPDUMaxTime; 1..100
  /// 15..1023. 63 is EDCA's best effort as hostapd sets it for an access point, 1023 is DCF's.
  int contention_window_max = testbed::contention_window_max;
  double carrier_sense_dbm = -82;  ///< -100..-40
  testbed::FadingParams fading;
  std::optional<InterferenceParams> interference;
  std::vector<AccessPointPlan> access_points{AccessPointPlan{}};
  /// dB between two access points, [i][j] == [j][i].
  std::vector<std::vector<double>> between_access_points{{0}};
  std::vector<StationPlan> stations;
};

struct ScenarioError {
  std::string message;  ///< "file:line:column: what is wrong"
  bool unreadable = false;
  /// sysexits(3): EX_NOINPUT or EX_DATAERR.
  int exit_status() const { return unreadable ? 66 : 65; }
};

/// The text of a scenario's file, of which no more is read than parse_scenario() takes.
std::variant<std::string, ScenarioError> read_scenario_file(const std::string& path);
/// Trace files are looked up beside the scenario's file.
std::variant<Scenario, ScenarioError> load_scenario(const std::string& path);
/// As load_scenario, from memory; `path` is what errors name and where traces are looked up.
std::variant<Scenario, ScenarioError> parse_scenario(const std::string& yaml,
                                                     const std::string& path);

}  // namespace pianissimo::sim
