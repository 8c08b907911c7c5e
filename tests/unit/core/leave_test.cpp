// How far down a law may go by itself: the change window, what an operator approved, and an
// external controller's ceiling.
#include <gmock/gmock.h>

#include "tests/unit/core/script.hpp"

namespace pianissimo {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class LeaveTest : public testing::Test {
 protected:
  Outcome on(const Event& event) { return controller.on(event); }
  Outcome window(std::int64_t ms, bool is_open) { return on(LeaveSet{at_ms(ms), wlan0, is_open}); }
  Outcome recommend(std::int64_t ms, std::optional<Dbm> approved = {}) {
    return on(LeaveSet{at_ms(ms), wlan0, true, 600s, approved});
  }
  Outcome report(std::int64_t ms) {
    return on(StationReport{at_ms(ms), wlan0, {sample(alice)}, true});
  }
  // What the law wants at the next reading, and what is asked of the kernel then, which takes it.
  std::vector<Dbm> wants(std::int64_t ms, Dbm level, std::optional<Reason> says = {}) {
    scripts[0].wants = level;
    scripts[0].says = says;
    const std::vector<Dbm> asked = levels_asked(report(ms));
    for (const Dbm taken : asked) on(accepted(at_ms(ms), knob_of_wlan0, taken));
    return asked;
  }

  Scripts scripts;
  Controller controller{BoxParams{.floor = dbm(3)}, scripts.factory()};
};

TEST_F(LeaveTest, OutsideTheWindowThePowerDoesNotGoDown) {
  on(access_point());
  wants(10, dbm(12));

  EXPECT_EQ(reasons(window(20, false)).front(), Reason::window_closed);
  EXPECT_THAT(wants(30, dbm(5)), IsEmpty());
}

TEST_F(LeaveTest, OutsideTheWindowItGoesUpAndThenNotDownFromThere) {
  on(access_point());
  wants(10, dbm(12));
  window(20, false);

  EXPECT_THAT(wants(30, dbm(15)), ElementsAre(dbm(15)));
  EXPECT_THAT(wants(40, dbm(12)), IsEmpty());
}

TEST_F(LeaveTest, AVisitOutsideTheWindowLeadsBackToWhereItBegan) {
  on(access_point());
  wants(10, dbm(12));
  window(20, false);

  EXPECT_THAT(wants(30, dbm(20), Reason::visit), ElementsAre(dbm(20)));
  EXPECT_THAT(wants(40, dbm(12), Reason::visit_over), ElementsAre(dbm(12)));
  EXPECT_THAT(wants(50, dbm(11)), IsEmpty());
}

TEST_F(LeaveTest, AWindowThatClosesDuringAVisitLetsItLeadBack) {
  on(access_point());
  wants(10, dbm(12));
  wants(20, dbm(20), Reason::visit);
  window(30, false);

  EXPECT_THAT(wants(40, dbm(12), Reason::visit_over), ElementsAre(dbm(12)));
}

TEST_F(LeaveTest, WhenTheWindowOpensThePowerGoesDownAgain) {
  on(access_point());
  wants(10, dbm(12));
  window(20, false);
  wants(30, dbm(5));

  EXPECT_THAT(reasons(window(40, true)), ElementsAre(Reason::window_open, Reason::box_changed));
  EXPECT_THAT(wants(50, dbm(5)), IsEmpty()) << "it was asked for as the window opened";
}

TEST_F(LeaveTest, AWindowThatIsClosedAtTheStartLeavesThePowerWhereItWas) {
  window(0, false);
  on(access_point());

  EXPECT_THAT(wants(10, dbm(5)), IsEmpty());
}

TEST_F(LeaveTest, ALimitThatFallsLowersThePowerOutsideTheWindowToo) {
  on(access_point());
  window(20, false);

  EXPECT_THAT(levels_asked(on(ExternalCeilingSet{at_ms(30), wlan0, dbm(9)})), ElementsAre(dbm(9)));
}

TEST_F(LeaveTest, WithoutAnApprovalNothingGoesDown) {
  recommend(0);
  on(access_point());

  EXPECT_THAT(wants(10, dbm(5)), IsEmpty());
}

TEST_F(LeaveTest, AnApprovedLevelIsTheLowest) {
  recommend(0);
  on(access_point());
  scripts[0].wants = dbm(5);

  const Outcome out = recommend(20, dbm(12));

  EXPECT_THAT(levels_asked(out), ElementsAre(dbm(12)));
  EXPECT_EQ(out.decisions.at(0).reason, Reason::approved);
  EXPECT_EQ(out.decisions.at(0).evidence.level, dbm(12));
}

TEST_F(LeaveTest, AboveAnApprovedLevelThePowerIsFree) {
  recommend(0, dbm(12));
  on(access_point());
  wants(10, dbm(12));

  EXPECT_THAT(wants(20, dbm(18)), ElementsAre(dbm(18)));
  EXPECT_THAT(wants(30, dbm(12)), ElementsAre(dbm(12)));
}

TEST_F(LeaveTest, AnApprovalThatIsTakenBackBeginsAnewFromTheCeiling) {
  recommend(0, dbm(12));
  on(access_point());
  wants(10, dbm(12));
  scripts[0].wants.reset();

  EXPECT_THAT(levels_asked(recommend(20)), ElementsAre(dbm(20)));
}

TEST_F(LeaveTest, AnApprovedLevelWaitsForTheWindow) {
  recommend(0);
  on(access_point());
  scripts[0].wants = dbm(5);

  EXPECT_THAT(levels_asked(on(LeaveSet{at_ms(20), wlan0, false, 600s, dbm(12)})), IsEmpty());
  EXPECT_THAT(levels_asked(on(LeaveSet{at_ms(30), wlan0, true, 600s, dbm(12)})),
              ElementsAre(dbm(12)));
}

TEST_F(LeaveTest, AHoldGoesBeforeTheWindow) {
  on(access_point());
  window(20, false);

  EXPECT_THAT(levels_asked(on(HoldSet{at_ms(30), wlan0, true, dbm(9), {}, {}})),
              ElementsAre(dbm(9)));
}

TEST_F(LeaveTest, OfTwoInterfacesOfARadioTheOneThatLetsLeastDecides) {
  InterfaceUp first = access_point();
  first.path = KnobKind::wiphy;
  InterfaceUp second = first;
  second.interface = InterfaceIndex{9};
  on(LeaveSet{at_ms(0), first.interface, true, 600s, dbm(8)});
  on(LeaveSet{at_ms(0), second.interface, true, 600s, dbm(12)});
  scripts[0].wants = dbm(5);
  on(first);
  const Outcome out = on(second);

  EXPECT_EQ(out.decisions.back().to, dbm(12));
}

TEST_F(LeaveTest, TheLowestOfBothCeilingsCounts) {
  on(access_point());
  on(CeilingSet{at_ms(10), wlan0, dbm(15), {}});
  on(accepted(at_ms(11), knob_of_wlan0, dbm(15)));

  EXPECT_THAT(levels_asked(on(ExternalCeilingSet{at_ms(20), wlan0, dbm(30)})), IsEmpty());
  EXPECT_THAT(levels_asked(on(ExternalCeilingSet{at_ms(30), wlan0, dbm(10)})),
              ElementsAre(dbm(10)));
  on(accepted(at_ms(31), knob_of_wlan0, dbm(10)));
  EXPECT_THAT(levels_asked(on(ExternalCeilingSet{at_ms(40), wlan0, {}})), ElementsAre(dbm(15)));
}

TEST_F(LeaveTest, AnExternalCeilingBelowTheFloorIsTheFloor) {
  on(access_point());

  EXPECT_THAT(levels_asked(on(ExternalCeilingSet{at_ms(10), wlan0, dbm(1)})), ElementsAre(dbm(3)));
}

// What a law says would do, as readings come every second.
class ProposalsTest : public testing::Test {
 protected:
  std::vector<Reason> says(std::optional<Dbm> level, int seconds, Dbm lowest = dbm(20)) {
    std::vector<Reason> said;
    for (int i = 0; i < seconds; ++i) {
      std::optional<Proposal> now;
      if (level) now = Proposal{*level, {.station = alice}};
      const auto because = proposals.on_reading(at, lowest, 600s, now);
      if (because) said.push_back(because->reason);
      at += 1s;
    }
    return said;
  }
  std::optional<Dbm> standing() const {
    return proposals.standing() ? proposals.standing()->evidence.level : std::nullopt;
  }

