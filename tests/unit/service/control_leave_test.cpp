// Three ways to begin, and who else has a say: proposals and approvals, the change window, an
// external controller's file.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <ctime>
#include <filesystem>
#include <fstream>

#include "tests/unit/service/control_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::Field;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::Not;

class LeaveTest : public ControlTest {
 protected:
  LeaveTest() {
    config.policy = PolicyName::fixed;
    config.fixed.level = dbm(11);
  }
  std::vector<FakeKernel::Sent> sent_since(std::size_t before) const {
    return {kernel->sent.begin() + static_cast<std::ptrdiff_t>(before), kernel->sent.end()};
  }
  std::string status() {
    time.advance(6s);  // it is written every 5 s
    return ask(R"({"v":1,"do":"status"})");
  }
  std::string approve() { return ask(R"({"v":1,"do":"approve"})"); }
  void start_recommending() {
    config.mode = Mode::recommend;
    add_station(knee_at(dbm(1)));
    start();
    time.advance(70s);
  }
  void write_ceiling(std::string_view text) { std::ofstream{config.ceiling_file} << text; }
  // Tests run in any time zone, so windows are made around the local time of the test's clock.
  std::string window_around_now(int hours_from, int hours_to) const {
    const auto seconds = static_cast<std::time_t>(time.wall / 1000);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    return fmt::format("{:02}:{:02}-{:02}:{:02}", (local.tm_hour + hours_from + 24) % 24,
                       local.tm_min, (local.tm_hour + hours_to + 24) % 24, local.tm_min);
  }
};

TEST_F(LeaveTest, NothingIsWrittenBeforeItIsApproved) {
  start_recommending();

  EXPECT_THAT(kernel->sent, Each(Field(&FakeKernel::Sent::level, Ge(dbm(20)))));
  EXPECT_THAT(status(), AllOf(HasSubstr(R"("mode":"recommend")"),
                              HasSubstr(R"("proposal":{"level_dbm":11,"words":")"),
                              HasSubstr("9 dB less: 12.6 mW instead of 100 mW")));
}

TEST_F(LeaveTest, WhatIsApprovedIsWritten) {
  start_recommending();

  EXPECT_THAT(approve(), AllOf(HasSubstr(R"("ok":true)"), HasSubstr(R"("power_dbm":11)"),
                               HasSubstr(R"("approved":{"by":)")));
  EXPECT_EQ(kernel->power(), dbm(11));
  EXPECT_THAT(log_text.str(), HasSubstr("lets the power go down to 11 dBm"));
  replays_exactly(3);
}

TEST_F(LeaveTest, NothingIsProposedBeforeAMinuteIsOver) {
  config.mode = Mode::recommend;
  add_station(knee_at(dbm(1)));
  start();
  time.advance(30s);

  EXPECT_THAT(approve(), HasSubstr("nothing is proposed"));
}

