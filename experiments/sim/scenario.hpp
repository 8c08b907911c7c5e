// A scenario: YAML -> struct, with errors that say where.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/units.hpp"
#include "experiments/sim/interference.hpp"
#include "experiments/sim/minstrel_ht.hpp"
#include "experiments/sim/traffic.hpp"
#include "experiments/testbed/medium/channel.hpp"

namespace pianissimo::sim {

/// How a radio's power is set, and how well it obeys.
struct KnobPlan {
  KnobKind kind = KnobKind::interface;
  double latency_ms = 0.3;  ///< from the command to its answer and its effect, 0..5000
  double drain_ms = 0;      ///< silence at each change (mt7615-class radios: up to 200), 0..5000
  bool obeys = true;        ///< false: accepted, and nothing changes on the air
  enum class ReadBack : std::uint8_t { truth, asked, none } read_back = ReadBack::truth;
  std::optional<Dbm> clamp;  ///< the hardware goes no higher
};

struct AccessPointPlan {
  Dbm found = dbm(20);
  Dbm channel_maximum = dbm(23);
  int width_mhz = 80;
  int streams = 2;
  KnobPlan knob;
  /// Absent: rate control in firmware.
  std::optional<MinstrelParams> minstrel = MinstrelParams{};
  /// Transmissions handed to the hardware at once: their rates are settled there and then. 1..16.
  int hardware_queue = 1;
  /// MPDUs that a BlockAck shows as missing are sent again; false: lost, as on the virtual testbed.
  bool resends = true;
  bool tells_airtime = false;  ///< NL80211_STA_INFO_TX_DURATION
};

/// From `at` on (seconds of the measured part) with this access point; none: gone.
struct Stay {
  double at_s = 0;
  std::optional<int> access_point;
};

struct StationPlan {
  /// One per access point.
  std::vector<testbed::LossProfile> path_loss;
  TrafficParams traffic;
  std::vector<Stay> stays{{.at_s = 0, .access_point = 0}};
  int streams = 2;
  int width_mhz = 80;
  std::optional<testbed::FadingParams> fading;  ///< absent: the scenario's
};

struct Scenario {
  std::string name;         ///< the file's name without its ending
  std::string description;  ///< what it is for, a sentence
  int duration_s = 60;      ///< of the measured part, 1..86400
  int warm_up_s = 4;        ///< traffic at the power found, before it; the channel is held, 0..120
  testbed::Receiver receiver;
  double station_power_dbm = 20;   ///< 0..36
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

/// Trace files are looked up beside the scenario's file.
std::variant<Scenario, ScenarioError> load_scenario(const std::string& path);
/// As load_scenario, from memory; `path` is what errors name and where traces are looked up.
std::variant<Scenario, ScenarioError> parse_scenario(const std::string& yaml,
                                                     const std::string& path);

}  // namespace pianissimo::sim
