// The rules of the air in the daemon: a limit that grows with the width, DFS, and how far below the
// ceiling it sent.
#include <boost/json/parse.hpp>

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Le;

class DaemonAirTest : public DaemonTest {
 protected:
  // 6 GHz: 30 dBm at most, and 5 dBm/MHz: 18.01 dBm in 20 MHz, 24.03 dBm in 80 MHz.
  DaemonAirTest() {
    config.policy = PolicyName::fixed;
    ApInterface& interface = kernel->interfaces.at(0);
    interface.frequency = Mhz{5955};
    interface.channel_maximum = dbm(30);
    interface.power = dbm(30);
    interface.air.density = dbm(5);
    be_wide(20);
  }

  void be_wide(unsigned mhz) {
    kernel->interfaces.at(0).width = Mhz{mhz};
    kernel->interfaces.at(0).air.sent_width = Mhz{mhz};
  }
  void become_wide(unsigned mhz) {
    be_wide(mhz);
    kernel->happen(InterfacesChanged{});
    time.advance(1s);
  }
  json::object status() const {
    std::ostringstream text;
    text << std::ifstream{Status::path(directory)}.rdbuf();
    return json::parse(text.str()).as_object();
  }
};

TEST_F(DaemonAirTest, TheBoxFollowsTheWidthOfAChannelWithALimitPerMegahertz) {
  start();
  time.advance(1s);
  EXPECT_EQ(kernel->power(), dbm(18));

  become_wide(80);
  EXPECT_EQ(kernel->power(), dbm(24));

  become_wide(20);
  EXPECT_EQ(kernel->power(), dbm(18));
  // What was found is no trouble: the kernel allows it, whatever the width.
  EXPECT_EQ(times_said("not driven"), 0U);
  EXPECT_EQ(times_said("somebody else"), 0U);
  stop();
  EXPECT_EQ(kernel->power(), dbm(30));
  daemon.reset();
  EXPECT_THAT(journal(), HasSubstr("\"width_mhz\":80,\"channel_maximum_dbm\":2.403E1"));
}

TEST_F(DaemonAirTest, AWiderChannelLiftsNothingAboveThePowerFound) {
  kernel->interfaces.at(0).power = dbm(20);
  start();
  time.advance(1s);
  EXPECT_EQ(kernel->power(), dbm(18));

  become_wide(160);
  time.advance(10s);

  EXPECT_EQ(kernel->power(), dbm(20));
  EXPECT_THAT(kernel->sent, Each(Field(&FakeKernel::Sent::level, Le(dbm(20)))));
}

// Its own readings, one by one and in lists, are those below the width's limit and above it.
TEST_F(DaemonAirTest, ThePowerFoundMayBeAboveTheLimitOfTheWidth) {
  config.policy = PolicyName::descend;
  add_station(knee_at(dbm(1)));
  start();
  time.advance(5s);

  EXPECT_THAT(kernel->sent, Each(Field(&FakeKernel::Sent::level, Le(dbm(18)))));
  EXPECT_EQ(kernel->power(), dbm(1));
  EXPECT_LT(kernel->lists, 10);
}

TEST_F(DaemonAirTest, ABoxThatLeavesTooLittleForTpcIsSaidOnce) {
  kernel->interfaces.at(0).air.radar = true;
  config.box.floor = dbm(13);
  start();
  time.advance(11s);
  EXPECT_EQ(times_said("the box leaves 5 dB below its ceiling (13 to 18 dBm)"), 1U);

  become_wide(80);  // 13 to 24 dBm
  become_wide(20);
  EXPECT_EQ(times_said("is a DFS channel"), 1U);
}

TEST_F(DaemonAirTest, ABoxThatLeavesEnoughIsNotSpokenOf) {
  kernel->interfaces.at(0).air.radar = true;
  config.box.floor = dbm(12);
  start();
  time.advance(6s);

  EXPECT_EQ(times_said("is a DFS channel"), 0U);
}

TEST_F(DaemonAirTest, TheStatusSaysTheMitigationAndAReloadKeepsIt) {
  config.fixed.level = dbm(8);
  start();
  time.advance(61s);
  const json::object before = status().at("mitigation").as_array().at(0).as_object();
  EXPECT_EQ(before.at("frequency_mhz"), 5955);
  EXPECT_EQ(before.at("width_mhz"), 20);
  EXPECT_EQ(before.at("mean_db"), 10.0);  // 18 dBm less 8
  EXPECT_GE(before.at("covered_s").to_number<double>(), 55);
  EXPECT_EQ(status().at("interfaces").as_array().at(0).at("air").at("density_dbm_per_mhz"), 5.0);

  reload(config);
  time.advance(61s);

  const auto days = daemon->mitigation().days();
  ASSERT_EQ(days.size(), 1U);
  EXPECT_GE(days[0].covered, 110s);
  EXPECT_LE(days[0].covered, 122s);
}

TEST_F(DaemonAirTest, ADryRunHasNoMitigation) {
  config.fixed.level = dbm(8);
  config.dry_run = true;
  start();
  time.advance(61s);

  EXPECT_TRUE(status().at("mitigation").as_array().empty());
}

}  // namespace
}  // namespace pianissimo::service
