#include "experiments/report/visits.hpp"

#include "tests/unit/report/files.hpp"

namespace pianissimo::report {
namespace {

using testing::SizeIs;

class Visits : public testing::Test {
 protected:
  void decide(double t_s, Reason reason, int from, int to, const Knob& of = knob) {
    tracker.on(
        Decision{.at = at(t_s), .knob = of, .from = dbm(from), .to = dbm(to), .reason = reason});
  }
  void answer(double t_s, int asked, PowerAnswer how = PowerAnswer::accepted,
              const Knob& of = knob) {
    tracker.on(PowerResult{.at = at(t_s), .knob = of, .asked = dbm(asked), .answer = how});
  }
  VisitTracker tracker;
};

TEST_F(Visits, LastFromAnswerToAnswer) {
  decide(1.000, Reason::visit, 12, 20);
  answer(1.001, 20);
  decide(1.061, Reason::visit_over, 20, 12);
  answer(1.0625, 12);
  decide(1.063, Reason::visit_passed, 12, 12);

  ASSERT_THAT(tracker.visits(), SizeIs(1));
  const Visit& visit = tracker.visits()[0];
  EXPECT_EQ(visit.length(), Duration{61'500us});
  EXPECT_EQ(visit.level, dbm(12));
  EXPECT_EQ(visit.ceiling, dbm(20));
  EXPECT_EQ(visit.outcome.value().reason, Reason::visit_passed);
  EXPECT_FALSE(visit.interrupted);
}

TEST_F(Visits, ABusyKernelMakesThemLonger) {
  decide(1.00, Reason::visit, 12, 20);
  answer(1.00, 20, PowerAnswer::busy);
  answer(1.05, 20);
  decide(1.11, Reason::visit_over, 20, 12);
  answer(1.12, 12, PowerAnswer::busy);
  answer(1.17, 12);

  EXPECT_EQ(tracker.visits()[0].length(), Duration{120ms});
}

TEST_F(Visits, WithoutAnAnswerHaveNoLength) {
  decide(1, Reason::visit, 12, 20);
  answer(1, 20);
  decide(1.06, Reason::visit_over, 20, 12);

  EXPECT_EQ(tracker.visits()[0].length(), std::nullopt);
}

TEST_F(Visits, EndWithTheFirstLowerLevelWhateverItIs) {
  decide(1, Reason::visit, 12, 20);
  answer(1, 20);
  decide(1.06, Reason::visit_over, 20, 12);
  answer(1.06, 12, PowerAnswer::busy);
  decide(1.07, Reason::visit_failed, 12, 19);
  answer(1.08, 19);

  EXPECT_EQ(tracker.visits()[0].length(), Duration{80ms});
  EXPECT_EQ(tracker.visits()[0].outcome.value().reason, Reason::visit_failed);
}

TEST_F(Visits, AreInterruptedByANewBeginning) {
  decide(1, Reason::visit, 12, 20);
  answer(1, 20);
  decide(1.03, Reason::station_joined, 20, 20);
  answer(1.2, 19);

  EXPECT_TRUE(tracker.visits()[0].interrupted);
  EXPECT_EQ(tracker.visits()[0].length(), std::nullopt);
}

TEST_F(Visits, OfTwoKnobsDoNotMix) {
  const Knob other{.kind = KnobKind::interface, .interface = InterfaceIndex{4}};
  decide(1, Reason::visit, 12, 20);
  decide(1, Reason::visit, 8, 20, other);
  answer(1, 20);
  answer(1.01, 20, PowerAnswer::accepted, other);
  decide(1.06, Reason::visit_over, 20, 12);
  answer(1.06, 12);
  decide(1.07, Reason::visit_over, 20, 8, other);
  answer(1.08, 8, PowerAnswer::accepted, other);

  EXPECT_EQ(tracker.visits()[0].length(), Duration{60ms});
  EXPECT_EQ(tracker.visits()[1].length(), Duration{70ms});
}

}  // namespace
}  // namespace pianissimo::report
