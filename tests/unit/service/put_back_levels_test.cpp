// Which level is put back: the channel's maximum where that was found, and never more than that.
#include "controller/service/put_back.hpp"

#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PutBackLevelsTest : public DaemonTest {
 protected:
  std::vector<PutBack> put_back_all(const FoundPowers& note) {
    std::vector<PutBack> outcomes;
    asio::co_spawn(io, put_back(note, Ports{time, *kernel, *kernel, *kernel}),
                   [&](std::exception_ptr, std::vector<PutBack> done) { outcomes = done; });
    time.advance(5s);
    return outcomes;
  }
  PutBack put_back_one(const FoundPower& found) {
    const auto outcomes = put_back_all({{"wlan0", found}});
    return outcomes.empty() ? PutBack{} : outcomes.at(0);
  }
  static FoundPower found_at(Dbm power, PowerSetting setting) {
    return {.power = power,
            .interface = InterfaceIndex{3},
            .setting = setting,
            .channel_maximum = dbm(23)};
  }
  static FoundPower on_radio(std::uint32_t wiphy, std::uint32_t index, Dbm power,
                             PowerSetting setting = PowerSetting::fixed) {
    return {.path = KnobKind::wiphy,
            .wiphy = WiphyIndex{wiphy},
            .power = power,
            .interface = InterfaceIndex{index},
            .setting = setting};
  }
};

TEST_F(PutBackLevelsTest, AutomaticMayGiveAFractionMoreThanWasFound) {
  kernel->automatic_gives = Dbm::from_mbm(2299);

  const PutBack outcome = put_back_one(found_at(dbm(22), PowerSetting::automatic));

  EXPECT_THAT(kernel->sent, IsEmpty());
  EXPECT_THAT(kernel->given_back, SizeIs(1));
  EXPECT_EQ(outcome.message, "wlan0: automatic again, 22.99 dBm");
}

TEST_F(PutBackLevelsTest, AutomaticThatGivesADecibelMoreIsReplacedByTheLevelFound) {
  kernel->automatic_gives = dbm(23);

  const PutBack outcome = put_back_one(found_at(dbm(22), PowerSetting::automatic));

  EXPECT_THAT(kernel->sent, SizeIs(1));
  EXPECT_EQ(kernel->power(), dbm(22));
  EXPECT_EQ(outcome.message, "wlan0: 22 dBm again");
}

TEST_F(PutBackLevelsTest, OnAnotherChannelAutomaticMayGiveMore) {
  kernel->interfaces.at(0).channel_maximum = dbm(30);

  const PutBack outcome = put_back_one(found_at(dbm(22), PowerSetting::automatic));

  EXPECT_TRUE(outcome.done);
  EXPECT_THAT(kernel->sent, IsEmpty());
  EXPECT_EQ(outcome.message, "wlan0: automatic again");
}

TEST_F(PutBackLevelsTest, WhereAutomaticIsUnknownTheLevelFoundServes) {
  kernel->answer = PowerAnswer::unsupported;
  kernel->before_set = [&] { kernel->answer = PowerAnswer::accepted; };

  const PutBack outcome = put_back_one(found_at(dbm(22), PowerSetting::automatic));

  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(kernel->power(), dbm(22));
}

TEST_F(PutBackLevelsTest, APowerThatWasNotBelievedIsNeverPutBackAsALevel) {
  kernel->answer = PowerAnswer::unsupported;
  kernel->error = EOPNOTSUPP;
  kernel->before_set = [&] { kernel->answer = PowerAnswer::accepted; };

  const PutBack outcome = put_back_one(found_at(dbm(22), PowerSetting::unknown));

  EXPECT_FALSE(outcome.done);
  EXPECT_THAT(kernel->sent, IsEmpty());
  EXPECT_EQ(outcome.message, "wlan0: 22 dBm could not be put back: Operation not supported");
}

TEST_F(PutBackLevelsTest, APowerThatWasNotBelievedIsNotComparedEither) {
  kernel->automatic_gives = dbm(30);

  const PutBack outcome = put_back_one(found_at(dbm(10), PowerSetting::unknown));

  EXPECT_THAT(kernel->sent, IsEmpty());
  EXPECT_EQ(outcome.message, "wlan0: automatic again");
}

TEST_F(PutBackLevelsTest, SaysWhatTheLevelReadsAsIfThatIsAnother) {
  for (const std::int32_t mbm : {1900, 1901, 2099, 2100}) {
    kernel->reports_always(Dbm::from_mbm(mbm));

    const PutBack outcome = put_back_one(found_at(dbm(20), PowerSetting::fixed));

    const std::string said = mbm == 1900   ? ", and reads as 19 dBm"
                             : mbm == 2100 ? ", and reads as 21 dBm"
                                           : "";
    EXPECT_EQ(outcome.message, "wlan0: 20 dBm again" + said);
  }
}

TEST_F(PutBackLevelsTest, ARadioGetsTheLowestLevelOfItsInterfaces) {
  kernel->interfaces.push_back(wlan0());
  kernel->interfaces.at(1).index = InterfaceIndex{4};
  kernel->interfaces.at(1).name = "wlan1";

  put_back_all({{"wlan0", on_radio(0, 3, dbm(20))}, {"wlan1", on_radio(0, 4, dbm(14))}});

  ASSERT_THAT(kernel->sent, SizeIs(2));
  EXPECT_EQ(kernel->sent.at(0).level, dbm(14));
  EXPECT_EQ(kernel->sent.at(1).level, dbm(14));
}

