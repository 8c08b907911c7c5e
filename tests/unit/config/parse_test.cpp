// Good texts: what they set, and what they leave alone.
#include "tests/unit/config/parsed.hpp"

namespace pianissimo {
namespace {

using std::chrono::milliseconds;

TEST(Parse, NothingWrittenIsTheDefaults) {
  for (const char* yaml : {"", "\n\n", "# a comment\n", "---\n", "{}", "~", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(good(yaml), Config{}) << yaml;
  }
}

TEST(Parse, EveryKeyReachesItsField) {
  const Config config = good(
      "interfaces: [wlan0, phy1-ap0]\n"
      "policy: fixed\n"
      "box: {floor_dbm: 3, ceiling_dbm: 17}\n"
      "power_path: station\n"
      "interval_ms: 100\n"
      "anchor:\n"
      "  keep: 0.95\n"
      "  step_dwell_ms: 450\n"
      "  climb_ms: 1300\n"
      "  retry: {first_ms: 9000, longest_ms: 90000}\n"
      "  say_ms: 30000\n"
      "  visit: {every_ms: 45000, dwell_ms: 700}\n"
      "  parts: {coarse_steps: false, watchman: false, emergency: false, feed_forward: false,\n"
      "          places: false, visits: false, memory: false, effect_test: false}\n"
      "descend:\n"
      "  keep: 0.8\n"
      "  probe: {every: 20, dwell_ms: 70, keep: 0.85}\n"
      "  watch_dwell_ms: 150\n"
      "  step_dwell_ms: 160\n"
      "  idle: floor\n"
      "fixed: {level: 12}\n"
      "traffic:\n"
      "  source: bpf\n"
      "  attach: clsact\n"
      "  classifier: /etc/c.csv\n"
      "  active_bytes: 3000\n"
      "  flows: {export: 192.0.2.1:4739, active_s: 120, idle_s: 30, most: 256, templates_s: 600}\n"
      "trace_power: false\n"
      "control: {socket: false, group: wifi-operators}\n"
      "journal: {path: /tmp/j, budget_bytes: 65536}\n"
      "privacy: {stations: none, key_file: /etc/salt}\n"
      "log: {level: debug}\n"
      "mode: dry-run\n"
      "recommend: {expires_s: 600}\n"
      "auto_between: [02:00-05:00, '22:30-01:00']\n"
      "ceiling_file: /run/easymesh/ceiling\n"
      "dry_run: true\n");

  EXPECT_THAT(config.interfaces, testing::ElementsAre("wlan0", "phy1-ap0"));
  EXPECT_EQ(config.policy, PolicyName::fixed);
  EXPECT_EQ(config.box.floor, dbm(3));
  EXPECT_EQ(config.box.ceiling, dbm(17));
  EXPECT_EQ(config.power_path, PowerPath::station);
  EXPECT_EQ(config.interval, milliseconds{100});
  EXPECT_EQ(config.anchor, (AnchorParams{.keep = 0.95,
                                         .step_dwell = milliseconds{450},
                                         .climb = milliseconds{1300},
                                         .retry_first = milliseconds{9000},
                                         .retry_longest = milliseconds{90'000},
                                         .say = milliseconds{30'000},
                                         .visit_every = milliseconds{45'000},
                                         .visit_dwell = milliseconds{700},
                                         .coarse = false,
                                         .watchman = false,
                                         .emergency = false,
                                         .feed_forward = false,
                                         .places = false,
                                         .visits = false,
                                         .memory = false,
                                         .effect_test = false}));
  EXPECT_EQ(config.descend.keep, 0.8);
  EXPECT_EQ(config.descend.probe_every, 20);
  EXPECT_EQ(config.descend.probe_dwell, milliseconds{70});
  EXPECT_EQ(config.descend.probe_keep, 0.85);
  EXPECT_EQ(config.descend.watch_dwell, milliseconds{150});
  EXPECT_EQ(config.descend.step_dwell, milliseconds{160});
  EXPECT_EQ(config.descend.idle, WhenIdle::floor);
  EXPECT_EQ(std::get<Dbm>(config.fixed.level), dbm(12));
  EXPECT_EQ(config.traffic.source, TrafficSourceChoice::bpf);
  EXPECT_EQ(config.traffic.attach, TrafficAttach::clsact);
  EXPECT_EQ(std::get<std::string>(config.traffic.classifier), "/etc/c.csv");
  EXPECT_EQ(config.descend.load.active_bytes, 3000U);
  EXPECT_EQ(config.flows, (FlowConfig{.collector = "192.0.2.1:4739",
                                      .active = std::chrono::seconds{120},
                                      .idle = std::chrono::seconds{30},
                                      .most = 256,
                                      .templates = std::chrono::seconds{600}}));
  EXPECT_FALSE(config.trace_power);
  EXPECT_EQ(config.control, (ControlConfig{.socket = false, .group = "wifi-operators"}));
  EXPECT_EQ(config.journal.path, "/tmp/j");
  EXPECT_EQ(config.journal.budget_bytes, 65536U);
  EXPECT_EQ(config.privacy.stations, StationIds::none);
  EXPECT_EQ(config.privacy.key_file, "/etc/salt");
  EXPECT_EQ(config.log_level, LogLevel::debug);
  EXPECT_EQ(config.mode, Mode::dry_run);
  EXPECT_EQ(config.recommend.expires, std::chrono::seconds{600});
  EXPECT_THAT(config.auto_between, testing::ElementsAre("02:00-05:00", "22:30-01:00"));
  EXPECT_EQ(config.ceiling_file, "/run/easymesh/ceiling");
  EXPECT_TRUE(config.dry_run);
}

TEST(DaySpan, BeginsAtItsFirstMinuteAndEndsBeforeItsLast) {
  const auto span = parse_day_span("02:00-05:30");

  ASSERT_TRUE(span);
  EXPECT_FALSE(span->has(119));
  EXPECT_TRUE(span->has(120));
  EXPECT_TRUE(span->has(329));
  EXPECT_FALSE(span->has(330));
}

TEST(DaySpan, MayGoOverMidnight) {
  const auto span = parse_day_span("22:30-01:00");

  ASSERT_TRUE(span);
  EXPECT_TRUE(span->has(1439));
  EXPECT_TRUE(span->has(0));
  EXPECT_FALSE(span->has(60));
  EXPECT_FALSE(span->has(1349));
}

TEST(DaySpan, IsNothingElse) {
  for (const char* const text : {"", "02:00", "2:00-5:00", "02:00-24:00", "02:60-05:00",
                                 "02:00-02:00", "02:00 05:00", "02:00-05:00 ", "-2:00-05:00"}) {
    EXPECT_FALSE(parse_day_span(text)) << text;
  }
}

TEST(Parse, ListensToThisMachineAloneUnlessItIsTold) {
  EXPECT_EQ(good("").http, HttpConfig{});
  EXPECT_EQ(good("http: {listen: none}\nmetrics: {textfile: none}\n"), Config{});
  for (const char* const listen : {"127.0.0.1:9478", "127.1.2.3:80", "[::1]:9478"}) {
    EXPECT_EQ(good("http: {listen: '" + std::string{listen} + "'}").http.listen, listen);
  }
  EXPECT_EQ(good("http: {listen: '192.0.2.1:9478', allow_remote: true}").http,
            (HttpConfig{.listen = "192.0.2.1:9478", .allow_remote = true}));
  EXPECT_EQ(good("metrics: {textfile: /tmp/p.prom, stations: true}").metrics,
            (MetricsConfig{.textfile = "/tmp/p.prom", .stations = true}));
}

TEST(Parse, TakesACollectorInFiguresAlone) {
  EXPECT_EQ(good("traffic: {flows: {export: none}}").flows.collector, "");
  EXPECT_EQ(good("traffic: {flows: {export: \"[fe80::1]:1\"}}").flows.collector, "[fe80::1]:1");

  const auto endpoint = parse_endpoint("[2001:db8::1]:65535");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->address, "2001:db8::1");
  EXPECT_EQ(endpoint->port, 65535);
  using namespace std::string_view_literals;
  for (const std::string_view wrong :
       {""sv, ":"sv, "127.0.0.1"sv, "127.0.0.1:"sv, "127.0.0.1:0"sv, "127.0.0.1:65536"sv,
        "127.0.0.1:04739"sv, "127.0.0.1:+1"sv, "127.0.0.1:1 "sv, " 127.0.0.1:1"sv, "127.1:1"sv,
        "[127.0.0.1]:1"sv, "::1:1"sv, "[]:1"sv, "[::1]1"sv, "[fe80::1%lo]:1"sv, "localhost:4739"sv,
        "127.0.0.1\0:1"sv}) {
    EXPECT_FALSE(parse_endpoint(wrong)) << wrong;
  }
}

TEST(Parse, KeysNotWrittenKeepTheirDefaults) {
  Config expected;
  expected.descend.probe_every = 5;

  EXPECT_EQ(good("descend: {probe: {every: 5}}"), expected);
}

TEST(Parse, ASectionWhoseKeysAreAllCommentedOutIsItsDefaults) {
  EXPECT_EQ(good("box:\n  # floor_dbm: 3\ndry_run: false\n"), Config{});
}

TEST(Parse, WordsStandForLevels) {
  EXPECT_EQ(good("box: {ceiling_dbm: auto}").box.ceiling, std::nullopt);
  EXPECT_EQ(good("box: {ceiling_dbm: \"auto\"}").box.ceiling, std::nullopt);
  EXPECT_EQ(std::get<0>(good("fixed: {level: min}").fixed.level), FixedParams::Edge::min);
  EXPECT_EQ(std::get<0>(good("fixed: {level: max}").fixed.level), FixedParams::Edge::max);
  EXPECT_TRUE(good("interfaces: auto").interfaces.empty());
}

TEST(Parse, BothEndsOfARangeAreInIt) {
  EXPECT_EQ(good("box: {floor_dbm: 0}").box.floor, dbm(0));
  EXPECT_EQ(good("box: {floor_dbm: 30}").box.floor, dbm(30));
  EXPECT_EQ(good("box: {ceiling_dbm: 36}").box.ceiling, dbm(36));
  EXPECT_EQ(good("descend: {keep: 1}").descend.keep, 1.0);
  EXPECT_EQ(good("descend: {keep: 1e-3}").descend.keep, 0.001);
  EXPECT_EQ(good("descend: {step_dwell_ms: 60000}").descend.step_dwell, milliseconds{60'000});
  EXPECT_EQ(good("journal: {budget_bytes: 1099511627776}").journal.budget_bytes, 1ULL << 40U);
  EXPECT_EQ(good("interfaces: [fifteen-letters]").interfaces.front().size(), 15U);
}

TEST(Parse, AFloorMayMeetItsCeiling) {
  EXPECT_EQ(good("box: {floor_dbm: 9, ceiling_dbm: 9}").box.ceiling, dbm(9));
}

TEST(Parse, WholeNumbersMayBeWrittenLikeFractionsAsInJsonSchema) {
  EXPECT_EQ(good("interval_ms: 100.0").interval, milliseconds{100});
  EXPECT_EQ(good("interval_ms: 1e2").interval, milliseconds{100});
}

TEST(Parse, JsonIsYaml) {
  EXPECT_EQ(good(R"({"policy":"fixed","fixed":{"level":5}})"),
            good("policy: fixed\nfixed: {level: 5}"));
}

TEST(Parse, WindowsLineEndsAreLineEnds) {
  EXPECT_EQ(good("policy: fixed\r\ndry_run: true\r\n"), good("policy: fixed\ndry_run: true\n"));
}

TEST(Validate, FindsWhatTheCommandLineBroke) {
  Config config;
  EXPECT_TRUE(validate(config).empty());

  config.interfaces = {"wlan0", "wlan0"};
  config.box.floor = Dbm::from_mbm(150);
  config.journal.budget_bytes = 0;
  std::vector<std::string> messages;
  for (const ConfigError& error : validate(config)) messages.push_back(to_string(error, "option"));

  EXPECT_THAT(messages,
              testing::ElementsAre(
                  "option: interfaces: 'wlan0' is listed twice",
                  "option: box.floor_dbm: 1.5 is not a whole number of dBm: mac80211 takes whole "
                  "dBm only",
                  "option: journal.budget_bytes: 0 is out of range: 65536..1099511627776 bytes"));
}

TEST(Validate, FindsAFloorAboveTheCeiling) {
  Config config;
  config.box = {.floor = dbm(10), .ceiling = dbm(9)};

  ASSERT_EQ(validate(config).size(), 1U);
  EXPECT_EQ(validate(config).front().key, "box.ceiling_dbm");
}

TEST(Names, AreThoseOfTheFile) {
  EXPECT_EQ(to_string(PolicyName::descend), "descend");
  EXPECT_EQ(to_string(PowerPath::automatic), "auto");
  EXPECT_EQ(to_string(LogLevel::warn), "warn");
}

}  // namespace
}  // namespace pianissimo
