// The plainest figures of one run beside the same run at the ceiling.
#pragma once

#include <string>

#include "experiments/sim/run.hpp"

namespace pianissimo::sim {

struct StationFigures {
  double delivered_mbps = 0;
  double capacity_mbps = 0;  ///< delivered bits per airtime
  double retained = 0;       ///< delivered bytes beside those at the ceiling; 1 if that had none
  double capacity_retained = 0;
  double saved_db = 0;   ///< ceiling less power on the air, mean over the time it was there
  double oracle_db = 0;  ///< the same of the oracle that keeps 0.97 of the ceiling's capacity,
                         ///< for this station alone
};

/// Over the measured part. Both runs are of one scenario and one seed.
StationFigures station_figures(const RunResult& run, const RunResult& ceiling, std::size_t station);

/// A table for people: stations, then access points.
std::string figures_text(const RunResult& run, const RunResult& ceiling);

}  // namespace pianissimo::sim
