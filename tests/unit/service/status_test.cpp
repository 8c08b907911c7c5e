// What the daemon says it does: the file behind `pianissimo status`.
#include "controller/service/status.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/json/parse.hpp>

#include "config/law.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr InterfaceIndex wlan0{3};
constexpr MacAddress alice{{2, 0, 0, 0, 0, 0xa}};

class StatusTest : public testing::Test {
 protected:
  StatusTest() {
    tell(InterfaceUp{.at = now,
                     .interface = wlan0,
                     .name = "wlan0",
                     .frequency = Mhz{5180},
                     .width = Mhz{80},
                     .channel_maximum = dbm(23),
                     .found = dbm(20),
                     .power = dbm(20)});
  }
  void tell(const Event& event) { static_cast<void>(controller.on(event)); }
  json::object all() {
    return json::parse(status.text(controller, now, 1'700'000'000'000)).as_object();
  }
  json::array interfaces() { return all().at("interfaces").as_array(); }
  json::object interface() { return interfaces().at(0).as_object(); }
  json::object station() { return interface().at("stations").as_array().at(0).as_object(); }
  void report(std::uint64_t bytes) {
    tell(StationReport{now,
                       wlan0,
                       {{.station = alice,
                         .expected_throughput = Throughput::from_kbps(8'000),
                         .tx_bytes = bytes}}});
  }

  Instant now{1000s};
  Config config;
  Controller controller{config.box, policy_of(config)};
  Status status{config};
};

TEST_F(StatusTest, SaysThePowerInForce) {
  tell(PowerResult{.at = now,
                   .knob = {.kind = KnobKind::interface, .interface = wlan0},
                   .asked = dbm(7),
                   .read_back = dbm(8)});

  EXPECT_EQ(interface().at("power_dbm"), 8.0);
  EXPECT_EQ(interface().at("found_dbm"), 20.0);
}

TEST_F(StatusTest, SaysTheBoxAndWhetherThePowerDoesAnything) {
  EXPECT_TRUE(interface().at("floor_dbm").is_null());
  EXPECT_TRUE(interface().at("effect_verified").is_null());

  status.set_box("wlan0", Box{dbm(3), dbm(17)}, false);

  EXPECT_EQ(interface().at("floor_dbm"), 3.0);
  EXPECT_EQ(interface().at("ceiling_dbm"), 17.0);
  EXPECT_EQ(interface().at("effect_verified"), false);
}

TEST_F(StatusTest, SaysWhatOthersHaveSetLast) {
  EXPECT_TRUE(interface().at("others_set").is_null());

  status.others_set("wlan0", "iw (pid 811) set 7 dBm", now - 1s);
  status.others_set("wlan0", "iw (pid 812) set 5 dBm", now);
  status.others_set("wlan1", "iw (pid 813) set 3 dBm", now);

  const json::object others = interface().at("others_set").as_object();
  EXPECT_EQ(others.at("words"), "iw (pid 812) set 5 dBm");
  EXPECT_EQ(others.at("t_ns"), now.time_since_epoch().count());
}

TEST_F(StatusTest, SaysTheRulesOfTheAirAndWhatIsNotKnownOfThem) {
  EXPECT_EQ(interface().at("air").at("dfs"), false);

  status.set_air("wlan0", {.radar = true, .density = dbm(5), .sent_width = Mhz{80}});

  EXPECT_EQ(interface().at("air").at("dfs"), true);
  EXPECT_EQ(interface().at("air").at("width_limit_dbm"), 24.03);
}

TEST_F(StatusTest, SaysTheMitigationByChannelAndDay) {
  EXPECT_EQ(all().at("mitigation").as_array().size(), 0U);

  status.set_mitigation({{Mhz{5260}, Mhz{80}, "2026-11-30", Db::from_mb(425), 90s}});

  const json::object day = all().at("mitigation").as_array().at(0).as_object();
  EXPECT_EQ(day.at("frequency_mhz"), 5260);
  EXPECT_EQ(day.at("width_mhz"), 80);
  EXPECT_EQ(day.at("day"), "2026-11-30");
  EXPECT_EQ(day.at("mean_db"), 4.25);
  EXPECT_EQ(day.at("covered_s"), 90.0);
}

TEST_F(StatusTest, SaysTheVerdictsByInterfaceAndDay) {
  EXPECT_EQ(all().at("verdicts").as_array().size(), 0U);
  EXPECT_EQ(interface().at("reverts").as_array().size(), 0U);

  VerdictDays days;
  Decision decision{.at = now,
                    .knob = {},
                    .from = {},
                    .to = {},
                    .reason = Reason::change_neutral,
                    .evidence = {}};
  days.see("wlan0", decision, "2026-11-30");
  decision.reason = Reason::step_down;
  days.see("wlan0", decision, "2026-11-30");
  decision.reason = Reason::change_hurt;
  days.see("wlan0", decision, "2026-11-30");
  status.set_verdicts(days.days());

  ASSERT_EQ(all().at("verdicts").as_array().size(), 1U);
  const json::object day = all().at("verdicts").as_array().at(0).as_object();
  EXPECT_EQ(day.at("interface"), "wlan0");
  EXPECT_EQ(day.at("day"), "2026-11-30");
  EXPECT_EQ(day.at("helped"), 0);
  EXPECT_EQ(day.at("neutral"), 1);
  EXPECT_EQ(day.at("hurt"), 1);
  EXPECT_TRUE(day.at("last").as_string().starts_with("A lasting change of the power hurt"));
}

TEST_F(StatusTest, AVerdictIsNotWhyThePowerIsWhatItIs) {
  const Knob knob{.kind = KnobKind::interface, .interface = wlan0};
  status.remember({.at = now,
                   .knob = knob,
                   .from = dbm(9),
                   .to = dbm(9),
                   .reason = Reason::floor_reached,
                   .evidence = {}});
  const json::value why = interface().at("why");

  status.remember({.at = now,
                   .knob = knob,
                   .from = dbm(9),
                   .to = dbm(9),
                   .reason = Reason::change_neutral,
                   .evidence = {}});

  EXPECT_EQ(interface().at("why"), why);
}

TEST_F(StatusTest, SaysTheMode) {
  EXPECT_EQ(interface().at("mode"), "AP");

  status.set_mode("wlan0", InterfaceMode::mesh);

  EXPECT_EQ(interface().at("mode"), "mesh");
}

TEST_F(StatusTest, ARefusedPowerIsNotInForce) {
  tell(PowerResult{.at = now,
                   .knob = {.kind = KnobKind::interface, .interface = wlan0},
                   .asked = dbm(7),
                   .answer = PowerAnswer::busy});

  EXPECT_EQ(interface().at("power_dbm"), 20.0);
}

TEST_F(StatusTest, SaysWhoCountsTheTraffic) {
  EXPECT_EQ(interface().at("traffic_source"), "nl80211");

  tell(TrafficSourceSet{now, wlan0, TrafficOrigin::bpf, "native XDP, tcx egress"});

  EXPECT_EQ(interface().at("traffic_source"), "bpf");
  EXPECT_EQ(interface().at("traffic_how"), "native XDP, tcx egress");
}

TEST_F(StatusTest, SaysHowMuchAStationIsAskedToCarry) {
  report(0);
  interface();

  // 8 Mbit/s are 1 000 000 bytes in a second.
  now += 1s;
  report(250'000);
  const json::object light = station();
  now += 1s;
  report(250'000 + 990'000);
  const json::object saturated = station();
  now += 1s;
  report(250'000 + 990'000);

  EXPECT_EQ(light.at("load"), "light");
  EXPECT_EQ(light.at("utilisation_percent"), 25);
  EXPECT_EQ(saturated.at("load"), "saturated");
  EXPECT_EQ(station().at("load"), "idle");
}

TEST_F(StatusTest, SaysWhatIsExpectedOfAStationWhereThatIsKnown) {
  report(0);
  EXPECT_EQ(station().at("expected_bps"), 8'000'000);
  EXPECT_FALSE(station().contains("signal_dbm"));

  tell(StationReport{now, wlan0, {{.station = alice, .signal = dbm(-61)}}});

  EXPECT_FALSE(station().contains("expected_bps"));
  EXPECT_EQ(station().at("signal_dbm"), -61.0);
}

TEST_F(StatusTest, CountsOfOursAreTheLoad) {
  tell(TrafficSourceSet{now, wlan0, TrafficOrigin::bpf, ""});
  report(0);
  tell(TrafficReport{now, wlan0, {{.station = alice, .tx_bytes = 0}}});
  interface();

  now += 1s;
  tell(TrafficReport{now, wlan0, {{.station = alice, .tx_bytes = 500'000}}});
  report(9'999'999);

  EXPECT_EQ(station().at("bytes"), 500'000);
}

TEST_F(StatusTest, AStationThatLeftIsNotShown) {
  report(0);

  tell(StationLeft{now, wlan0, alice});

  EXPECT_TRUE(interface().at("stations").as_array().empty());
}

TEST_F(StatusTest, SaysWhyThePowerIsWhatItIs) {
  EXPECT_TRUE(interface().at("why").is_null());

  const Knob knob{.kind = KnobKind::interface, .interface = wlan0};
  status.remember({now, knob, dbm(20), dbm(20), Reason::start});
  status.remember({now, knob, dbm(20), dbm(17), Reason::step_down});
  status.remember({now, {.interface = InterfaceIndex{4}}, dbm(9), dbm(8), Reason::step_down});

  EXPECT_EQ(interface().at("why"), "Nobody lost throughput: a step down to 17 dBm.");
}

TEST_F(StatusTest, AKnobOfAStationIsTheStationsAffair) {
  tell(InterfaceUp{.at = now, .interface = wlan0, .name = "wlan0", .path = KnobKind::station});
  report(0);
  const Knob knob{.kind = KnobKind::station, .interface = wlan0, .station = alice};
  const Knob of_another{
      .kind = KnobKind::station, .interface = wlan0, .station = {{2, 0, 0, 0, 0, 0xb}}};
  status.remember({now, knob, dbm(20), dbm(17), Reason::step_down});
  status.remember({now, of_another, dbm(20), dbm(20), Reason::start});

  EXPECT_EQ(station().at("why"), "Nobody lost throughput: a step down to 17 dBm.");
  EXPECT_TRUE(interface().at("why").is_null());
}

TEST_F(StatusTest, AStationThatLeftTakesTheReasonOfItsPowerWithIt) {
  tell(InterfaceUp{.at = now, .interface = wlan0, .name = "wlan0", .path = KnobKind::station});
  report(0);
  status.remember({now,
                   {.kind = KnobKind::station, .interface = wlan0, .station = alice},
                   dbm(20),
                   dbm(17),
                   Reason::step_down});
  ASSERT_TRUE(station().contains("why"));
  tell(StationLeft{now, wlan0, alice});
  all();

  report(0);

  EXPECT_FALSE(station().contains("why")) << "when it is back";
}

TEST_F(StatusTest, TheReasonOfARadiosPowerIsThatOfEachOfItsInterfaces) {
  const WiphyIndex phy{1};
  for (const auto& [index, wiphy] : {std::pair{3u, phy}, {4u, phy}, {5u, WiphyIndex{2}}}) {
    tell(InterfaceUp{.at = now,
                     .interface = InterfaceIndex{index},
                     .wiphy = wiphy,
                     .name = "wlan" + std::to_string(index),
                     .path = KnobKind::wiphy});
  }

  status.remember(
      {now, {.kind = KnobKind::wiphy, .wiphy = phy}, dbm(20), dbm(17), Reason::step_down});

  const json::array shown = interfaces();
  ASSERT_EQ(shown.size(), 3u);
  EXPECT_FALSE(shown[0].at("why").is_null());
  EXPECT_FALSE(shown[1].at("why").is_null());
  EXPECT_TRUE(shown[2].at("why").is_null());
}

TEST_F(StatusTest, SaysWhoWritesItWhenAndForHowLong) {
  EXPECT_EQ(all().at("interval_ms"), 0);

  now += 5s;
  const json::object said = all();

  EXPECT_EQ(said.at("interval_ms"), 5'000);
  EXPECT_EQ(said.at("t_ns"), 1'005'000'000'000);
  EXPECT_EQ(said.at("wall_ms"), 1'700'000'000'000);
  EXPECT_EQ(said.at("pid"), ::getpid());
  EXPECT_EQ(said.at("dry_run"), false);
  EXPECT_EQ(said.at("policy"), "anchor");
}

TEST_F(StatusTest, SaysWhoIsLeftAloneUntilAllAreLookedAtAnew) {
  status.leave_alone("wlan1", "a reason");
  const json::array left = all().at("not_driven").as_array();

  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].at("name"), "wlan1");
  EXPECT_EQ(left[0].at("why"), "a reason");
  status.forget_left_alone();
  EXPECT_TRUE(all().at("not_driven").as_array().empty());
}

TEST_F(StatusTest, AnInterfaceThatIsGoneIsNotShown) {
  tell(InterfaceGone{now, wlan0});

  EXPECT_TRUE(interfaces().empty());
}

}  // namespace
}  // namespace pianissimo::service
