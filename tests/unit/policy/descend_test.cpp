// The original algorithm, step by step. Every table is worked out by hand from the steps in
// controller/policy/README.md: a dwell takes 140 ms, a visit 60 ms, and what is measured is the
// level that was in force. "start" and "station_joined" at 0 ms are the interface and its stations
// coming up.
#include "tests/unit/policy/descend_loop.hpp"

namespace pianissimo {
namespace {

using namespace test;
using testing::ElementsAre;
using enum Reason;

// Steps 1, 2, 3 and 6: from the highest level, 140 ms each, down to the lowest.
TEST(Descend, GoesDownFromTheHighestLevelToTheLowest) {
  Loop loop{descend(), 17, 20};
  loop.add(alice, flat());

  loop.run_until(600);

  EXPECT_THAT(loop.table(), ElementsAre(Line{0, 20, start},           //
                                        Line{0, 20, station_joined},  //
                                        Line{140, 19, step_down},     //
                                        Line{280, 18, step_down},     //
                                        Line{420, 17, step_down},     //
                                        Line{560, 17, floor_reached}));
}

// Step 4: kept at 90 % of the previous level's throughput. (So losses compound: 73 % at the end.)
TEST(Descend, KeepsALevelAtExactlyNinetyPercentOfThePrevious) {
  Loop loop{descend(), 17, 20};
  loop.add(alice, by_level({{20, 100'000}, {19, 90'000}, {18, 81'000}, {17, 72'900}}));

  loop.run_until(600);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 17)  //
                                   .then(560, 17, floor_reached));
  EXPECT_EQ(
      loop.decisions().back().evidence,
      (Evidence{alice, Throughput::from_kbps(72'900), Throughput::from_kbps(81'000), 0.9, {}, 11}));
}

// Step 5: below 90 % it goes back up one level and holds.
TEST(Descend, GoesBackUpOneLevelBelowNinetyPercentAndHolds) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, by_level({{18, 100'000}, {17, 89'999}, {10, 1'000}}));

  loop.run_until(1500);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 17)  //
                                   .then(560, 18, throughput_fell));
  EXPECT_EQ(
      loop.decisions().back().evidence,
      (Evidence{alice, Throughput::from_kbps(89'999), Throughput::from_kbps(100'000), 0.9, {}, 9}));
}

// Holding at the highest level there is nothing to visit.
TEST(Descend, StaysAtTheHighestLevelForGoodWhenTheFirstStepCosts) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, by_level({{20, 100'000}, {10, 89'000}}));

  loop.run_until(20'000);

  EXPECT_EQ(after_start(loop), Course{}
                                   .then(140, 19, step_down)  //
                                   .then(280, 20, throughput_fell));
}

// Steps 7, 8 and 9, holding: iterations end at 140 (20 dBm), 280, 420, 560 (17 dBm, rejected), 700,
// 840, 980, 1120, 1260 and 1400: the tenth. 140 ms of watching, 60 ms of visit, and again 10 x 140.
TEST(Descend, HoldingVisitsTheHighestLevelAtEveryTenthIteration) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, by_level({{18, 100'000}, {10, 80'000}}));

  loop.run_until(3300);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 17)                  //
                                   .then(560, 18, throughput_fell)     //
                                   .visit(1540, 18, visit_passed, 18)  //
                                   .visit(3140, 18, visit_passed, 18));
}

// Step 9, descending: the tenth iteration ends at 1400 at 11 dBm; the visit done, on it goes.
TEST(Descend, DescendingVisitsTheHighestLevelAndGoesOnDown) {
  Loop loop{descend(), 1, 20};
  loop.add(alice, flat());

  loop.run_until(1800);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 11)                  //
                                   .visit(1540, 11, visit_passed, 10)  //
                                   .then(1740, 9, step_down));
}

