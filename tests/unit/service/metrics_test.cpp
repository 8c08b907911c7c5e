// The text of the metrics, from a value; promtool reads the whole of it in tests/metrics.
#include "controller/service/metrics.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "controller/service/metrics_tally.hpp"

namespace pianissimo::service {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

MetricsSnapshot one_radio() {
  MetricsSnapshot snapshot{.version = "1.2.3", .features = "http", .config_hash = "00ff"};
  snapshot.radios.push_back({.interface = "wlan0",
                             .wiphy = WiphyIndex{1},
                             .power = dbm(7),
                             .floor = dbm(1),
                             .ceiling = dbm(18),
                             .found = dbm(20),
                             .channel_maximum = dbm(23),
                             .active = 1,
                             .idle = 2});
  snapshot.counts["wlan0"].decisions[static_cast<std::size_t>(Reason::step_down)] = 4;
  return snapshot;
}

std::string open(const MetricsSnapshot& snapshot) {
  return metrics_text(snapshot, MetricsFormat::open_metrics);
}
std::string older(const MetricsSnapshot& snapshot) {
  return metrics_text(snapshot, MetricsFormat::prometheus);
}

// The lines of one family.
std::string family(const std::string& text, const std::string& name) {
  std::istringstream lines{text};
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find("pianissimo_" + name);
    if (at == 0 || (line.starts_with("# ") && at == 7)) found += line + '\n';
  }
  return found;
}

