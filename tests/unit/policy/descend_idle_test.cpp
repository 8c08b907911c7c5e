// Nothing to measure: no traffic, no estimate. No decision is taken, and no iteration counts.
#include "tests/unit/policy/descend_loop.hpp"

namespace pianissimo {
namespace {

using namespace test;
using testing::ElementsAre;
using enum Reason;

// Dwells end at multiples of 140 ms; the one from 980 to 1120 is the first with traffic.
TEST(DescendIdle, HoldsUntilSomethingMoves) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, flat());
  loop.load(alice, 0);
  loop.run_until(1000);

  loop.load(alice, 1000);
  loop.run_until(1200);

  EXPECT_EQ(after_start(loop), Course{}
                                   .then(140, 20, idle)  //
                                   .then(1120, 19, step_down));
}

TEST(DescendIdle, WithoutAnyStationHoldsTheHighestLevel) {
  Loop loop{descend(), 10, 20};

  loop.run_until(5000);

  EXPECT_THAT(loop.table(), ElementsAre(Line{0, 20, start}, Line{140, 20, idle}));
}

// Iterations end at 140, 280, 420, 560 and 700: five. The dwells that end at 840 to 1400 are idle
// and do not count. 1540, 1680, 1820, 1960 and 2100 make ten; the visit comes 140 ms later.
TEST(DescendIdle, AnIdleDwellIsNotAnIteration) {
  Loop loop{descend(), 18, 20};
  loop.add(alice, flat());
  loop.run_until(700);
  loop.load(alice, 0);
  loop.run_until(1400);

  loop.load(alice, 1000);
  loop.run_until(2400);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 18)             //
                                   .then(420, 18, floor_reached)  //
                                   .then(840, 18, idle)           //
                                   .visit(2240, 18, visit_passed, 18));
}

TEST(DescendIdle, SaysSoAgainEachTimeItBegins) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, flat());
  loop.load(alice, 0);
  loop.run_until(280);
  loop.load(alice, 1000);
  loop.run_until(420);

  loop.load(alice, 0);
  loop.run_until(1000);

  EXPECT_EQ(after_start(loop), Course{}
                                   .then(140, 20, idle)       //
                                   .then(420, 19, step_down)  //
                                   .then(560, 19, idle));
}

// The descent begins anew at the highest level once there is something to measure.
TEST(DescendIdle, GoesToTheCeilingWhenToldTo) {
  Loop loop{descend({.idle = WhenIdle::ceiling}), 18, 20};
  loop.add(alice, flat());
  loop.run_until(420);
  loop.load(alice, 0);
  loop.run_until(1000);

  loop.load(alice, 1000);
  loop.run_until(1600);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 18)             //
                                   .then(420, 18, floor_reached)  //
                                   .then(560, 20, idle)           //
                                   .then(1120, 20, start)         //
                                   .down(1260, 19, 18)            //
                                   .then(1540, 18, floor_reached));
}

// Ten iterations from the new beginning: 1260 to 2520, and 140 ms of watching.
TEST(DescendIdle, CountsItsIterationsFromTheNewBeginning) {
  Loop loop{descend({.idle = WhenIdle::ceiling}), 18, 20};
  loop.add(alice, flat());
  loop.run_until(420);
  loop.load(alice, 0);
  loop.run_until(1000);

  loop.load(alice, 1000);
  loop.run_until(2700);

  EXPECT_THAT(loop.table(), testing::Contains(Line{2660, 20, visit}));
}

// What alice had at 18 dBm, long ago, is not what she is measured against at 19.
TEST(DescendIdle, ComparesWithTheNewBeginningOnly) {
  Loop loop{descend({.idle = WhenIdle::ceiling}), 18, 20};
  loop.add(alice, [](std::int32_t, std::int64_t ms) { return mbps(ms < 1000 ? 100 : 10); });
  loop.add(bob, flat());
  loop.run_until(420);
  loop.load(alice, 0);
  loop.load(bob, 0);
  loop.run_until(1000);

  loop.load(bob, 1000);
  loop.run_until(1130);
  loop.load(alice, 1000);
  loop.run_until(1600);

  EXPECT_EQ(loop.table().back(), (Line{1540, 18, floor_reached}));
}

TEST(DescendIdle, GoesToTheFloorWhenToldTo) {
  Loop loop{descend({.idle = WhenIdle::floor}), 18, 20};
  loop.add(alice, flat());
  loop.load(alice, 0);
  loop.run_until(1000);

  loop.load(alice, 1000);
  loop.run_until(1300);

  EXPECT_EQ(after_start(loop), Course{}
                                   .then(140, 18, idle)    //
                                   .then(1120, 20, start)  //
                                   .then(1260, 19, step_down));
}

