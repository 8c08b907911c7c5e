#include "experiments/sim/cost.hpp"

#include "experiments/sim/run.hpp"

namespace pianissimo::sim {
namespace {

// Measured, on the high side: seconds of work for a simulated second. An access point sends without
// a pause; a station's channel is followed, its queue filled, and it is read 20 times a second.
constexpr double per_access_point = 1.0 / 2'000;
constexpr double per_station = 1.0 / 5'000;
constexpr double bytes_per_loss_point = sizeof(testbed::LossPoint);

}  // namespace

Cost cost_of(const Scenario& scenario) {
  const double simulated = scenario.warm_up_s + scenario.duration_s;
  const auto stations = static_cast<double>(scenario.stations.size());
  const auto access_points = static_cast<double>(scenario.access_points.size());
  double points = 0;
  for (const StationPlan& station : scenario.stations) {
    for (const auto& loss : station.path_loss) points += static_cast<double>(loss.points.size());
  }
  const double intervals = simulated * (std::chrono::seconds{1} / truth_interval);
  return {.bytes = stations * intervals * sizeof(StationTruth) + points * bytes_per_loss_point,
          .seconds = simulated * (access_points * per_access_point + stations * per_station)};
}

}  // namespace pianissimo::sim
