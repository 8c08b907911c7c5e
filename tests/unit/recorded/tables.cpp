#include "tests/unit/recorded/tables.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/sim/random.hpp"

namespace pianissimo::recorded::test {
namespace {

constexpr int rows_per_level = 80;
constexpr double offered_mbps = 10;
// The sensitivity of the slowest rate, and what each decibel above it is worth.
constexpr double weakest_dbm = -97;
constexpr double mbps_per_db = 0.6;
// Of one measurement, about the mean.
constexpr double channel_sd_db = 0.8;
constexpr double reading_sd_db = 0.5;

Dbm whole_dbm(double dbm) {
  return Dbm::from_mbm(100 * static_cast<std::int32_t>(std::lround(dbm)));
}

Sample measure(double signal_dbm, double back_dbm, Dbm receiver_power, sim::Random& random) {
  const double now = signal_dbm + channel_sd_db * random.gauss();
  const double capacity = std::max(0.3, mbps_per_db * (now - weakest_dbm));
  const double lost = std::clamp(0.004 * (offered_mbps + 2 - capacity), 0.0, 0.05);
  // iperf's clock is not exact.
  const double sent = std::min(capacity, offered_mbps * (1 - 0.001 * random.unit()));
  return {.throughput = Throughput::from_bps(std::llround(1e6 * sent * (1 - lost))),
          .drop_percent = 100 * lost,
          .receiver_hears = whole_dbm(now + reading_sd_db * random.gauss()),
          .sender_hears = whole_dbm(back_dbm + reading_sd_db * random.gauss()),
          .receiver_power = receiver_power};
}

}  // namespace

RadiatedByLevel uneven_knob() {
  return {{12, 9.0},  {13, 11.7}, {14, 13.1}, {15, 12.5}, {16, 14.2},
          {17, 15.1}, {18, 16.3}, {19, 17.0}, {20, 18.2}};
}

RadiatedByLevel knob_dead_above() {
  RadiatedByLevel out = uneven_knob();
  for (int level = 17; level <= 20; ++level) out[level] = out[16];
  return out;
}

RadiatedByLevel knob_dead_below() {
  RadiatedByLevel out = uneven_knob();
  for (int level = 12; level <= 15; ++level) out[level] = out[16];
  return out;
}

RadiatedByLevel knob_with_gaps() {
  return {{12, 9.0}, {13, 11.7}, {15, 12.5}, {18, 16.3}, {20, 18.2}};
}

PowerTable record(const RadiatedByLevel& knob, double path_loss_db, std::uint64_t seed) {
  sim::Random random{seed};
  const RadiatedByLevel receiver = uneven_knob();
  PowerTable out;
  for (const auto& [level, radiated] : knob) {
    for (int row = 0; row < rows_per_level; ++row) {
      const auto back =
          std::next(receiver.begin(), random.below(static_cast<int>(receiver.size())));
      out.levels[dbm(level)].push_back(
          measure(radiated - path_loss_db, back->second - path_loss_db, dbm(back->first), random));
    }
  }
  return out;
}

std::vector<NamedTable> recordings() {
  return {{"near", record(uneven_knob(), near_db)},
          {"middle", record(uneven_knob(), middle_db)},
          {"far", record(uneven_knob(), far_db)},
          {"middle, dead above 16 dBm", record(knob_dead_above(), middle_db)},
          {"middle, dead below 16 dBm", record(knob_dead_below(), middle_db)},
          {"middle, gaps", record(knob_with_gaps(), middle_db)}};
}

}  // namespace pianissimo::recorded::test
