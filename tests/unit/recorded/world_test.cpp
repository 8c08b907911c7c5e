#include "experiments/recorded/world.hpp"

#include <gmock/gmock.h>

#include <ranges>

#include "controller/policy/fixed.hpp"
#include "tests/unit/recorded/tables.hpp"

namespace pianissimo::recorded {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

constexpr std::chrono::seconds length = 60s;

PolicyFactory fixed(std::int32_t level) {
  return [level] { return make_fixed({.level = dbm(level)}); };
}

// Looks at every reading, and leaves the power alone.
class Watcher final : public Policy {
 public:
  explicit Watcher(std::vector<StationSample>& seen) : seen_{seen} {}
  Advice start(Instant, const Box& box, Reason) override {
    return {.level = level_ = box.ceiling()};
  }
  Advice on_applied(Instant) override { return {.level = level_}; }
  Advice on_wake(Instant) override { return {.level = level_}; }
  Advice on_reading(Instant, std::span<const StationView> stations) override {
    for (const StationView& view : stations) seen_.push_back(*view.last);
    return {.level = level_};
  }
  Advice on_station_left(Instant, const MacAddress&) override { return {.level = level_}; }

 private:
  std::vector<StationSample>& seen_;
  Dbm level_;
};

double mean_mbps(const RunResult& result) {
  return result.delivered_bits / 1e6 / std::chrono::duration<double>(length).count();
}

TEST(RecordedWorld, AFixedLevelGivesTheMeanOfItsSamples) {
  const PowerTable table = test::record(test::uneven_knob(), test::far_db);

  for (const auto& [level, samples] : table.levels) {
    const auto result = run(table, {.policy = fixed(level.mbm() / 100), .length = length});

    EXPECT_NEAR(mean_mbps(result), mean_throughput(samples).mbps(),
                0.02 * mean_throughput(samples).mbps());
  }
}

TEST(RecordedWorld, ASeedIsTheSameRunAgainAndAnotherSeedIsNot) {
  const PowerTable table = test::record(test::uneven_knob(), test::far_db);
  const auto bits = [&](std::uint64_t seed) {
    return run(table, {.seed = seed, .policy = fixed(20), .length = length}).delivered_bits;
  };

  EXPECT_EQ(bits(1), bits(1));
  EXPECT_NE(bits(1), bits(2));
}

TEST(RecordedWorld, BeginsAtTheHighestLevelThatWasRecorded) {
  const PowerTable table = test::record(test::knob_with_gaps(), test::near_db);
  const auto result = run(table, {.policy = fixed(13), .length = length});

  EXPECT_THAT(result.spent, ElementsAre(Pair(dbm(13), length - 300us), Pair(dbm(20), 300us)));
  EXPECT_EQ(result.changes, 1);
}

TEST(RecordedWorld, ALevelThatWasNotRecordedIsTheNextHigherOne) {
  const PowerTable table = test::record(test::knob_with_gaps(), test::near_db);
  const auto level_for = [&](std::int32_t asked) {
    return run(table, {.policy = fixed(asked), .length = length}).spent.begin()->first;
  };

  EXPECT_EQ(level_for(14), dbm(15));
  EXPECT_EQ(level_for(16), dbm(18));
  EXPECT_EQ(level_for(19), dbm(20));
  EXPECT_EQ(level_for(3), dbm(12));
  EXPECT_EQ(level_for(30), dbm(20));
}

TEST(RecordedWorld, CountersAndSignalTellWhatWasMeasured) {
  const Sample one{.throughput = Throughput::from_kbps(9000),
                   .drop_percent = 10,
                   .receiver_hears = dbm(-70),
                   .sender_hears = dbm(-66),
                   .receiver_power = dbm(20)};
  std::vector<StationSample> seen;
  run({{{dbm(20), {one}}}},
      {.policy = [&] { return std::make_unique<Watcher>(seen); }, .length = length});

  ASSERT_EQ(seen.size(), length / 50ms);
  const StationSample& last = seen.back();
  const double seconds = 59.95;
  EXPECT_NEAR(*last.tx_packets, seconds * 1e7 / (8 * 1470), 1.1);
  EXPECT_NEAR(*last.tx_failed, seconds * 1e6 / (8 * 1470), 1.1);
  EXPECT_NEAR(static_cast<double>(*last.tx_bytes), seconds * 9e6 / 8, 1.1);
  EXPECT_EQ(last.tx_retries, 0);
  EXPECT_EQ(last.expected_throughput, Throughput::from_kbps(9000));
  EXPECT_EQ(last.signal, dbm(-66));
}

}  // namespace
}  // namespace pianissimo::recorded
