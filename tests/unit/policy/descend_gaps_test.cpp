// Where the description of the original algorithm is silent: few levels, stations that come and go,
// several stations. The decisions are those of controller/policy/README.md.
#include "tests/unit/policy/descend_loop.hpp"

namespace pianissimo {
namespace {

using namespace test;
using testing::ElementsAre;
using enum Reason;

// With two levels the second-highest is the lowest: the restart is at the highest.
TEST(DescendWithTwoLevels, RestartsAtTheHighest) {
  Loop loop{descend(), 19, 20};
  loop.add(alice, [](std::int32_t dbm, std::int64_t ms) {
    return mbps(dbm == 20 ? 100 : ms < 1000 ? 95 : 80);
  });

  loop.run_until(2500);

  EXPECT_EQ(after_start(loop), Course{}
                                   .then(140, 19, step_down)           //
                                   .then(280, 19, floor_reached)       //
                                   .visit(1540, 19, visit_failed, 20)  //
                                   .then(1740, 19, step_down)          //
                                   .then(1880, 20, throughput_fell));
}

TEST(DescendWithThreeLevels, RestartsAtTheMiddleOne) {
  Loop loop{descend(), 18, 20};
  loop.add(alice, by_level({{20, 100'000}, {19, 92'000}, {18, 84'000}}));

  loop.run_until(1700);

  EXPECT_EQ(loop.table().back(), (Line{1600, 19, visit_failed}));
}

TEST(DescendWithOneLevel, SaysSoAndDoesNothing) {
  Loop loop{descend(), 20, 20};
  loop.add(alice, flat());

  loop.run_until(10'000);

  EXPECT_THAT(loop.table(), ElementsAre(Line{0, 20, single_level}, Line{0, 20, single_level}));
  EXPECT_EQ(loop.commands(), 0);
}

// The command under way when the box shrinks must not begin a dwell that nobody wants any more.
TEST(DescendWithOneLevel, IsQuietAlsoWhenTheBoxShrinksUnderACommand) {
  Loop loop{descend(), 1, 20};
  loop.set_knob_delay(std::chrono::milliseconds{100});
  loop.add(alice, flat());
  loop.run_until(160);
  InterfaceUp shrunk = access_point();
  shrunk.at = loop.now();
  shrunk.channel_maximum = dbm(1);

  loop.tell(shrunk);
  loop.load(alice, 0);
  loop.run_until(5000);

  EXPECT_EQ(after_start(loop), Course{}
                                   .then(140, 19, step_down)  //
                                   .then(160, 1, single_level));
}

TEST(DescendWithSeveralStations, OneThatLosesRejectsTheStep) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, flat());
  loop.add(bob, by_level({{19, 50'000}, {10, 40'000}}));

  loop.run_until(1000);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 18)  //
                                   .then(420, 19, throughput_fell));
  EXPECT_EQ(loop.decisions().back().evidence, (Evidence{bob, mbps(40), mbps(50), 0.9, {}, 20}));
}

TEST(DescendWithSeveralStations, TheOneThatLostMostIsTheEvidence) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, by_level({{20, 100'000}, {10, 70'000}}));
  loop.add(bob, by_level({{20, 20'000}, {10, 10'000}}));

  loop.run_until(300);

  EXPECT_EQ(loop.table().back(), (Line{280, 20, throughput_fell}));
  EXPECT_EQ(loop.decisions().back().evidence, (Evidence{bob, mbps(10), mbps(20), 0.9, {}, 80}));
}

TEST(DescendWithSeveralStations, OneThatWouldGainMuchFailsTheVisit) {
  Loop loop{descend(), 17, 20};
  loop.add(alice, flat());
  loop.add(bob, by_level({{20, 100'000}, {19, 94'000}, {18, 89'000}, {17, 84'000}}));

  loop.run_until(1700);

  EXPECT_EQ(loop.table().back(), (Line{1600, 19, visit_failed}));
  EXPECT_EQ(loop.decisions().back().evidence, (Evidence{bob, mbps(84), mbps(100), 0.9, {}, 10}));
}

TEST(DescendAndStations, OneThatJoinsTakesTheDomainToTheTop) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, flat());
  loop.run_until(500);

  loop.joins(bob, flat(20'000));
  loop.run_until(800);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 17)              //
                                   .then(500, 20, station_joined)  //
                                   .down(640, 19, 18));
}

TEST(DescendAndStations, OneThatJoinsEndsAVisit) {
  Loop loop{descend(), 18, 20};
  loop.add(alice, flat());
  loop.run_until(1570);

  loop.joins(bob, flat());
  loop.run_until(1800);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 18)               //
                                   .then(420, 18, floor_reached)    //
                                   .then(1540, 20, visit)           //
                                   .then(1570, 20, station_joined)  //
                                   .then(1710, 19, step_down));
}

