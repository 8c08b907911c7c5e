#include "experiments/sim/run_files.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <boost/json.hpp>

#include "config/config.hpp"

namespace pianissimo::sim {
namespace {

double seconds(Instant at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }

}  // namespace

void write_truth_csv(std::ostream& out, const RunResult& result, int ap) {
  out << "t_s,station,power_dbm,path_loss_db,fading_db,frames,attempts,mpdus,delivered_mpdus,"
         "delivered_bytes,airtime_us,offered_bytes,capacity_mbps,capacity_at_ceiling_mbps";
  for (const double keep : oracle_keeps) fmt::print(out, ",lowest_{:.0f}_dbm", 100 * keep);
  out << '\n';
  const std::size_t rows = result.stations.empty() ? 0 : result.stations.front().truth.size();
  for (std::size_t row = 0; row < rows; ++row) {
    for (const StationRun& station : result.stations) {
      const StationTruth& truth = station.truth[row];
      if (truth.access_point != ap) continue;
      fmt::print(out, "{:.3f},{},{:.2f},{:.2f},{:.2f},{},{},{},{},{},{:.0f},{},{:.2f},{:.2f}",
                 seconds(truth.at), to_string(station.mac), truth.power.value(), truth.path_loss_db,
                 truth.fading_db, truth.frames, truth.attempts, truth.mpdus, truth.delivered_mpdus,
                 truth.delivered_bytes, truth.airtime_us, truth.offered_bytes, truth.capacity_mbps,
                 truth.capacity_at_ceiling_mbps);
      for (const Dbm level : truth.lowest) fmt::print(out, ",{:g}", level.value());
      out << '\n';
    }
  }
}

std::string run_json(const Scenario& scenario, const RunResult& result, int ap,
                     const std::string& label, std::uint64_t seed) {
  boost::json::array stations;
  for (const StationRun& station : result.stations) {
    for (const StationTruth& truth : station.truth) {
      if (truth.access_point != ap) continue;
      stations.emplace_back(to_string(station.mac));
      break;
    }
  }
  const boost::json::object object{{"scenario", scenario.name},
                                   {"label", label},
                                   {"kernel", "simulated"},
                                   {"accelerator", "simulator"},
                                   {"aggregates", scenario.aggregate_mpdus > 1},
                                   {"seed", seed},
                                   {"access_point", ap + 1},
                                   {"start_s", seconds(result.start)},
                                   {"end_s", seconds(result.end)},
                                   {"stations", stations}};
  return boost::json::serialize(object) + '\n';
}

journal::Record journal_header(const Scenario& scenario, const std::string& config, int ap) {
  const AccessPointPlan& plan = scenario.access_points.at(static_cast<std::size_t>(ap));
  return {.at = Instant{} + std::chrono::seconds{scenario.warm_up_s},
          .wall_ms = 1000 * static_cast<std::int64_t>(scenario.warm_up_s),
          .what = journal::Header{
              .version = "simulated",
              .kernel = "simulated",
              .regulatory_domain = "00",
              .config = config,
              .config_hash = config_hash(config),
              .interfaces = {{.name = fmt::format("wlan{}", ap),
                              .index = static_cast<std::uint32_t>(ap) + 3,
                              .driver = "simulated",
                              .frequency_mhz = 5180,
                              .width_mhz = static_cast<std::uint32_t>(plan.width_mhz)}}}};
}

}  // namespace pianissimo::sim
