// What operators ask of the daemon, through its socket, with a fake kernel below.
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "tests/unit/service/control_fixture.hpp"

namespace pianissimo::service {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::Not;

class OperatorTest : public ControlTest {
 protected:
  std::vector<FakeKernel::Sent> sent_since(std::size_t before) const {
    return {kernel->sent.begin() + static_cast<std::ptrdiff_t>(before), kernel->sent.end()};
  }
  std::string status() { return ask(R"({"v":1,"do":"status"})"); }
  void nobody_hears_below(Dbm level) { kernel->stations.at(sta1).expected = knee_at(level); }
};

TEST_F(OperatorTest, HoldsThePowerWhateverTheStationsLose) {
  start_and_reach_the_floor();

  const std::string answer = ask(R"({"v":1,"do":"hold","interface":"wlan0"})");
  const std::size_t before = kernel->sent.size();
  nobody_hears_below(dbm(18));
  time.advance(30s);

  const std::string by = "\"by\":{\"uid\":" + std::to_string(::getuid()) +
                         ",\"pid\":" + std::to_string(::getpid()) + '}';
  EXPECT_THAT(answer, AllOf(HasSubstr(R"({"v":1,"ok":true,"interfaces":[{"name":"wlan0",)"
                                      R"("power_dbm":1,"operator":{"hold":{)" +
                                      by),
                            HasSubstr(R"("level_dbm":1)")));
  EXPECT_THAT(sent_since(before), IsEmpty());
  EXPECT_THAT(log_text.str(), HasSubstr("holds the power"));
  EXPECT_THAT(status(), HasSubstr(by));
}

TEST_F(OperatorTest, DrivesAgainWhenResumed) {
  start_and_reach_the_floor();
  ask(R"({"v":1,"do":"hold"})");
  nobody_hears_below(dbm(18));
  time.advance(5s);

  ask(R"({"v":1,"do":"resume"})");
  time.advance(5s);

  EXPECT_GE(kernel->power(), dbm(17));
  EXPECT_THAT(status(), HasSubstr(R"("operator":null)"));
}

TEST_F(OperatorTest, AHoldEndsAtItsTime) {
  start_and_reach_the_floor();
  ask(R"({"v":1,"do":"hold","for_s":60})");
  nobody_hears_below(dbm(18));
  time.advance(55s);
  EXPECT_EQ(kernel->power(), dbm(1));

  time.advance(10s);

  EXPECT_GE(kernel->power(), dbm(17));
  EXPECT_THAT(status(), HasSubstr(R"("operator":null)"));
}

TEST_F(OperatorTest, ALimitThatFallsLowersAHeldPower) {
  config.policy = PolicyName::fixed;
  start();
  ask(R"({"v":1,"do":"hold"})");

  kernel->interfaces.at(0).power = dbm(9);  // somebody else
  time.advance(5s);

  EXPECT_EQ(kernel->power(), dbm(9));
}

TEST_F(OperatorTest, NothingGoesAboveACeiling) {
  add_station(knee_at(dbm(18)));
  start();
  time.advance(5s);

  ask(R"({"v":1,"do":"ceiling","dbm":12})");
  const std::size_t before = kernel->sent.size();
  time.advance(30s);

  EXPECT_LE(kernel->power(), dbm(12));
  EXPECT_THAT(sent_since(before), Each(Field(&FakeKernel::Sent::level, Le(dbm(12)))));
  stop();
  EXPECT_EQ(kernel->power(), dbm(20)) << "what was found is put back";
}

TEST_F(OperatorTest, ACeilingIsLiftedAgain) {
  config.policy = PolicyName::fixed;
  start();
  ask(R"({"v":1,"do":"ceiling","dbm":12})");
  ASSERT_EQ(kernel->power(), dbm(12));

  ask(R"({"v":1,"do":"ceiling","dbm":"auto"})");

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(OperatorTest, ACeilingAboveTheBoxIsCutAndThatIsSaid) {
  config.policy = PolicyName::fixed;
  config.box.ceiling = dbm(15);
  start();

  const std::string answer = ask(R"({"v":1,"do":"ceiling","dbm":36})");

  EXPECT_THAT(answer, AllOf(HasSubstr(R"("ok":true)"), HasSubstr("15 dBm stays the highest")));
  EXPECT_EQ(kernel->power(), dbm(15));
}

TEST_F(OperatorTest, ACeilingBelowTheFloorIsTheFloor) {
  config.box.floor = dbm(5);
  start_and_reach_the_floor();

  const std::string answer = ask(R"({"v":1,"do":"ceiling","dbm":0})");
  time.advance(5s);

  EXPECT_THAT(answer, HasSubstr("5 dBm is the configuration's floor"));
  EXPECT_EQ(kernel->power(), dbm(5));
}

TEST_F(OperatorTest, WhoIsNotDrivenIsRefused) {
  start();

  EXPECT_EQ(ask(R"({"v":1,"do":"hold","interface":"wlan9"})"),
            "{\"v\":1,\"ok\":false,\"error\":\"no such interface is driven\"}\n");
}

TEST_F(OperatorTest, WishesOutliveAReload) {
  config.policy = PolicyName::fixed;
  start();
  ask(R"({"v":1,"do":"ceiling","dbm":12})");
  ask(R"({"v":1,"do":"hold"})");
  ask(R"({"v":1,"do":"ceiling","dbm":15})");
  const std::size_t before = kernel->sent.size();

  reload(config);
  time.advance(5s);

  EXPECT_EQ(kernel->power(), dbm(12)) << "the held level";
  for (const FakeKernel::Sent& sent : sent_since(before)) {
    EXPECT_TRUE(sent.level <= dbm(15) || sent.level == dbm(20)) << "20 dBm is put back in between";
  }
  EXPECT_THAT(status(), AllOf(HasSubstr(R"("hold":{)"), HasSubstr(R"("ceiling":{)")));
}

TEST_F(OperatorTest, AnInterfaceThatReturnsIsUnderTheSameCeilingFromItsFirstPower) {
  config.policy = PolicyName::fixed;
  start();
  ask(R"({"v":1,"do":"ceiling","dbm":12})");
  kernel->interfaces.clear();
  kernel->happen(InterfacesChanged{});
  time.advance(1s);
  const std::size_t before = kernel->sent.size();

  kernel->interfaces = {wlan0()};
  kernel->interfaces.at(0).index = InterfaceIndex{7};
  kernel->happen(InterfacesChanged{});
  time.advance(1s);

  EXPECT_EQ(kernel->power(), dbm(12));
  EXPECT_THAT(sent_since(before), Each(Field(&FakeKernel::Sent::level, Le(dbm(12)))));
}

TEST_F(OperatorTest, AHeldPowerStaysThoughTheStationsCannotBeRead) {
  start_and_reach_the_floor();
  ask(R"({"v":1,"do":"hold"})");

  kernel->read_error = PortError{"no buffer space", false};
  time.advance(5s);
  EXPECT_EQ(kernel->power(), dbm(1));
  ask(R"({"v":1,"do":"resume"})");
  time.advance(2s);

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(OperatorTest, ExplainsWhatItDecidedLast) {
  start_and_reach_the_floor();

  const json::object answer =
      json::parse(ask(R"({"v":1,"do":"explain","of":"wlan0","last":2})")).as_object();
  const json::array& decisions = answer.at("decisions").as_array();

  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_EQ(decisions[0].at("knob"), "wlan0");
  EXPECT_LE(decisions[0].at("t_ns").as_int64(), decisions[1].at("t_ns").as_int64());
  EXPECT_THAT(std::string{decisions[1].at("words").as_string()}, Not(IsEmpty()));
}

TEST_F(OperatorTest, ExplainsWhatAStationDecided) {
  start_and_reach_the_floor();

  EXPECT_THAT(ask(R"({"v":1,"do":"explain","of":"02:00:00:00:01:00"})"), HasSubstr("step_down"));
  EXPECT_THAT(ask(R"({"v":1,"do":"explain","of":"02:00:00:00:01:99"})"),
              HasSubstr(R"("decisions":[])"));
}

TEST_F(OperatorTest, ReloadsAndSaysWhyNot) {
  start();

  EXPECT_EQ(ask(R"({"v":1,"do":"reload"})"), "{\"v\":1,\"ok\":true}\n");
  EXPECT_EQ(reloads, 1);
  no_reload = "bad";
  EXPECT_EQ(ask(R"({"v":1,"do":"reload"})"), "{\"v\":1,\"ok\":false,\"error\":\"bad\"}\n");
}

TEST_F(OperatorTest, WhoWatchesIsToldWhatIsDecided) {
  start_and_reach_the_floor();
  TestClient& watcher = connect();
  EXPECT_THAT(ask(watcher, R"({"v":1,"do":"watch"})"), HasSubstr(R"("ok":true,"status":{)"));

  ask(R"({"v":1,"do":"hold"})");
  time.advance(6s);

  EXPECT_THAT(watcher.read(),
              AllOf(HasSubstr(R"({"v":1,"decision":{"t_ns":)"),
                    HasSubstr(R"("from_dbm":1,"to_dbm":1,"reason":"held","words":"The operator)"),
                    HasSubstr(R"({"v":1,"status":{)")));
}

TEST_F(OperatorTest, TheJournalReplaysToTheSameDecisions) {
  start_and_reach_the_floor();
  ask(R"({"v":1,"do":"hold","for_s":7})");
  nobody_hears_below(dbm(12));
  time.advance(10s);
  ask(R"({"v":1,"do":"ceiling","dbm":9})");
  time.advance(10s);
  ask(R"({"v":1,"do":"ceiling","dbm":"auto"})");
  time.advance(5s);

  const std::vector<Event> events = replays_exactly(31);
  EXPECT_EQ(std::ranges::count_if(events,
                                  [](const Event& event) {
                                    return std::holds_alternative<HoldSet>(event) ||
                                           std::holds_alternative<CeilingSet>(event);
                                  }),
            3);
}

TEST_F(OperatorTest, SendsTheJournalWhole) {
  start_and_reach_the_floor();
  TestClient& client = connect();
  std::string answer = ask(client, R"({"v":1,"do":"journal"})");
  for (int i = 0; i < 100; ++i) {
    time.settle();
    answer += client.read();
  }
  const auto end = answer.find('\n');
  const json::object head = json::parse(answer.substr(0, end)).as_object();

  EXPECT_EQ(static_cast<std::size_t>(head.at("bytes").as_int64()), answer.size() - end - 1);
}

}  // namespace
}  // namespace pianissimo::service
