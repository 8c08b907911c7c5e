// An access point as a scenario plans it: its radio, its knob, and what its driver tells.
#pragma once

#include <map>
#include <optional>

#include "controller/core/identity.hpp"
#include "controller/core/units.hpp"
#include "experiments/sim/counters.hpp"
#include "experiments/sim/minstrel_ht.hpp"
#include "experiments/sim/yaml_reader.hpp"

namespace pianissimo::sim {

/// How a radio's power is set, and how well it obeys.
struct KnobPlan {
  KnobKind kind = KnobKind::interface;
  double latency_ms = 0.3;  ///< from the command to its answer and its effect, 0..5000
  double drain_ms = 0;      ///< silence at each change (mt7615-class radios: up to 200), 0..5000
  bool obeys = true;        ///< false: accepted, and nothing changes on the air
  enum class ReadBack : std::uint8_t { truth, asked, none } read_back = ReadBack::truth;
  std::optional<Dbm> clamp;  ///< the hardware goes no higher
  /// What is on the air at a commanded level, dBm, 0..36. Levels that are not named are on the
  /// air as commanded. Read-backs tell commanded levels.
  std::map<Dbm, double> radiated;

  double radiated_dbm(Dbm level) const {
    if (radiated.empty()) return level.value();
    const auto found = radiated.find(level);
    return found == radiated.end() ? level.value() : found->second;
  }
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
  bool tells_airtime = false;     ///< NL80211_STA_INFO_TX_DURATION
  bool tells_signal = true;       ///< of frames: NL80211_STA_INFO_SIGNAL and _SIGNAL_AVG
  bool tells_ack_signal = false;  ///< NL80211_STA_INFO_ACK_SIGNAL and _ACK_SIGNAL_AVG
  CountersPlan counters;
};

/// All but its place, which is the scenario's: `position_m`. Throws BadScenario.
AccessPointPlan read_access_point(const YamlReader& yaml, const yaml::Node& node);

}  // namespace pianissimo::sim
