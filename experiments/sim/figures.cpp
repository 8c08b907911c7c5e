#include "experiments/sim/figures.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pianissimo::sim {
namespace {

struct Sum {
  double bytes = 0;
  double airtime_us = 0;
  double saved_db = 0;
  double oracle_db = 0;
  int present = 0;  // intervals

  double capacity_mbps() const { return airtime_us > 0 ? 8 * bytes / airtime_us : 0; }
};

Sum sum_of(const RunResult& run, std::size_t station) {
  const std::size_t keep =
      static_cast<std::size_t>(std::ranges::find(oracle_keeps, 0.97) - oracle_keeps.begin());
  Sum sum;
  for (const StationTruth& truth : run.stations.at(station).truth) {
    if (truth.at <= run.start || truth.access_point < 0) continue;
    const Dbm ceiling =
        run.access_points.at(static_cast<std::size_t>(truth.access_point)).box.ceiling();
    sum.bytes += static_cast<double>(truth.delivered_bytes);
    sum.airtime_us += truth.airtime_us;
    sum.saved_db += (ceiling - truth.power).value();
    sum.oracle_db += (ceiling - truth.lowest.at(keep)).value();
    ++sum.present;
  }
  return sum;
}

double ratio(double a, double b) { return b > 0 ? a / b : 1; }

}  // namespace

StationFigures station_figures(const RunResult& run, const RunResult& ceiling,
                               std::size_t station) {
  const Sum mine = sum_of(run, station);
  const Sum theirs = sum_of(ceiling, station);
  const double seconds = std::chrono::duration<double>(run.end - run.start).count();
  const double present = std::max(mine.present, 1);
  return {.delivered_mbps = 8e-6 * mine.bytes / seconds,
          .capacity_mbps = mine.capacity_mbps(),
          .retained = ratio(mine.bytes, theirs.bytes),
          .capacity_retained = ratio(mine.capacity_mbps(), theirs.capacity_mbps()),
          .saved_db = mine.saved_db / present,
          .oracle_db = mine.oracle_db / present};
}

std::string figures_text(const RunResult& run, const RunResult& ceiling) {
  std::string out = fmt::format("{:<19}{:>12}{:>10}{:>12}{:>10}{:>9}{:>10}\n", "station",
                                "delivered", "retained", "capacity", "retained", "saved", "oracle");
  for (std::size_t i = 0; i < run.stations.size(); ++i) {
    const StationFigures f = station_figures(run, ceiling, i);
    out += fmt::format("{:<19}{:>7.1f} Mb/s{:>10.3f}{:>7.1f} Mb/s{:>10.3f}{:>6.1f} dB{:>7.1f} dB\n",
                       to_string(run.stations[i].mac), f.delivered_mbps, f.retained,
                       f.capacity_mbps, f.capacity_retained, f.saved_db, f.oracle_db);
  }
  for (std::size_t i = 0; i < run.access_points.size(); ++i) {
    const AccessPointRun& ap = run.access_points[i];
    out += fmt::format("access point {}: {} commands, {} changes of power", i + 1, ap.commands,
                       ap.changes);
    for (const auto& [reason, count] : ap.decisions) {
      out += fmt::format(", {} {}", count, to_string(reason));
    }
    out += '\n';
  }
  return out;
}

}  // namespace pianissimo::sim
