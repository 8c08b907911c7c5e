// A scenario: YAML -> struct, with errors that say where.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <vector>

#include "experiments/testbed/medium/channel.hpp"
#include "experiments/testbed/medium/phy.hpp"

namespace pianissimo::testbed {

/// `file:line:column: message`, ready to be printed.
class ScenarioError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Traffic {
  /// Frames per second from the AP, 0 (none) .. 2000. With aggregates each of them stands for up
  /// to `aggregate_mpdus` frames on the air. Emulated machines manage 1700 in all.
  double frames_per_second = 300;
  /// UDP payload, bytes, 64..1400. 1200 is what Minstrel's own estimate assumes.
  int bytes = 1200;
  friend bool operator==(const Traffic&, const Traffic&) = default;
};

struct StationPlan {
  LossProfile path_loss;
  Traffic traffic;
};

struct Scenario {
  std::string name;  ///< the file's name without its ending
  std::string description;
  int duration_s = 0;  ///< of the measured part, 1..3600
  int warm_up_s = 6;   ///< least traffic before it, 0..120; the convergence check comes on top
  std::uint64_t seed = 1;
  Receiver receiver;
  double station_power_dbm = 20;  ///< fixed: the stations' side is not what we control; 0..36
  int aggregate_mpdus = 16;       ///< MPDUs a frame stands for when aggregates are on, 1..63
  FadingParams fading;
  std::vector<StationPlan> stations;
};

/// Trace files are looked up beside the scenario's file. Throws ScenarioError.
Scenario load_scenario(const std::filesystem::path& file);

/// As load_scenario, from memory; `file` is what errors name and where traces are looked up.
Scenario parse_scenario(const std::string& yaml, const std::filesystem::path& file);

/// As `name=value` lines that a shell can read.
void describe(const Scenario& scenario, std::ostream& out);

}  // namespace pianissimo::testbed