// bob would have rejected 18 dBm at 420 ms.
TEST(DescendAndStations, OneThatLeavesDecidesNothingAnyMore) {
  Loop loop{descend(), 16, 20};
  loop.add(alice, flat());
  loop.add(bob, by_level({{19, 50'000}, {10, 1'000}}));
  loop.run_until(400);

  loop.leaves(bob);
  loop.run_until(500);

  EXPECT_EQ(loop.table().back(), (Line{420, 17, step_down}));
}

// Its counters begin anew: what was counted before must not make it look active now.
TEST(DescendAndStations, OneThatLeavesAndComesBackIsNew) {
  Loop loop{descend(), 16, 20};
  loop.add(alice, flat());
  loop.run_until(400);

  loop.leaves(alice);
  loop.run_until(410);
  loop.joins(alice, flat());
  loop.load(alice, 0);
  loop.run_until(700);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 18)              //
                                   .then(410, 20, station_joined)  //
                                   .then(550, 20, idle));
}

// The policy alone, visiting at every second iteration: from a start to the visit's beginning,
// 420 ms later. What it says is in force then.
Dbm begin_visit(Policy& policy, std::int64_t ms, Reason reason) {
  const StationView view{alice, mbps(100), {}};
  policy.start(at_ms(ms), Box{dbm(10), dbm(20)}, reason);
  for (int dwell = 0; dwell < 3; ++dwell) {  // at the highest, a step lower, watching there
    policy.on_applied(at_ms(ms));
    ms += 140;
    policy.on_reading(at_ms(ms), {&view, 1});
  }
  return policy.on_applied(at_ms(ms)).level;
}

TEST(DescendAndStations, OneThatJoinsAfterAVisitLeavesTheNextVisitAlone) {
  const auto policy = make_descend({.probe_every = 2});
  ASSERT_EQ(begin_visit(*policy, 0, start), dbm(20));
  ASSERT_EQ(policy->on_wake(at_ms(480)).because->reason, visit_over);

  EXPECT_EQ(begin_visit(*policy, 481, station_joined), dbm(20));
}

// A reading that happens to come first must not judge a visit that is still on.
TEST(DescendAndTime, AVisitEndsWithItsWakeHoweverLate) {
  const StationView view{alice, mbps(100), {}};
  const auto policy = make_descend({.probe_every = 2});
  ASSERT_EQ(begin_visit(*policy, 0, start), dbm(20));

  const Advice early = policy->on_reading(at_ms(485), {&view, 1});
  EXPECT_FALSE(early.because);
  EXPECT_EQ(early.level, dbm(20));

  EXPECT_EQ(policy->on_wake(at_ms(490)).because->reason, visit_over);
  EXPECT_EQ(policy->on_reading(at_ms(490), {&view, 1}).because->reason, visit_passed);
}

TEST(DescendAndStations, OneThatLeavesDuringAVisitDoesNotFailIt) {
  Loop loop{descend(), 17, 20};
  loop.add(alice, flat());
  loop.add(bob, by_level({{20, 100'000}, {19, 94'000}, {18, 89'000}, {17, 84'000}}));
  loop.run_until(1570);

  loop.leaves(bob);
  loop.run_until(1700);

  EXPECT_EQ(loop.table().back(), (Line{1600, 17, visit_passed}));
}

TEST(DescendAndStations, WhenTheLastOneLeavesDuringAVisitItShowsNothing) {
  Loop loop{descend(), 18, 20};
  loop.add(alice, flat());
  loop.run_until(1570);

  loop.leaves(alice);
  loop.run_until(3000);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 18)                        //
                                   .then(420, 18, floor_reached)             //
                                   .visit(1540, 18, visit_inconclusive, 18)  //
                                   .then(1740, 18, idle));
}

// The operator's or the regulator's new box: from its top, whatever was known.
TEST(DescendAndItsBox, BeginsAnewInANewOne) {
  Loop loop{descend(), 10, 20};
  loop.add(alice, flat());
  loop.run_until(500);
  InterfaceUp lowered = access_point();
  lowered.at = loop.now();
  lowered.channel_maximum = dbm(14);

  loop.tell(lowered);
  loop.run_until(800);

  EXPECT_EQ(after_start(loop), Course{}
                                   .down(140, 19, 17)           //
                                   .then(500, 14, box_changed)  //
                                   .down(640, 13, 12));
}

}  // namespace
}  // namespace pianissimo