TEST(Metrics, SayThePowersOfARadio) {
  const std::string text = open(one_radio());

  EXPECT_EQ(family(text, "radio_tx_power_dbm"),
            "# TYPE pianissimo_radio_tx_power_dbm gauge\n"
            "# UNIT pianissimo_radio_tx_power_dbm dbm\n"
            "# HELP pianissimo_radio_tx_power_dbm Transmit power in force.\n"
            "pianissimo_radio_tx_power_dbm{interface=\"wlan0\",radio=\"phy1\"} 7\n");
  for (const char* const line :
       {"pianissimo_radio_tx_power_ceiling_dbm{interface=\"wlan0\",radio=\"phy1\"} 18\n",
        "pianissimo_radio_tx_power_floor_dbm{interface=\"wlan0\",radio=\"phy1\"} 1\n",
        "pianissimo_radio_tx_power_found_dbm{interface=\"wlan0\",radio=\"phy1\"} 20\n",
        "pianissimo_radio_channel_maximum_dbm{interface=\"wlan0\",radio=\"phy1\"} 23\n",
        "pianissimo_radio_power_saved_db{interface=\"wlan0\",radio=\"phy1\"} 13\n",
        "pianissimo_radio_stations{interface=\"wlan0\",state=\"active\"} 1\n",
        "pianissimo_radio_stations{interface=\"wlan0\",state=\"idle\"} 2\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, CallACounterAsEachFormatWantsIt) {
  EXPECT_THAT(open(one_radio()),
              AllOf(HasSubstr("# TYPE pianissimo_decisions counter\n"),
                    HasSubstr("# TYPE pianissimo_build info\n"), EndsWith("\n# EOF\n")));
  EXPECT_THAT(older(one_radio()), AllOf(HasSubstr("# TYPE pianissimo_decisions_total counter\n"),
                                        HasSubstr("# TYPE pianissimo_build_info gauge\n"),
                                        Not(HasSubstr("# UNIT")), Not(HasSubstr("# EOF"))));
  const char* const info = "pianissimo_build_info{version=\"1.2.3\",features=\"http\"} 1\n";
  EXPECT_THAT(open(one_radio()), HasSubstr(info));
  EXPECT_THAT(older(one_radio()), HasSubstr(info));
}

TEST(Metrics, HaveAZeroForEveryReasonThatHasNotCome) {
  const std::string text = open(one_radio());

  for (const ReasonRow& row : all_reasons) {
    const std::string end = "\",reason=\"" + std::string{row.word} + "\"} " +
                            (row.reason == Reason::step_down ? "4" : "0") + "\n";
    EXPECT_THAT(text, HasSubstr(end));
  }
  EXPECT_THAT(text, HasSubstr("pianissimo_decisions_total{interface=\"wlan0\",action=\"down\","
                              "reason=\"step_down\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("{interface=\"wlan0\",result=\"not_permitted\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("{op=\"read_stations\",kind=\"failed\"} 0\n"));
  for (const std::string_view verdict : verdict_words) {
    EXPECT_THAT(text, HasSubstr("pianissimo_verdicts_total{interface=\"wlan0\",verdict=\"" +
                                std::string{verdict} + "\"} 0\n"));
  }
  EXPECT_THAT(text, HasSubstr("pianissimo_radio_reverts_in_force{interface=\"wlan0\","
                              "radio=\"phy1\"} 0\n"));
}

TEST(Metrics, SumTheBucketsOfAHistogramUp) {
  MetricsSnapshot snapshot;
  for (const Duration took : {500us, 1000us, 1001us, 1'500'000us}) snapshot.ticks.add(took);

  const std::string text = family(open(snapshot), "tick_duration_seconds");

  EXPECT_THAT(text, AllOf(HasSubstr("_bucket{le=\"0.001\"} 2\n"), HasSubstr("{le=\"0.002\"} 3\n"),
                          HasSubstr("{le=\"1.0\"} 3\n"), HasSubstr("{le=\"+Inf\"} 4\n"),
                          HasSubstr("_sum 1.502501\n"), HasSubstr("_count 4\n")));
}

TEST(Metrics, TakeWhateverNameAnInterfaceHas) {
  MetricsSnapshot snapshot = one_radio();
  snapshot.radios[0].interface = "a\"b\\c\n\xff";

  EXPECT_THAT(open(snapshot), HasSubstr("{interface=\"a\\\"b\\\\c??\",radio=\"phy1\"} 7\n"));
}

TEST(Metrics, SayNothingOfStationsUnlessThereAreAny) {
  MetricsSnapshot snapshot = one_radio();
  EXPECT_THAT(open(snapshot), Not(HasSubstr("pianissimo_station_")));

  snapshot.radios[0].stations = {{.name = "s1",
                                  .expected = Throughput::from_bps(8'000),
                                  .totals = {.tx_bytes = 5, .tx_retries = 6}}};

  const std::string text = open(snapshot);
  EXPECT_THAT(text,
              AllOf(HasSubstr("pianissimo_station_expected_throughput_bytes_per_second{interface="
                              "\"wlan0\",station=\"s1\"} 1000\n"),
                    HasSubstr("pianissimo_station_transmit_bytes_total{interface=\"wlan0\","
                              "station=\"s1\"} 5\n"),
                    HasSubstr("pianissimo_station_transmit_retries_total{interface=\"wlan0\","
                              "station=\"s1\"} 6\n")));
  EXPECT_THAT(text, Not(HasSubstr("station_signal_dbm{")));
}

TEST(Metrics, LeaveTheProcessOutWhereAnotherExporterTellsIt) {
  MetricsSnapshot snapshot;
  EXPECT_THAT(older(snapshot), Not(HasSubstr("process_")));

  snapshot.process = ProcessMetrics{.cpu_seconds = 1.5, .resident_bytes = 4096};

  EXPECT_THAT(older(snapshot), AllOf(HasSubstr("\nprocess_cpu_seconds_total 1.5\n"),
                                     HasSubstr("\nprocess_resident_memory_bytes 4096\n")));
}

const Knob knob{.kind = KnobKind::interface, .interface = InterfaceIndex{3}};

InterfaceCounts counts_of(const MetricsTally& tally, const std::string& interface = "wlan0") {
  MetricsSnapshot snapshot;
  tally.fill(snapshot);
  return snapshot.counts[interface];
}

TEST(MetricsTally, TellsWhatBecameOfACommand) {
  MetricsTally tally;

  tally.answered("wlan0", {.knob = knob, .asked = dbm(5), .read_back = dbm(5)}, dbm(9));
  tally.answered("wlan0", {.knob = knob, .asked = dbm(5), .read_back = dbm(8)}, dbm(5));
  tally.answered("wlan0", {.knob = knob, .answer = PowerAnswer::busy}, dbm(8));
  tally.answered("wlan0", {.knob = knob, .answer = PowerAnswer::unsupported}, dbm(8));

  const InterfaceCounts counts = counts_of(tally);
  EXPECT_EQ(counts.commands, (Counts<6>{1, 1, 1, 0, 0, 1}));
  EXPECT_EQ(counts.changes, (Counts<2>{1, 1}));
}

TEST(Metrics, SayTheModeAndWhatIsProposed) {
  MetricsSnapshot snapshot = one_radio();
  snapshot.mode = "recommend";
  EXPECT_THAT(family(open(snapshot), "radio_proposed_tx_power_dbm"), Not(HasSubstr("wlan0")));
  snapshot.radios[0].proposed = dbm(3);
  snapshot.radios[0].is_window_open = false;

  EXPECT_THAT(open(snapshot),
              AllOf(HasSubstr("pianissimo_mode_info{mode=\"recommend\"} 1\n"),
                    HasSubstr("pianissimo_radio_proposed_tx_power_dbm{interface=\"wlan0\","
                              "radio=\"phy1\"} 3\n"),
                    HasSubstr("pianissimo_radio_change_window_open{interface=\"wlan0\","
                              "radio=\"phy1\"} 0\n")));
}

TEST(MetricsTally, CountsTheVerdicts) {
  MetricsTally tally;
  const auto decided = [&](Reason reason) {
    tally.decided(
        "wlan0",
        Decision{
            .at = Instant{}, .knob = {}, .from = {}, .to = {}, .reason = reason, .evidence = {}},
        0);
  };
  decided(Reason::change_neutral);
  decided(Reason::change_doubted);
  decided(Reason::change_cleared);
  decided(Reason::change_doubted);
  decided(Reason::change_hurt);

  MetricsSnapshot snapshot;
  tally.fill(snapshot);

  EXPECT_EQ(snapshot.counts["wlan0"].verdicts, (Counts<3>{0, 2, 1})) << "a doubt is no verdict";
}

TEST(MetricsTally, TellsAKnobThatIsDeadUntilItIsTriedAgain) {
  MetricsTally tally;
  tally.decided("wlan0", {.knob = knob, .reason = Reason::knob_dead}, 1);
  EXPECT_TRUE(tally.is_knob_dead("wlan0"));
  EXPECT_EQ(counts_of(tally).fallbacks, (Counts<3>{0, 0, 1}));

  tally.decided("wlan0", {.knob = knob, .reason = Reason::knob_retest}, 2);

  EXPECT_FALSE(tally.is_knob_dead("wlan0"));
}

TEST(MetricsTally, GoesOnWhereItWasWhenTheJournalIsANewOne) {
  MetricsTally tally;
  tally.begins_anew(100, 2);
  tally.begins_anew(10, 1);
  MetricsSnapshot snapshot{.journal_bytes = 1, .journal_lost = 0};

  tally.fill(snapshot);

  EXPECT_EQ(snapshot.journal_bytes, 111U);
  EXPECT_EQ(snapshot.journal_lost, 3U);
}

TEST(MetricsTally, PutsInterfacesWithoutEndTogether) {
  MetricsTally tally;
  for (int i = 0; i < 1000; ++i) tally.read("wlan" + std::to_string(i));

  MetricsSnapshot snapshot;
  tally.fill(snapshot);

  EXPECT_LE(snapshot.counts.size(), 65U);
  EXPECT_EQ(snapshot.counts["wlan0"].readings, 1U);
  EXPECT_EQ(snapshot.counts["other"].readings, 936U);
}

}  // namespace
}  // namespace pianissimo::service