  Instant at = at_ms(0);
  Proposals proposals;
};

TEST_F(ProposalsTest, ALevelIsProposedAfterAMinute) {
  EXPECT_THAT(says(dbm(11), 60), IsEmpty());
  EXPECT_THAT(says(dbm(11), 1), ElementsAre(Reason::proposed));
  EXPECT_EQ(standing(), dbm(11));
  EXPECT_EQ(proposals.standing()->evidence.station, alice);
  EXPECT_EQ(proposals.standing()->evidence.wait, 600s);
}

TEST_F(ProposalsTest, TheHighestOfTheMinuteIsProposed) {
  says(dbm(11), 30);
  says(dbm(14), 1);
  says(dbm(11), 60);

  EXPECT_EQ(standing(), dbm(14));
}

TEST_F(ProposalsTest, AMinuteInWhichNobodyCouldSayProposesNothing) {
  says(dbm(11), 30);
  says({}, 1);

  EXPECT_THAT(says(dbm(11), 40), IsEmpty());
}

TEST_F(ProposalsTest, WhatIsNotLowerIsNotProposed) {
  EXPECT_THAT(says(dbm(20), 200), IsEmpty());
  EXPECT_THAT(says(dbm(11), 200, dbm(11)), IsEmpty());
}

TEST_F(ProposalsTest, TheSameIsProposedOnce) {
  EXPECT_THAT(says(dbm(11), 300), ElementsAre(Reason::proposed));
  EXPECT_THAT(says(dbm(10), 200), IsEmpty()) << "a decibel is no news";
  EXPECT_THAT(says(dbm(7), 200), ElementsAre(Reason::proposed));
}

TEST_F(ProposalsTest, WhatNoReadingOfAMinuteAgreesWithIsOver) {
  says(dbm(11), 61);

  EXPECT_THAT(says({}, 61), ElementsAre(Reason::proposal_over));
  EXPECT_EQ(standing(), std::nullopt);
}

TEST_F(ProposalsTest, WhereStationsNeedMoreMoreIsProposed) {
  says(dbm(11), 61);

  EXPECT_THAT(says(dbm(15), 61), ElementsAre(Reason::proposed));
  EXPECT_EQ(standing(), dbm(15));
}

TEST_F(ProposalsTest, AProposalEndsAtItsTimeAndIsMadeAnew) {
  says(dbm(11), 61);

  EXPECT_THAT(says(dbm(11), 600), ElementsAre(Reason::proposal_over));
  EXPECT_THAT(says(dbm(11), 61), ElementsAre(Reason::proposed));
}

}  // namespace
}  // namespace pianissimo
