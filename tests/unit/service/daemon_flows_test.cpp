// What the daemon asks of whoever records flows.
#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct FakeRecorder final : FlowRecorder {
  explicit FakeRecorder(const Time& clock) : time{clock} {}

  void begin(const FlowConfig& config, Say say_to) override {
    begun.push_back(config.collector);
    say = std::move(say_to);
  }
  void look_after(const ApInterface& interface) override { looked_after.insert(interface.index); }
  void forget(InterfaceIndex interface) override { looked_after.erase(interface); }
  Instant step() override {
    ++steps;
    return is_idle ? Instant::max() : time.now() + 1s;
  }
  void end() override { power_at_the_end = power(); }

  const Time& time;
  Say say;
  std::vector<std::string> begun;
  std::set<InterfaceIndex> looked_after;
  int steps = 0;
  bool is_idle = false;
  std::function<Dbm()> power;
  std::optional<Dbm> power_at_the_end;
};

class DaemonFlowsTest : public DaemonTest {
 protected:
  DaemonFlowsTest() : recorder{time} {
    recorder.power = [this] { return kernel->power(); };
    config.flows.collector = "192.0.2.1:4739";
    flows = &recorder;
  }

  FakeRecorder recorder;
};

TEST_F(DaemonFlowsTest, RecordsAtTheInterfacesThatAreDriven) {
  kernel->interfaces.push_back(wlan0());
  kernel->interfaces.back().index = InterfaceIndex{4};
  kernel->interfaces.back().name = "guest";  // not in the configuration
  start();

  EXPECT_THAT(recorder.looked_after, ElementsAre(InterfaceIndex{3}));

  kernel->interfaces.clear();
  time.advance(6s);
  EXPECT_THAT(recorder.looked_after, ElementsAre());
}

TEST_F(DaemonFlowsTest, CallsTheRecorderWhenItWantsToBeCalled) {
  start();
  const int before = recorder.steps;

  time.advance(10s);

  EXPECT_EQ(recorder.steps, before + 10);
}

TEST_F(DaemonFlowsTest, AReloadBeginsAnewAlsoWhereNothingWasRecorded) {
  config.flows.collector.clear();
  recorder.is_idle = true;
  start();
  const int before = recorder.steps;
  Config next = config;
  next.flows.collector = "192.0.2.2:4739";
  recorder.is_idle = false;

  reload(next);
  time.advance(3s);

  EXPECT_THAT(recorder.begun, ElementsAre("", "192.0.2.2:4739"));
  EXPECT_GE(recorder.steps, before + 3);
}

TEST_F(DaemonFlowsTest, SendsTheRestWhenThePowerIsBack) {
  start_and_reach_the_floor();
  ASSERT_EQ(kernel->power(), dbm(1));

  stop();

  EXPECT_EQ(recorder.power_at_the_end, dbm(20));
}

TEST_F(DaemonFlowsTest, ACollectorThatCannotBeReachedIsSaidOnce) {
  start();

  recorder.say("flow records: 192.0.2.1:4739: Connection refused");
  recorder.say("flow records: 192.0.2.1:4739: Connection refused");

  EXPECT_EQ(times_said("Connection refused"), 1U);
}

TEST_F(DaemonFlowsTest, SaysThatItCannotWithoutBpf) {
  flows = nullptr;
  start();

  EXPECT_EQ(times_said("flow records: built without BPF"), 1U);
  stop();
  EXPECT_EQ(exit, ExitStatus::ok);
}

}  // namespace
}  // namespace pianissimo::service