TEST_F(PutBackLevelsTest, OneLevelOfARadiosInterfacesKeepsThemAllThere) {
  put_back_all({{"wlan0", on_radio(0, 3, dbm(14), PowerSetting::automatic)},
                {"wlan1", on_radio(0, 4, dbm(20))}});

  EXPECT_THAT(kernel->given_back, IsEmpty());
  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(PutBackLevelsTest, AnotherRadiosLevelDoesNotCount) {
  FoundPower with_own_knob = on_radio(0, 5, dbm(9));
  with_own_knob.path = KnobKind::interface;

  put_back_all({{"wlan0", on_radio(0, 3, dbm(20))},
                {"wlan1", on_radio(1, 4, dbm(14))},
                {"wlan2", with_own_knob}});

  EXPECT_EQ(kernel->power(), dbm(20));
}

TEST_F(PutBackLevelsTest, ANoteWithoutAnIndexIsAboutTheInterfaceOfThatName) {
  FoundPower found = found_at(dbm(20), PowerSetting::fixed);
  found.interface = {};
  kernel->interfaces.at(0).index = InterfaceIndex{8};

  EXPECT_EQ(put_back_one(found).message, "wlan0: 20 dBm again");
  kernel->interfaces.at(0).name = "ap0";
  EXPECT_EQ(put_back_one(found).message, "wlan0: is gone, and its power with it");
}

TEST_F(PutBackLevelsTest, AnInterfaceThatGoesMeanwhileTakesItsPowerAlong) {
  kernel->before_set = [&] { kernel->interfaces.clear(); };

  const PutBack outcome = put_back_one(found_at(dbm(20), PowerSetting::fixed));

  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(outcome.message, "wlan0: is gone, and its power with it");
}

TEST_F(PutBackLevelsTest, AnInterfaceThatIsListedIsNotGoneWhateverItsDriverSays) {
  kernel->answer = PowerAnswer::gone;
  kernel->error = ENODEV;

  const PutBack outcome = put_back_one(found_at(dbm(20), PowerSetting::fixed));

  EXPECT_FALSE(outcome.done);
  EXPECT_EQ(outcome.message, "wlan0: 20 dBm could not be put back: No such device");
}

// 50, 100, 200, 400 and 800 ms later.
TEST_F(PutBackLevelsTest, ABusyKernelIsAskedSixTimesInASecondAndAHalf) {
  kernel->answer = PowerAnswer::busy;
  kernel->error = EBUSY;
  std::vector<Duration> asked;
  const Instant begin = time.now();
  kernel->before_set = [&] { asked.push_back(time.now() - begin); };

  const PutBack outcome = put_back_one(found_at(dbm(20), PowerSetting::fixed));

  EXPECT_FALSE(outcome.done);
  EXPECT_THAT(asked, ElementsAre(0ms, 50ms, 150ms, 350ms, 750ms, 1550ms));
}

TEST_F(PutBackLevelsTest, ARefusalThatLastsIsNotAskedAgain) {
  kernel->answer = PowerAnswer::not_permitted;
  int asked = 0;
  kernel->before_set = [&] { ++asked; };

  EXPECT_FALSE(put_back_one(found_at(dbm(20), PowerSetting::fixed)).done);
  EXPECT_EQ(asked, 1);
}

class PutBackStationsTest : public PutBackLevelsTest {
 protected:
  PutBackStationsTest() {
    found.path = KnobKind::station;
    kernel->stations[sta1] = {};
    kernel->stations[MacAddress{{2, 0, 0, 0, 2, 0}}] = {};
  }
  FoundPower found = found_at(dbm(20), PowerSetting::fixed);
};

TEST_F(PutBackStationsTest, EachStationsLimitIsLifted) {
  const PutBack outcome = put_back_one(found);

  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(outcome.message, "wlan0: the stations' limits are lifted");
  ASSERT_THAT(kernel->given_back, SizeIs(2));
  EXPECT_EQ(kernel->given_back.at(0).station, sta1);
  EXPECT_EQ(kernel->given_back.at(0).interface, InterfaceIndex{3});
}

TEST_F(PutBackStationsTest, AStationThatLeftHasNone) {
  kernel->answer = PowerAnswer::gone;

  EXPECT_TRUE(put_back_one(found).done);
}

TEST_F(PutBackStationsTest, SaysWhichStationKeepsItsLimit) {
  kernel->answer = PowerAnswer::not_permitted;
  kernel->error = EPERM;

  EXPECT_EQ(put_back_one(found).message,
            "wlan0: the stations' limits could not be lifted: 02:00:00:00:02:00: Operation not "
            "permitted");
}

TEST_F(PutBackStationsTest, AnInterfaceThatIsGoneHasNoStations) {
  kernel->read_error = PortError{"no such device", true};

  EXPECT_TRUE(put_back_one(found).done);
}

}  // namespace
}  // namespace pianissimo::service
