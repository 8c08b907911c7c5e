// Every kind of line in every version that has it, as its documentation and its source show it.
#include "experiments/import/orca_line.hpp"

#include <gmock/gmock.h>

namespace pianissimo::orca {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <class T>
T read(std::string_view text) {
  const Line line = read_line(text);
  if (!std::holds_alternative<T>(line.what)) {
    ADD_FAILURE() << "line of kind " << line.what.index() << ": " << text;
    return {};
  }
  return std::get<T>(line.what);
}

bool is_torn(std::string_view text) { return std::holds_alternative<Torn>(read_line(text).what); }

MacAddress mac(std::string_view text) { return *mac_from_string(text); }

TEST(OrcaLine, HasARadioAndATime) {
  const Line line = read_line("phy1;16c4added930f1b4;rxs;52:4a:6f:f3:c4:95;d3;ce;d1;7f;7f");

  EXPECT_EQ(line.phy, "phy1");
  EXPECT_EQ(line.time, 0x16c4added930f1b4U);
}

TEST(OrcaLine, OfVersion1TellsRatesAndCountsInAFieldEach) {
  const auto status = read<TxStatus>("phy1;1557f39c4fd4;txs;02:00:00:ee:ab:61;3;2;1;278,276;2,1");

  EXPECT_EQ(status,
            (TxStatus{mac("02:00:00:ee:ab:61"), 3, 2, true, {{0x278, 2, {}}, {0x276, 1, {}}}}));
}

TEST(OrcaLine, OfLate2021TellsFourPairs) {
  const auto status =
      read<TxStatus>("phy1;16c4added930f1b4;txs;d4:a3:3d:5f:76:4a;1;1;1;266;2;272;1;ffff;0;ffff;0");

  EXPECT_THAT(status.stages, ElementsAre(Stage{0x266, 2, {}}, Stage{0x272, 1, {}}));
}

TEST(OrcaLine, Of2022TellsFourTriples) {
  const auto status = read<TxStatus>(
      "phy0;16c4added930f1b4;txs;cc:32:e5:9d:ab:58;3;3;0;d7;1;28;ffff;0;ffff;ffff;0;ffff;ffff;0;"
      "ffff");

  EXPECT_EQ(status.frames, 3U);
  EXPECT_FALSE(status.is_probe);
  EXPECT_THAT(status.stages, ElementsAre(Stage{0xd7, 1, std::uint8_t{0x28}}));
}

TEST(OrcaLine, OfVersion2And3TellsAStageInAField) {
  const auto status =
      read<TxStatus>("phy0;16c4added930f1b4;txs;d4:a3:3d:5f:76:4a;1;1;1;266,2,1f;272,1,21;,,;,,");

  EXPECT_THAT(status.stages, ElementsAre(Stage{0x266, 2, std::uint8_t{0x1f}},
                                         Stage{0x272, 1, std::uint8_t{0x21}}));
}

TEST(OrcaLine, AStageMayNotTellItsPower) {
  const auto status = read<TxStatus>(
      "phy0;16c4added930f1b4;txs;d4:a3:3d:5f:76:4a;1;1;0;266,2,;272,1,ffff;273,1,21;,,");

  EXPECT_THAT(status.stages, ElementsAre(Stage{0x266, 2, {}}, Stage{0x272, 1, {}},
                                         Stage{0x273, 1, std::uint8_t{0x21}}));
}

TEST(OrcaLine, ATransmissionWithoutARateIsStillOne) {
  const auto status = read<TxStatus>(
      "phy1;16c4added930f1b4;txs;86:f9:1e:47:68:da;2;0;0;ffff;0;ffff;ffff;0;ffff;ffff;0;ffff;ffff;"
      "0;"
      "ffff");

  EXPECT_EQ(status.frames, 2U);
  EXPECT_THAT(status.stages, IsEmpty());
}

TEST(OrcaLine, SignalsAreSignedBytes) {
  const auto signal = [](std::string_view text) { return read<RxStatus>(text).signal_dbm; };

  EXPECT_EQ(signal("phy1;17b67123fc065a5e;rxs;52:4a:6f:f3:c4:95;d3;ce;d1;7f;7f"), -45);
  EXPECT_EQ(signal("phy1;17b67123fc065a5e;rxs;52:4a:6f:f3:c4:95;7f;ce;d1;7f;7f"), std::nullopt);
  EXPECT_EQ(signal("phy1;17b67123fc065a5e;rxs;52:4a:6f:f3:c4:95;ff;ff;ff;ff;ff"), std::nullopt);
}

TEST(OrcaLine, StatisticsAreOfARate) {
  EXPECT_EQ(read<RateStats>("phy1;17503da1e84dea50;stats;04:f0:21:26:d9:25;c4;3e8;1a2;1;1;3f9;400"),
            (RateStats{mac("04:f0:21:26:d9:25"), 0xc4, 1000, 418}));
}

TEST(OrcaLine, TheFirstOfTheBestRatesIsTheBest) {
  EXPECT_EQ(
      read<BestRates>("phy1;17503da1e84ec73d;best_rates;04:f0:21:26:d9:25;94;93;c4;92;c4").best,
      0x94);
}

TEST(OrcaLine, OfVersion3MayTellTheEstimate) {
  EXPECT_EQ(
      read<EstimatedThroughput>("phy1;17503da1e84ec800;est_tp;04:f0:21:26:d9:25;1a2").throughput,
      418U);
}

TEST(OrcaLine, AGroupHasItsAirtimesInTenFieldsOrInOne) {
  const Group ten =
      read<Group>("*;0;group;27;270;vht;2;2;1;241a0;12158;c0ac;9134;60e0;4924;4058;3a34;3088;2c24");
  const Group one =
      read<Group>("*;0;group;27;270;vht;2;2;1;241a0,12158,c0ac,9134,60e0,4924,4058,3a34,3088,2c24");
  const Group eight =
      read<Group>("*;0;group;c;c0;ht;1;1;1;9c4a0;4e2e0;34240;271f0;1a1a0;13910;116c0;faa0;;");

  EXPECT_EQ(ten, one);
  EXPECT_EQ(ten.first, 0x270);
  EXPECT_EQ(ten.kind, RateKind::vht);
  EXPECT_EQ(ten.nss, 2);
  EXPECT_EQ(ten.width, 2);
  EXPECT_TRUE(ten.short_gi);
  EXPECT_EQ(ten.airtime_ns[9], 11'300U);
  EXPECT_EQ(eight.airtime_ns[7], 64'160U);
  EXPECT_EQ(eight.airtime_ns[8], 0U);
}

TEST(OrcaLine, ARadioOfVersion3TellsItsPowers) {
  const auto radio = read<RadioAdded>(
      "wl2;0;add;mt7615e;4;adaptive_sens,1;tpc,0;pwr-user,17;force-rr,0;pkt;1;0,20,e0,2;2e");

  EXPECT_EQ(radio.driver, "mt7615e");
  EXPECT_THAT(radio.powers, ElementsAre(PowerRange{0, 32, -32, 2}));
  EXPECT_EQ(radio.limit_half_dbm, 46);
  EXPECT_EQ(radio.user_power_dbm, 23);
}

TEST(OrcaLine, ARadiosLevelsReachTo100Dbm) {
  const auto radio = read<RadioAdded>("wl2;0;add;mt7615e;1;tpc,0;pkt;1;0,c9,0,2;2e");

  EXPECT_THAT(radio.powers, ElementsAre(PowerRange{0, 201, 0, 2}));
}

TEST(OrcaLine, ARadioOfVersion2HasInterfacesAndMonitorsBefore) {
  const auto radio = read<RadioAdded>(
      "phy0;0;add;ath9k;wlan0,wlan0-1;txs,stats;2;adaptive_sens,0;tpc,1;mrr;1;0,40,0,2;3c");

  EXPECT_EQ(radio.driver, "ath9k");
  EXPECT_THAT(radio.powers, ElementsAre(PowerRange{0, 64, 0, 2}));
  EXPECT_EQ(radio.limit_half_dbm, 60);
}

TEST(OrcaLine, ARadioMayHaveNoPowerControlOrSayNothing) {
  EXPECT_THAT(read<RadioAdded>("phy0;0;add;mt76x2e;1;tpc,0;not;2e").powers, IsEmpty());
  EXPECT_THAT(read<RadioAdded>("phy0;0;add;mt76x2e;0;not;").limit_half_dbm, std::nullopt);
  EXPECT_EQ(read<RadioAdded>("phy1;0;add"), RadioAdded{});
  EXPECT_EQ(read<RadioRemoved>("phy1;0;remove"), RadioRemoved{});
}

TEST(OrcaLine, AStationTellsItsOverheads) {
  const auto version3 = read<StationAdded>(
      "wl2;0;sta;add;aa:bb:cc:dd:ee:ff;wl2-ap0;auto;auto;6c;3c;14;32;0;0;1ff;1ff");
  const auto version1 = read<StationAdded>("phy1;0;sta;add;aa:bb:cc:dd:ee:ff;6d;3d;ff,ff,0,0");

  EXPECT_EQ(version3, (StationAdded{mac("aa:bb:cc:dd:ee:ff"), 108, 60}));
  EXPECT_EQ(version1, (StationAdded{mac("aa:bb:cc:dd:ee:ff"), 109, 61}));
  EXPECT_EQ(read<StationRemoved>("wl2;17503da1e84ec73d;sta;remove;aa:bb:cc:dd:ee:ff;;;").station,
            mac("aa:bb:cc:dd:ee:ff"));
}

TEST(OrcaLine, CommandsThatSetAPowerAreEchoed) {
  EXPECT_EQ(read<PowerSet>("phy0;17503da1e84ec73d;set_power;aa:bb:cc:dd:ee:ff;1f;1e;1d;1c").power,
            0x1f);
  EXPECT_EQ(
      read<PowerSet>("phy0;17503da1e84ec73d;set_rates_power;aa:bb:cc:dd:ee:ff;d7,4,a;d2,4,c").power,
      10);
}

TEST(OrcaLine, OfOtherKindsAreLeftAlone) {
  for (const std::string_view text :
       {"*;0;#txs;macaddr;num_frames;num_acked;probe;rate0,count0,txpwr0",
        "*;0;sample_table;a;a;9,1,5,8,6,4,7,0,3,2", "*;0;#error;Invalid argument",
        "phy1;17503da1e84ec73d;ftrs;4;adaptive_sens,1;tpc,0;pwr-user,f;force-rr,0",
        "phy1;17503da1e84ec73d;got;pwr-limit;1e", "wl2;0;if;add;wl2-ap0;txs,rxs",
        "phy1;17503da1e84ec73d;sample_rates;04:f0:21:26:d9:25;1;2;3;4;5;6;7;8;9;a;b;c;d;e;f",
        "phy0;17503da1e84ec73d;rc_mode;aa:bb:cc:dd:ee:ff;manual"}) {
    EXPECT_TRUE(std::holds_alternative<Other>(read_line(text).what)) << text;
  }
  EXPECT_EQ(read<Version>("*;0;orca_version;3;0;1").major, 3U);
}

// Torn as in real recordings, where the middle of a line is missing.
TEST(OrcaLine, ThatIsNotWholeIsTorn) {
  for (const std::string_view text :
       {"",
        "phy1\xff;0;add",
        "phy 1;0;add",
        ";0;add",
        "phy1;0;add;\x01;0;not;",
        "phy1;0:33;1;1;0;279;1",
        "phy1;7ae46456877;txs;02:00:00:92:80:33;1;1;0;279",
        "phy1;7ae46456877;txs;02:00:00:92:80:33;1;1;0;279,278;1",
        "phy1;7ae46456877;txs",
        "phy1;7ae46456877",
        "phy1;7ae46456877;txs;02:00:00:92:80;1;1;0;279;1",
        "phy1;7ae46456877;txs;02:00:00:92:80:33;1;2;0;279;1",
        "phy1;7ae3854aab0;stats;02:00:00:92:80:33;279;3e8;2f2;ad;ad;561b6c",
        "phy1;7ae3854aab0;stats;02:00:00:92:80:33;279;3e9;2f2;ad;ad;561b6c;563868",
        "*;0;group;27;270;vht;2;2;1",
        "*;0;group;27;275;vht;2;2;1;241a0",
        "wl2;0;add;mt7615e;4;adaptive_sens,1;tpc,0;pwr-user,17;fo",
        "wl2;0;add;mt7615e;1;tpc,0;pkt;1;0,c9,1,2;2e",    // up to 100.25 dBm
        "wl2;0;add;mt7615e;1;tpc,0;pkt;1;0,ff,80,80;2e",  // down to -8160 dBm
        "wl2;0;sta;add;aa:bb:cc:dd:ee:ff",
        "phy1;17503da1e84ec800;est_tp;04:f0:21:26:d9:25;",
        "phy1;17503da1e84ec800;rxs;04:f0:21:26:d9:25;d3"}) {
    EXPECT_TRUE(is_torn(text)) << text;
  }
}

TEST(OrcaLine, MayEndWithACarriageReturn) {
  EXPECT_EQ(
      read<EstimatedThroughput>("phy1;17503da1e84ec800;est_tp;04:f0:21:26:d9:25;1a2\r").throughput,
      418U);
}

}  // namespace
}  // namespace pianissimo::orca
