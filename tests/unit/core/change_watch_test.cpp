// Verdicts on lasting changes of power, with stations whose links are functions of the level.
#include "controller/core/change_watch.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "tests/unit/core/script.hpp"

namespace pianissimo {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// VHT, 80 MHz, two streams.
constexpr std::array<int, 10> rates{59, 117, 176, 234, 351, 468, 527, 585, 702, 780};

/// Who is sent to, and how well: a function of the level and of the second.
struct Link {
  MacAddress mac = alice;
  std::function<int(std::int32_t dbm, double second)> mcs = [](std::int32_t, double) { return 7; };
  std::function<double(double second)> signal = [](double) { return -60.0; };
  std::function<int(double second)> packets = [](double) { return 500; };  ///< per reading
  StationSample last{};
};

/// An access point whose power is what the law wants at once, read ten times a second.
class VerdictTest : public testing::Test {
 protected:
  void begin(VerdictParams params = {}) {
    controller.emplace(BoxParams{}, scripts.factory(), params);
    take(controller->on(access_point()));
  }
  void run_until(double second) {
    for (; now < Instant{} + std::chrono::milliseconds{std::lround(1000 * second)}; now += 100ms) {
      const double at = std::chrono::duration<double>(now.time_since_epoch()).count();
      StationReport report{.at = now, .interface = wlan0, .stations = {}};
      for (Link& link : links) {
        StationSample& sample = link.last;
        const int mcs = link.mcs(level.mbm() / 100, at);
        const int packets = link.packets(at);
        sample.station = link.mac;
        sample.tx_packets = sample.tx_packets.value_or(0) + static_cast<std::uint32_t>(packets);
        sample.tx_bytes = sample.tx_bytes.value_or(0) + static_cast<std::uint64_t>(1500 * packets);
        sample.tx_retries =
            sample.tx_retries.value_or(0) + static_cast<std::uint32_t>(packets / 20);
        sample.tx_failed = 0;
        sample.rx_packets = sample.rx_packets.value_or(0) + 2;
        sample.signal = Dbm::from_mbm(static_cast<std::int32_t>(100 * link.signal(at)));
        sample.tx_rate = BitRate{.rate = mbps(rates.at(static_cast<std::size_t>(mcs))),
                                 .format = RateFormat::vht,
                                 .mcs = static_cast<std::uint8_t>(mcs),
                                 .nss = 2,
                                 .width = Mhz{80}};
        report.stations.push_back(sample);
      }
      take(controller->on(report));
    }
  }
  void law_wants(std::int32_t dbm_wanted) { scripts[0].wants = dbm(dbm_wanted); }
  void take(Outcome out) {
    for (const Decision& decision : out.decisions) {
      if (verdict_of(decision.reason) || decision.reason == Reason::change_doubted ||
          decision.reason == Reason::change_undecided || decision.reason == Reason::revert_over) {
        told.push_back(decision.reason);
        last = decision;
      }
    }
    for (const SetPower& command : out.commands) {
      level = command.level;
      take(controller->on(accepted(now, command.knob, command.level)));
    }
  }
  std::optional<Dbm> proposed() const {
    const auto proposals = controller->proposals();
    return proposals.empty() ? std::nullopt : proposals.front().evidence.level;
  }
  // Up to here the ceiling for 70 s, and then less power.
  void run_high_then_low(double until) {
    begin();
    run_until(70);
    law_wants(5);
    run_until(until);
  }

