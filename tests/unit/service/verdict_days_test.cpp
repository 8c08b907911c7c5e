// The verdicts by interface and day.
#include "controller/service/verdict_days.hpp"

#include <gmock/gmock.h>

#include <fmt/format.h>

namespace pianissimo::service {
namespace {

Decision decision_of(Reason reason) {
  return {.at = Instant{}, .knob = {}, .from = {}, .to = {}, .reason = reason, .evidence = {}};
}

TEST(VerdictDaysTest, CountsEachInterfaceAndDayAlone) {
  VerdictDays days;
  days.see("wlan0", decision_of(Reason::change_hurt), "2026-11-29");
  days.see("wlan0", decision_of(Reason::change_cleared), "2026-11-30");
  days.see("wlan1", decision_of(Reason::change_helped), "2026-11-30");

  ASSERT_EQ(days.days().size(), 3U);
  EXPECT_EQ(days.days()[0].counts, (std::array<std::uint64_t, 3>{0, 0, 1}));
  EXPECT_EQ(days.days()[1].counts, (std::array<std::uint64_t, 3>{0, 1, 0}));
  EXPECT_EQ(days.days()[2].interface, "wlan1");
}

TEST(VerdictDaysTest, OtherDecisionsMakeNoDay) {
  VerdictDays days;
  days.see("wlan0", decision_of(Reason::step_down), "2026-11-30");
  days.see("wlan0", decision_of(Reason::change_doubted), "2026-11-30");

  EXPECT_TRUE(days.days().empty());
}

TEST(VerdictDaysTest, KeepsEightDaysAndForgetsTheOldest) {
  VerdictDays days;
  for (int day = 1; day <= 9; ++day) {
    days.see("wlan0", decision_of(Reason::change_neutral), fmt::format("2026-11-{:02}", day));
  }

  ASSERT_EQ(days.days().size(), VerdictDays::most_days);
  EXPECT_EQ(days.days().front().day, "2026-11-02");
}

}  // namespace
}  // namespace pianissimo::service