// The stale estimate of an idle station must not decide.
TEST(DescendIdle, AnIdleStationDoesNotHoldTheOthersUp) {
  Loop loop{descend(), 18, 20};
  loop.add(alice, flat());
  loop.add(bob, by_level({{20, 100'000}, {10, 10'000}}));
  loop.load(bob, 0);

  loop.run_until(500);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 18)  //
                                   .then(420, 18, floor_reached));
}

// A station that begins to receive at 18 dBm has nothing to be compared with there; at 17 it has.
TEST(DescendIdle, AStationThatWakesUpIsComparedFromThereOn) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, flat());
  loop.add(bob, by_level({{18, 50'000}, {10, 40'000}}));
  loop.load(bob, 0);
  loop.run_until(300);

  loop.load(bob, 1000);
  loop.run_until(600);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 17)  //
                                   .then(560, 18, throughput_fell));
}

struct Bytes {
  std::uint64_t sent;
  bool is_active;
};

class ActiveBytes : public testing::TestWithParam<Bytes> {};

// One full frame in a dwell, 1500 byte, makes a station active.
TEST_P(ActiveBytes, DecideWhetherAStationIsActive) {
  const auto policy = make_descend({});
  StationView view{alice, mbps(100), {.tx_bytes = 7'000}};
  policy->start(at_ms(0), Box{dbm(10), dbm(20)}, start);
  policy->on_reading(at_ms(0), {&view, 1});
  policy->on_applied(at_ms(0));
  *view.totals.tx_bytes += GetParam().sent;

  const Advice advice = policy->on_reading(at_ms(140), {&view, 1});

  EXPECT_EQ(advice.level, GetParam().is_active ? dbm(19) : dbm(20));
  EXPECT_EQ(advice.because->reason, GetParam().is_active ? step_down : idle);
}

INSTANTIATE_TEST_SUITE_P(AroundOneFrame, ActiveBytes,
                         testing::Values(Bytes{0, false}, Bytes{1'499, false}, Bytes{1'500, true}));

// Without a byte counter nobody can say that a station is idle.
TEST(DescendIdle, AStationWithoutAByteCounterIsActive) {
  const auto policy = make_descend({});
  const StationView view{alice, mbps(100), {}};
  policy->start(at_ms(0), Box{dbm(10), dbm(20)}, start);
  policy->on_applied(at_ms(0));

  EXPECT_EQ(policy->on_reading(at_ms(140), {&view, 1}).level, dbm(19));
}

TEST(DescendIdle, AReadingFromBeforeTheEndOfTheDwellDecidesNothing) {
  const auto policy = make_descend({});
  const StationView view{alice, mbps(100), {}};
  policy->start(at_ms(0), Box{dbm(10), dbm(20)}, start);
  policy->on_applied(at_ms(0));
  ASSERT_TRUE(policy->on_wake(at_ms(140)).read_now);

  EXPECT_FALSE(policy->on_reading(at_ms(139), {&view, 1}).because);
  EXPECT_TRUE(policy->on_reading(at_ms(140), {&view, 1}).because);
}

class NoEstimate : public testing::TestWithParam<std::optional<Throughput>> {};

// It is back at 500 ms; the dwell that ends at 560 is the first that can be judged.
TEST_P(NoEstimate, HoldsUntilThereIsOne) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, flat());
  loop.add(bob, [](std::int32_t, std::int64_t ms) {
    return ms < 500 ? GetParam() : std::optional{mbps(50)};
  });

  loop.run_until(600);

  EXPECT_EQ(after_start(loop), Course{}
                                   .then(140, 20, no_estimate)  //
                                   .then(560, 19, step_down));
  EXPECT_THAT(loop.decisions(),
              testing::Contains(testing::Field(&Decision::evidence, Evidence{.station = bob})));
}

INSTANTIATE_TEST_SUITE_P(AbsentOrZero, NoEstimate,
                         testing::Values(std::nullopt, std::optional{Throughput{}}));

// The traffic ends with the visit's beginning: nothing can be compared, and it goes on as before.
TEST(DescendIdle, AVisitWithoutTrafficIsInconclusive) {
  Loop loop{descend(), 18, 20};
  loop.add(alice, by_level({{20, 100'000}, {19, 92'000}, {18, 84'000}}));
  loop.run_until(1540);

  loop.load(alice, 0);
  loop.run_until(1700);

  EXPECT_EQ(loop.table().back(), (Line{1600, 18, visit_inconclusive}));
}

TEST(DescendIdle, AVisitWithoutAnEstimateIsInconclusive) {
  Loop loop{descend(), 18, 20};
  loop.add(alice, [](std::int32_t dbm, std::int64_t ms) {
    return ms > 1540 && ms <= 1600 ? std::optional<Throughput>{} : mbps(80 + dbm);
  });

  loop.run_until(1700);

  EXPECT_EQ(loop.table().back(), (Line{1600, 18, visit_inconclusive}));
}

}  // namespace
}  // namespace pianissimo
