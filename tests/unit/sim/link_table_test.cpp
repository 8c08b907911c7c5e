#include "experiments/sim/link_table.hpp"

#include <gtest/gtest.h>

#include "experiments/sim/random.hpp"

namespace pianissimo::sim {
namespace {

const LinkTable& table() {
  static const LinkTable made{{}, {}};
  return made;
}

TEST(LinkTable, LosesWhatThePhysicalLayerSays) {
  const RateId id = RateSet::id_of(table().rates().groups() - 1, 5);
  const testbed::Rate rate = table().rates().rate(id);

  for (double rssi = -80; rssi < -40; rssi += 0.5) {
    const double snr = testbed::stream_snr_db(rate, rssi, {});
    const double exact = testbed::packet_error_rate(rate, snr, table().params().frame_bytes + 4);
    // Within half a place of the table, 1/32 dB.
    EXPECT_NEAR(table().loss(id, rssi), exact, 0.12) << rssi;
    if (exact < 1e-4) {
      EXPECT_LT(table().loss(id, rssi), 1e-3);
    }
  }
}

TEST(LinkTable, CapacityGrowsWithTheSignalAndComesBack) {
  double last = -1;
  for (double rssi = -100; rssi <= -40; rssi += 0.5) {
    const double capacity = table().capacity_mbps(rssi);
    EXPECT_GE(capacity, last);
    last = capacity;
  }
  EXPECT_LT(table().capacity_mbps(-105), 0.01);

  const double needed = table().rssi_for(0.9 * table().capacity_mbps(-60));
  EXPECT_NEAR(table().capacity_mbps(needed), 0.9 * table().capacity_mbps(-60),
              0.02 * table().capacity_mbps(-60));
  EXPECT_LT(needed, -60);
}

TEST(LinkTable, NoAggregateTakesLongerThanItMay) {
  for (RateId id = 0; id < table().rates().size(); ++id) {
    const int most = table().most_mpdus(id);
    EXPECT_GE(most, 1);
    EXPECT_LE(most, table().params().aggregate);
    if (most > 1) {
      EXPECT_LE(table().data_time(id, most), std::chrono::microseconds{5484});
    }
  }
}

TEST(Random, TrialsSucceedAsOftenAsTheyShould) {
  Random random{3};
  for (const double chance : {0.0, 0.01, 0.3, 0.77, 1.0}) {
    int hits = 0;
    for (int i = 0; i < 2000; ++i) hits += std::popcount(random.trials(50, chance));

    // 100 000 trials: five standard deviations are at most 0.008.
    EXPECT_NEAR(hits / 100'000.0, chance, 0.008);
  }
}

TEST(Random, GaussHasTheMomentsOfANormalDistribution) {
  Random random{4};
  double sum = 0;
  double squares = 0;
  constexpr int n = 100'000;
  for (int i = 0; i < n; ++i) {
    const double x = random.gauss();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / n, 0, 0.016);
  EXPECT_NEAR(squares / n, 1, 0.025);
}

}  // namespace
}  // namespace pianissimo::sim