// A level in use at exactly 90 % of what the visit shows passes.
TEST(Descend, PassesAVisitAtExactlyNinetyPercent) {
  Loop loop{descend(), 18, 20};
  loop.add(alice, by_level({{20, 100'000}, {19, 95'000}, {18, 90'000}}));

  loop.run_until(1700);

  EXPECT_EQ(loop.table().back(), (Line{1600, 18, visit_passed}));
  EXPECT_EQ(
      loop.decisions().back().evidence,
      (Evidence{alice, Throughput::from_kbps(90'000), Throughput::from_kbps(100'000), 0.9, {}, 9}));
}

// Step 10: each step keeps 90 % of the one before, all together do not. The restart measures its
// reference at 19 dBm (92 Mbps: compared with the 100 of the ceiling, 18 dBm would fail), and
// counts its iterations from zero: the next visit comes ten of them later.
TEST(Descend, RestartsAtTheSecondHighestLevelWhenTheVisitIsBetter) {
  Loop loop{descend(), 16, 20};
  loop.add(alice,
           by_level({{20, 100'000}, {19, 92'000}, {18, 84'000}, {17, 77'000}, {16, 70'000}}));

  loop.run_until(3300);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 16)                  //
                                   .then(700, 16, floor_reached)       //
                                   .visit(1540, 16, visit_failed, 19)  //
                                   .down(1740, 18, 16)                 //
                                   .then(2160, 16, floor_reached)      //
                                   .visit(3140, 16, visit_failed, 19));
  EXPECT_EQ(
      loop.decisions().back().evidence,
      (Evidence{
          alice, Throughput::from_kbps(70'000), Throughput::from_kbps(100'000), 0.9, {}, 11}));
}

// The tenth iteration may be the one that is rejected: back up, watched there, visited from there.
TEST(Descend, VisitsFromTheLevelItWentBackTo) {
  Loop loop{descend({.probe_every = 3}), 10, 20};
  loop.add(alice, by_level({{19, 100'000}, {18, 50'000}}));

  loop.run_until(700);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 18)               //
                                   .then(420, 19, throughput_fell)  //
                                   .visit(560, 19, visit_passed, 19));
}

// A driver may take long to obey; the level is measured for all of its 140 ms nevertheless, and a
// visit lasts 60 ms from when it has begun.
TEST(Descend, DwellsBeginWhenTheKnobHasObeyed) {
  Loop loop{descend({.probe_every = 3}), 10, 20};
  loop.add(alice, flat());
  loop.set_knob_delay(std::chrono::milliseconds{100});

  loop.run_until(1350);

  EXPECT_THAT(loop.table(),
              ElementsAre(Line{0, 20, start},           //
                          Line{0, 20, station_joined},  //
                          Line{140, 19, step_down},     // in force at 240
                          Line{380, 18, step_down},     // in force at 480, measured at 620
                          Line{760, 20, visit},         // in force at 860
                          Line{920, 18, visit_over},    //
                          Line{920, 17, visit_passed},  // asked for at 1020, in force at 1120
                          Line{1260, 16, step_down}));
}

// All of it is in the parameters.
TEST(Descend, FollowsItsParameters) {
  Loop loop{descend({.keep = 0.5,
                     .step_dwell = std::chrono::milliseconds{200},
                     .watch_dwell = std::chrono::milliseconds{300},
                     .probe_every = 4,
                     .probe_dwell = std::chrono::milliseconds{100},
                     .probe_keep = 0.3}),
            17, 20};
  loop.add(alice, by_level({{20, 100'000}, {19, 60'000}, {18, 31'000}, {17, 15'000}}));

  loop.run_until(2000);

  EXPECT_EQ(after_start(loop), Course{}
                                   .then(200, 19, step_down)        //
                                   .then(400, 18, step_down)        //
                                   .then(600, 17, step_down)        //
                                   .then(800, 18, throughput_fell)  //
                                   .then(1100, 20, visit)           //
                                   .then(1200, 18, visit_over)      //
                                   .then(1200, 18, visit_passed));
}

// The fewest commands: one per change of level, none for holding.
TEST(Descend, HoldingSendsNothing) {
  Loop loop{descend({.probe_every = 1'000'000}), 18, 20};
  loop.add(alice, flat());

  loop.run_until(60'000);

  EXPECT_EQ(loop.commands(), 2);
}

}  // namespace
}  // namespace pianissimo