TEST_F(LeaveTest, AListChangesNothing) {
  start_recommending();

  EXPECT_THAT(ask(R"({"v":1,"do":"approve","what":"list"})"),
              AllOf(HasSubstr(R"("name":"wlan0")"), HasSubstr(R"("level_dbm":11)")));
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(LeaveTest, AProposalThatNobodyApprovesIsOver) {
  config.recommend.expires = 60s;
  start_recommending();

  time.advance(55s);

  EXPECT_THAT(approve(), HasSubstr("nothing is proposed"));
  EXPECT_THAT(ask(R"({"v":1,"do":"explain"})"), HasSubstr("proposal_over"));
}

TEST_F(LeaveTest, AnApprovalThatIsTakenBackPutsThePowerUpAgain) {
  start_recommending();
  approve();

  ask(R"({"v":1,"do":"approve","what":"withdraw"})");

  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_THAT(status(), HasSubstr(R"("operator":null)"));
}

TEST_F(LeaveTest, AnApprovalOutlivesAReload) {
  start_recommending();
  approve();

  reload(config);
  time.advance(5s);

  EXPECT_EQ(kernel->power(), dbm(11));
}

TEST_F(LeaveTest, InTheModeAutoThereIsNothingToApprove) {
  start();

  EXPECT_THAT(approve(), HasSubstr("mode is not recommend"));
}

TEST_F(LeaveTest, OutsideTheChangeWindowThePowerStays) {
  config.auto_between = {window_around_now(2, 4)};
  start();
  time.advance(30s);

  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_THAT(status(), HasSubstr(R"("window_open":false)"));
}

TEST_F(LeaveTest, InTheChangeWindowItIsDrivenAndStaysWhereItIsWhenThatCloses) {
  config.auto_between = {window_around_now(2, 4)};
  start();
  time.wall += 3 * 3'600'000;
  time.advance(6s);
  EXPECT_EQ(kernel->power(), dbm(11));
  const std::size_t before = kernel->sent.size();

  time.wall += 2 * 3'600'000;
  time.advance(30s);

  EXPECT_THAT(sent_since(before), IsEmpty());
  EXPECT_THAT(ask(R"({"v":1,"do":"explain"})"), HasSubstr("window_closed"));
  replays_exactly(4);
}

TEST_F(LeaveTest, AnExternalCeilingIsObeyedFromTheFirstPower) {
  config.fixed.level = FixedParams::Edge::max;
  config.ceiling_file = directory / "ceiling";
  write_ceiling("12\n");
  start();
  time.advance(10s);

  EXPECT_EQ(kernel->power(), dbm(12));
  EXPECT_THAT(kernel->sent, Each(Field(&FakeKernel::Sent::level, Le(dbm(12)))));
  EXPECT_THAT(status(), HasSubstr(R"("file_ceiling_dbm":12)"));
}

TEST_F(LeaveTest, AnExternalCeilingThatBecomesBadStaysAndIsSaidWithItsLine) {
  config.fixed.level = FixedParams::Edge::max;
  config.ceiling_file = directory / "ceiling";
  write_ceiling("12\n");
  start();

  for (const char* const bad : {"0\n", "-3\n", "", "twelve\n"}) {
    write_ceiling(bad);
    EXPECT_THAT(status(), HasSubstr(R"("ceiling_file_trouble":")" + config.ceiling_file + ":1: "))
        << bad;
    EXPECT_EQ(kernel->power(), dbm(12)) << bad;
  }
  EXPECT_EQ(times_said("'0' is no number within 1..36 dBm; the last good limit stays"), 1u);
}

TEST_F(LeaveTest, AnExternalCeilingThatIsRemovedIsLifted) {
  config.fixed.level = FixedParams::Edge::max;
  config.ceiling_file = directory / "ceiling";
  write_ceiling("wlan0 12\n");
  start();

  std::filesystem::remove(config.ceiling_file);
  time.advance(6s);

  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_THAT(log_text.str(), HasSubstr("gone; its limit is lifted"));
  replays_exactly(2);
}

TEST_F(LeaveTest, OfAnOperatorsAndAnExternalCeilingTheLowerCounts) {
  config.fixed.level = FixedParams::Edge::max;
  config.ceiling_file = directory / "ceiling";
  write_ceiling("12\n");
  start();
  ask(R"({"v":1,"do":"ceiling","dbm":15})");
  EXPECT_EQ(kernel->power(), dbm(12));

  ask(R"({"v":1,"do":"ceiling","dbm":9})");

  EXPECT_EQ(kernel->power(), dbm(9));
}

TEST_F(LeaveTest, AnExternalCeilingAboveTheBoxWidensNothing) {
  config.fixed.level = FixedParams::Edge::max;
  config.ceiling_file = directory / "ceiling";
  write_ceiling("36\n");
  start();
  time.advance(10s);

  EXPECT_THAT(kernel->sent, Each(Field(&FakeKernel::Sent::level, Le(dbm(20)))));
  EXPECT_EQ(kernel->power(), dbm(20));
}

}  // namespace
}  // namespace pianissimo::service
