#include "experiments/lab/testbed_truth.hpp"

#include "experiments/report/ceiling.hpp"
#include "experiments/sim/link_table.hpp"

namespace pianissimo::lab {

void add_capacities(report::Run& run, const report::Run* baseline) {
  const bool is_testbed = run.info.accelerator == "tcg" || run.info.accelerator == "kvm";
  if (!is_testbed) return;
  const sim::LinkTable table{{}, {.aggregate = run.info.aggregates.value_or(true) ? 16 : 1}};
  for (auto& [station, rows] : run.truth.stations) {
    const report::Ceiling ceilings{run, baseline, station};
    for (report::TruthRow& row : rows) {
      const auto ceiling = ceilings.at(row.span.end);
      if (!row.path_loss_db || !row.fading_db || !ceiling) continue;
      const double gain_db = *row.fading_db - *row.path_loss_db;
      row.capacity_mbps = table.capacity_mbps(row.power_dbm + gain_db);
      row.capacity_at_ceiling_mbps = table.capacity_mbps(*ceiling + gain_db);
    }
  }
}

}  // namespace pianissimo::lab
