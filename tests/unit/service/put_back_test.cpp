// What `pianissimo restore` and the next start make of a note.
#include "controller/service/put_back.hpp"

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Field;

class PutBackTest : public DaemonTest {
 protected:
  PutBack put_back_one(const FoundPower& found) {
    std::vector<PutBack> outcomes;
    const FoundPowers note{{"wlan0", found}};
    asio::co_spawn(io, put_back(note, Ports{time, *kernel, *kernel, *kernel}),
                   [&](std::exception_ptr, std::vector<PutBack> done) { outcomes = done; });
    time.advance(5s);
    return outcomes.empty() ? PutBack{} : outcomes.at(0);
  }
  static FoundPower found_at(Dbm power) { return {.power = power, .interface = InterfaceIndex{3}}; }
};

TEST_F(PutBackTest, IsNeverMoreThanTheChannelAllowsNow) {
  kernel->interfaces.at(0).channel_maximum = dbm(14);

  const PutBack outcome = put_back_one(found_at(dbm(20)));

  EXPECT_TRUE(outcome.done);
  EXPECT_THAT(kernel->sent, ElementsAre(Field(&FakeKernel::Sent::level, dbm(14))));
}

TEST_F(PutBackTest, IsInWholeDbm) {
  put_back_one(found_at(Dbm::from_mbm(1950)));

  EXPECT_THAT(kernel->sent, ElementsAre(Field(&FakeKernel::Sent::level, dbm(19))));
}

TEST_F(PutBackTest, TriesABusyKernelAgain) {
  kernel->answer = PowerAnswer::busy;
  int attempts = 0;
  kernel->before_set = [&] {
    if (++attempts == 3) kernel->answer = PowerAnswer::accepted;
  };

  EXPECT_TRUE(put_back_one(found_at(dbm(20))).done);
  EXPECT_EQ(attempts, 3);
}

TEST_F(PutBackTest, AnInterfaceThatStaysDownIsNotGone) {
  kernel->answer = PowerAnswer::busy;
  kernel->error = ENETDOWN;

  const PutBack outcome = put_back_one(found_at(dbm(20)));

  EXPECT_FALSE(outcome.done);
  EXPECT_EQ(outcome.message, "wlan0: 20 dBm could not be put back: Network is down");
}

TEST_F(PutBackTest, LeavesAnotherInterfaceOfThatNameAlone) {
  kernel->interfaces.at(0).index = InterfaceIndex{8};

  const PutBack outcome = put_back_one(found_at(dbm(20)));

  EXPECT_TRUE(outcome.done);
  EXPECT_TRUE(kernel->sent.empty());
  EXPECT_EQ(outcome.message, "wlan0: is gone, and its power with it");
}

TEST_F(PutBackTest, SaysUnderWhichNameItFoundTheInterface) {
  kernel->interfaces.at(0).name = "ap0";

  EXPECT_EQ(put_back_one(found_at(dbm(20))).message, "wlan0: is now ap0: 20 dBm again");
}

TEST_F(PutBackTest, SaysThatARadioIsRaisedForAnInterfaceThatIsGone) {
  FoundPower found = found_at(dbm(20));
  found.path = KnobKind::wiphy;
  kernel->interfaces.at(0).index = InterfaceIndex{8};

  EXPECT_EQ(put_back_one(found).message, "wlan0: is gone; its radio phy0: 20 dBm again");
  EXPECT_THAT(kernel->sent,
              ElementsAre(Field(&FakeKernel::Sent::knob, Field(&Knob::kind, KnobKind::wiphy))));
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(PutBackTest, ARadioWhoseInterfaceIsGoneIsHeldToTheChannelOfItsOthers) {
  FoundPower found = found_at(dbm(20));
  found.path = KnobKind::wiphy;
  kernel->interfaces.at(0).index = InterfaceIndex{8};
  kernel->interfaces.at(0).channel_maximum = dbm(14);

  put_back_one(found);

  EXPECT_THAT(kernel->sent, ElementsAre(Field(&FakeKernel::Sent::level, dbm(14))));
}

}  // namespace
}  // namespace pianissimo::service
