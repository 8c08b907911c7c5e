// What an observation is worth: a law that is not shown it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "controller/core/policy.hpp"

namespace pianissimo::policies {

/// What a driver may or may not tell of a station.
enum class Observation : std::uint8_t {
  signal,    ///< signal and ACK signal, last and averaged
  failed,    ///< tx_failed, in the reading and in the totals
  retries,   ///< tx_retries, likewise
  airtime,   ///< tx_duration
  estimate,  ///< expected throughput
  rate,      ///< tx_rate and rx_rate
};

/// "signal", "failed", ...; in the order of Observation.
std::span<const std::string_view> observation_names();

/// nullopt: no such observation.
std::optional<Observation> find_observation(std::string_view name);

/// The law that `make` makes, which sees every station without what is hidden: as if the driver
/// did not tell it.
PolicyFactory blindfolded(PolicyFactory make, std::vector<Observation> hidden);

}  // namespace pianissimo::policies