  Scripts scripts;
  std::optional<Controller> controller;
  std::vector<Link> links{1};
  Instant now{};
  Dbm level = dbm(20);
  std::vector<Reason> told;
  Decision last;
};

// MCS 7 at the ceiling, and one less with each 3 dB below 20 dBm.
int needs_power(std::int32_t level, double) { return std::max(0, 7 - (20 - level) / 3); }

int better_at_less(std::int32_t level, double) { return level < 20 ? 9 : 7; }

TEST_F(VerdictTest, LessPowerWithoutALossIsNeutral) {
  run_high_then_low(140);

  EXPECT_THAT(told, ElementsAre(Reason::change_neutral));
  EXPECT_EQ(level, dbm(5));
  EXPECT_EQ(last.evidence.level, dbm(20)) << "compared with";
  ASSERT_TRUE(last.evidence.brought);
  EXPECT_EQ(last.evidence.brought->rate, mbps(585));
  // 5000 packets of 1500 bytes a second.
  EXPECT_NEAR(last.evidence.brought->asked.mbps(), 60, 1);
}

TEST_F(VerdictTest, WhatHurtIsRevertedAndStaysSoForHours) {
  links[0].mcs = needs_power;
  run_high_then_low(160);

  EXPECT_THAT(told, ElementsAre(Reason::change_doubted, Reason::change_hurt));
  EXPECT_EQ(level, dbm(20));
  EXPECT_EQ(last.evidence.station, alice);
  EXPECT_LT(last.evidence.observed, last.evidence.reference);
  EXPECT_EQ(last.evidence.wait, 4h);
  EXPECT_THAT(controller->reverts_of(wlan0), ElementsAre(Revert{dbm(20), last.at + 4h}));

  run_until(1000);
  EXPECT_EQ(level, dbm(20)) << "whatever the law wants";
}

TEST_F(VerdictTest, ARevertIsOverWhenItsTimeHasCome) {
  links[0].mcs = needs_power;
  begin({.revert_for = 5min});
  run_until(70);
  law_wants(5);
  run_until(160);
  ASSERT_EQ(last.reason, Reason::change_hurt);
  const double hurt = std::chrono::duration<double>(last.at.time_since_epoch()).count();

  run_until(hurt + 299);
  EXPECT_EQ(level, dbm(20));
  run_until(hurt + 301);

  EXPECT_EQ(last.reason, Reason::revert_over);
  EXPECT_EQ(level, dbm(5));
  EXPECT_THAT(controller->reverts_of(wlan0), IsEmpty());
}

TEST_F(VerdictTest, WhatHurtIsNotProposedWhileItIsReverted) {
  links[0].mcs = needs_power;
  begin({.revert_for = 5min});
  take(controller->on(LeaveSet{now, wlan0, true, 24h, dbm(5), {}}));
  scripts[0].proposes = dbm(2);
  run_until(70);
  ASSERT_EQ(proposed(), dbm(2)) << "below what is approved";
  law_wants(5);
  run_until(160);
  ASSERT_EQ(last.reason, Reason::change_hurt);
  ASSERT_EQ(level, dbm(20));

  law_wants(20);
  const double hurt = std::chrono::duration<double>(last.at.time_since_epoch()).count();
  for (const double second : {hurt + 1, hurt + 100, hurt + 299}) {
    run_until(second);
    EXPECT_EQ(proposed(), std::nullopt) << second;
  }
  run_until(hurt + 370);
  EXPECT_EQ(proposed(), dbm(2));
}

TEST_F(VerdictTest, WhatIsLeftUnapprovedAfterARevertStaysWhereItIs) {
  links[0].mcs = needs_power;
  begin({.revert_for = 5min});
  take(controller->on(LeaveSet{now, wlan0, true, 24h, dbm(5), {}}));
  run_until(70);
  law_wants(5);
  run_until(160);
  ASSERT_EQ(last.reason, Reason::change_hurt);
  take(controller->on(LeaveSet{now, wlan0, true, 24h, {}, {}}));

  run_until(900);

  EXPECT_EQ(last.reason, Reason::revert_over);
  EXPECT_EQ(level, dbm(20));
}

TEST_F(VerdictTest, AStationThatWalksAwayIsNotHurt) {
  // From second 80 on half its rate, whatever the power, and its signal fell as well.
  links[0].mcs = [](std::int32_t, double second) { return second < 80 ? 7 : 4; };
  links[0].signal = [](double second) { return second < 80 ? -60 : -68; };
  run_high_then_low(400);

  EXPECT_THAT(told, IsEmpty()) << "nothing can be compared, so nothing is tried either";
  EXPECT_EQ(level, dbm(5));
}

TEST_F(VerdictTest, WhatMorePowerDoesNotCureIsNotHurt) {
  // Interference begins: its rate halves, and its signal is as before.
  links[0].mcs = [](std::int32_t, double second) { return second < 80 ? 7 : 4; };
  run_high_then_low(170);

  EXPECT_THAT(told, ElementsAre(Reason::change_doubted, Reason::change_cleared));
  EXPECT_EQ(level, dbm(5));
  EXPECT_THAT(controller->reverts_of(wlan0), IsEmpty());
}

TEST_F(VerdictTest, WhoIsSentLessIsNotHurt) {
  // The page is over, or another station has the air: a tenth of the bytes, at the same rate.
  links[0].packets = [](double second) { return second < 80 ? 500 : 50; };
  run_high_then_low(160);

  EXPECT_THAT(told, ElementsAre(Reason::change_neutral));
  EXPECT_NEAR(last.evidence.brought->asked_before.mbps(), 60, 1);
  EXPECT_NEAR(last.evidence.brought->asked.mbps(), 6, 1);
}

TEST_F(VerdictTest, WhoIsSentNothingSaysNothing) {
  links[0].mcs = needs_power;
  links[0].packets = [](double second) { return second < 69 ? 500 : 0; };
  run_high_then_low(300);

  EXPECT_THAT(told, IsEmpty());
}

TEST_F(VerdictTest, AStationThatIsGoneBeforeTheTrialEndsLeavesItUndecided) {
  links[0].mcs = needs_power;
  run_high_then_low(137);
  ASSERT_THAT(told, ElementsAre(Reason::change_doubted));
  links.clear();

  run_until(155);

  EXPECT_THAT(told, ElementsAre(Reason::change_doubted, Reason::change_undecided));
  EXPECT_EQ(level, dbm(5));
}

TEST_F(VerdictTest, AnotherStationThatGainsDoesNotOutweighOneThatIsHurt) {
  links.push_back({.mac = bob, .mcs = better_at_less});
  links[0].mcs = needs_power;
  run_high_then_low(160);

  EXPECT_THAT(told, ElementsAre(Reason::change_doubted, Reason::change_hurt));
  EXPECT_EQ(last.evidence.station, alice);
}

TEST_F(VerdictTest, AStationThatHasMoreThanBeforeWasHelped) {
  links[0].mcs = better_at_less;
  run_high_then_low(140);

  EXPECT_THAT(told, ElementsAre(Reason::change_helped));
}

TEST_F(VerdictTest, ShortTripsElsewhereAreNoChange) {
  links[0].mcs = needs_power;
  begin();
  for (int minute = 0; minute < 4; ++minute) {
    law_wants(20);
    run_until(60 * minute + 57);
    law_wants(5);
    run_until(60 * minute + 60);
  }

  EXPECT_THAT(told, IsEmpty());
}

TEST_F(VerdictTest, LinksThatBreakAgainAndAgainAreAHurt) {
  run_high_then_low(90);
  ASSERT_THAT(told, IsEmpty());

  for (int i = 0; i < 3; ++i) {
    take(controller->on(StationLeft{now, wlan0, alice}));
    take(controller->on(StationJoined{now + 50ms, wlan0, alice}));
    run_until(95 + 5 * i);
  }

  EXPECT_THAT(told, ElementsAre(Reason::change_hurt));
  EXPECT_EQ(last.evidence.brought->disconnections, 3);
  EXPECT_EQ(level, dbm(20));
}

TEST_F(VerdictTest, WhoLeavesForGoodIsNotHurt) {
  links.push_back({.mac = bob});
  run_high_then_low(90);

  take(controller->on(StationLeft{now, wlan0, bob}));
  links.pop_back();
  run_until(140);

  EXPECT_THAT(told, ElementsAre(Reason::change_neutral));
  EXPECT_EQ(last.evidence.brought->disconnections, 1);
}

TEST_F(VerdictTest, AStationThatGoesOverToAnotherInterfaceHasRoamed) {
  links.push_back({.mac = bob});
  run_high_then_low(90);
  take(controller->on(access_point(wlan1)));

  take(controller->on(StationLeft{now, wlan0, bob}));
  take(controller->on(StationJoined{now + 1s, wlan1, bob}));
  links.pop_back();
  run_until(140);

  EXPECT_EQ(last.evidence.brought->roams, 1);
}

TEST_F(VerdictTest, AnOperatorsHoldIsStrongerThanARevert) {
  links[0].mcs = needs_power;
  run_high_then_low(160);
  ASSERT_EQ(last.reason, Reason::change_hurt);

  take(controller->on(HoldSet{now, wlan0, true, dbm(3), {}, Asker{}}));
  EXPECT_EQ(level, dbm(3));
  take(controller->on(HoldSet{now, wlan0, false, {}, {}, Asker{}}));
  EXPECT_EQ(level, dbm(20)) << "the revert goes on";
}

TEST_F(VerdictTest, ARevertLeadsAboveNoCeiling) {
  links[0].mcs = needs_power;
  run_high_then_low(160);
  ASSERT_EQ(last.reason, Reason::change_hurt);

  take(controller->on(CeilingSet{now, wlan0, dbm(8), Asker{}}));

  EXPECT_EQ(level, dbm(8));
}

TEST_F(VerdictTest, AnotherChannelIsNoChangeOfPower) {
  links[0].mcs = [](std::int32_t, double second) { return second < 70 ? 7 : 4; };
  begin();
  run_until(70);
  InterfaceUp up = access_point();
  up.at = now;
  up.frequency = Mhz{up.frequency.value() + 80};
  take(controller->on(up));
  law_wants(5);
  run_until(400);

  EXPECT_THAT(told, Not(Contains(Reason::change_doubted)));
}

TEST_F(VerdictTest, NothingIsJudgedWhereNobodyWantsIt) {
  links[0].mcs = needs_power;
  begin({.enabled = false});
  run_until(70);
  law_wants(5);
  run_until(200);

  EXPECT_THAT(told, IsEmpty());
  EXPECT_EQ(level, dbm(5));
}

}  // namespace
}  // namespace pianissimo
