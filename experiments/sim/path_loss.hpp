// A station's path loss in a scenario's YAML.
#pragma once

#include "experiments/sim/yaml_reader.hpp"
#include "experiments/testbed/medium/channel.hpp"

namespace pianissimo::sim {

// Path losses outside this are typing errors: 30 dB is a few centimetres, 160 dB is silence.
inline constexpr double loss_min_db = 30;
inline constexpr double loss_max_db = 160;

/// Loss by distance: log-distance, with ns-3's defaults for 5 GHz.
struct Propagation {
  double at_1m_db = 46.7;  ///< 20..80
  double exponent = 3;     ///< 1..6
  double loss_db(double metres) const;
};

/// A number, or one of {steps: [[s, dB], ...]}, {ramp: [[s, dB], ...]}, {walk: [[s, m], ...]},
/// {trace: FILE of s,dB}, {rssi: {file: FILE of s,dBm, power_dbm: N}}. Files are looked up beside
/// the scenario's. Throws BadScenario.
testbed::LossProfile read_path_loss(const YamlReader& yaml, const yaml::Node& node,
                                    const Propagation& propagation);

}  // namespace pianissimo::sim
