// What a dump shows of a station, by its driver and by what the station sends.
#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "tests/unit/sim/plant.hpp"

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

struct Reading {
  Instant at;
  StationSample sample;
};

std::vector<Reading> readings(const Scenario& plan, const Hidden& hidden = {}) {
  std::vector<Reading> out;
  run(plan, {.seed = 1,
             .policy = at_ceiling(),
             .hidden = hidden,
             .record = [&](int, const journal::Record& record) {
               const auto* const event = std::get_if<Event>(&record.what);
               const auto* const report =
                   event != nullptr ? std::get_if<StationReport>(event) : nullptr;
               if (report != nullptr) out.push_back({record.at, report->stations.at(0)});
             }});
  EXPECT_FALSE(out.empty());
  return out;
}

// A channel that holds still, 70 dB, 20 dBm: -50 dBm. `keys`: of the access point and the station.
Scenario still(int seconds, const std::string& access_point, const std::string& station) {
  return scenario("duration_s: " + std::to_string(seconds) + "\nfading: none\naccess_points: [{" +
                  access_point + "}]\nstations: [{path_loss: 70, " + station + "}]\n");
}

const std::string exact = "signal_noise_db: 0, reciprocity_sd_db: 0";

TEST(Driver, AnIdleStationsSignalMovesOnlyWhenItSends) {
  const auto all = readings(still(60, "", "traffic: idle, uplink: {frames_per_second: 1}"));

  int moved = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const StationSample& before = all[i - 1].sample;
    const StationSample& now = all[i].sample;
    if (now.signal == before.signal) continue;
    EXPECT_GT(now.rx_packets, before.rx_packets);
    ++moved;
  }
  EXPECT_GT(moved, 20);
  EXPECT_LT(moved, 80);
}

TEST(Driver, AnIdleStationIsStaleForSeconds) {
  const auto all = readings(still(60, "", "traffic: idle"));

  auto longest = 0ms;
  for (const Reading& reading : all) longest = std::max(longest, *reading.sample.inactive);
  EXPECT_GT(longest, 1500ms);
}

TEST(Driver, ABusyStationAnswersAShareOfWhatItIsSent) {
  const auto shared = readings(still(5, "", "uplink: {frames_per_second: 0, share: 0.1}"));
  const auto silent = readings(still(5, "", "uplink: {frames_per_second: 0, share: 0}"));

  const StationSample& last = shared.back().sample;
  EXPECT_NEAR(static_cast<double>(*last.rx_packets) / *last.tx_packets, 0.1, 0.002);
  // Of the silent one nothing but its request to associate.
  EXPECT_EQ(silent.back().sample.rx_packets, 1U);
  for (const Reading& reading : silent) {
    EXPECT_EQ(reading.sample.signal, silent.front().sample.signal);
  }
}

TEST(Driver, EachFramesSignalHasNoise) {
  const auto all = readings(still(60, "", "uplink: {signal_noise_db: 1.5, reciprocity_sd_db: 0}"));

  double sum = 0;
  double squares = 0;
  double of_averages = 0;
  for (const Reading& reading : all) {
    const double above = reading.sample.signal->value() + 50;
    sum += above;
    squares += above * above;
    of_averages += std::abs(reading.sample.signal_avg->value() + 50);
  }
  const auto n = static_cast<double>(all.size());
  EXPECT_NEAR(sum / n, 0, 0.2);
  EXPECT_NEAR(std::sqrt(squares / n), 1.5, 0.2);
  EXPECT_LT(of_averages / n, 0.8);
}

TEST(Driver, TheWayBackDiffersFromTheWayThere) {
  const auto all = readings(still(200, "", "uplink: {signal_noise_db: 0, reciprocity_sd_db: 3}"));

  std::map<std::int32_t, int> seen;
  for (const Reading& reading : all) ++seen[reading.sample.signal->mbm() / 100];
  EXPECT_GE(seen.size(), 4U);  // in a channel that holds still
}

TEST(Driver, AStationThatLowersItsPowerIsHeardLessAndHearsAsWell) {
  const Scenario plan =
      still(6, "tells_ack_signal: true", "uplink: {" + exact + "}, power_steps: [[0, 18], [3, 8]]");
  const auto all = readings(plan);
  const auto half = run_with(plan, at_ceiling()).start + 3s;

  for (const Reading& reading : all) {
    if (reading.at > half - 50ms && reading.at < half + 50ms) continue;
    const Dbm heard = reading.at < half ? dbm(-52) : dbm(-62);
    EXPECT_EQ(reading.sample.signal, heard);
    EXPECT_EQ(reading.sample.ack_signal, heard);
  }
  // The kernel's integers come within 7/1024 dB from below, and are cut to whole dBm.
  EXPECT_EQ(all.back().sample.signal_avg, dbm(-61));
  const auto truth = run_with(plan, at_ceiling()).stations.at(0).truth;
  EXPECT_EQ(truth.front().capacity_mbps, truth.back().capacity_mbps);
}

TEST(Driver, AcksOfAWeakerStationAreLost) {
  const auto retries = [](const std::string& power) {
    const auto all =
        readings(scenario("duration_s: 3\nfading: none\nstations: [{path_loss: 90, "
                          "uplink: {" +
                          exact + "}, power_dbm: " + power + "}]\n"));
    return static_cast<double>(*all.back().sample.tx_retries) / *all.back().sample.tx_packets;
  };

  EXPECT_GT(retries("0"), 2 * retries("20"));
}

TEST(Driver, TellsNoSignalOrThatOfAcks) {
  const auto none = readings(still(2, "signal: none", "traffic: saturated"));
  for (const Reading& reading : none) {
    EXPECT_EQ(reading.sample.signal, std::nullopt);
    EXPECT_EQ(reading.sample.signal_avg, std::nullopt);
    EXPECT_EQ(reading.sample.ack_signal, std::nullopt);
    EXPECT_EQ(reading.sample.ack_signal_avg, std::nullopt);
  }

  // The ACKs move the ACKs' signal and no other.
  const auto acks =
      readings(still(2, "tells_ack_signal: true", "uplink: {frames_per_second: 0, share: 0}"));
  std::map<std::int32_t, int> levels;
  for (const Reading& reading : acks) {
    EXPECT_EQ(reading.sample.signal, acks.front().sample.signal);
    ++levels[reading.sample.ack_signal->mbm() / 100];
  }
  EXPECT_GE(levels.size(), 4U);
}

TEST(Driver, CallsEveryRetryAFailureAsOfAMt7986) {
  const Scenario plan = scenario(
      "duration_s: 2\naccess_points: [{counters: {failed: retries}}]\n"
      "stations: [{path_loss: 84}]\n");
  const auto all = readings(plan);

  for (const Reading& reading : all) {
    EXPECT_EQ(reading.sample.tx_failed, reading.sample.tx_retries);
  }
  EXPECT_GT(all.back().sample.tx_failed, 100U);
}

TEST(Driver, CountsRepeatedAggregatesOrTheirMpdus) {
  const auto retries = [](const std::string& word) {
    const Scenario plan = scenario("duration_s: 2\naccess_points: [{counters: {retries: " + word +
                                   "}}]\nstations: [{path_loss: 84}]\n");
    return *readings(plan).back().sample.tx_retries;
  };
  const std::uint32_t frames = retries("frame");

  // One seed: the same frames are lost. Most lost MPDUs are of aggregates that arrive in part.
  EXPECT_GT(frames, 20U);
  EXPECT_GT(retries("mpdu"), 4 * frames);
}

TEST(Driver, RenewsItsCountersOnceASecond) {
  const auto all =
      readings(still(10, "tells_airtime: true, counters: {burst_ms: 1000}", "streams: 2"));

  int renewed = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const StationSample& before = all[i - 1].sample;
    const StationSample& now = all[i].sample;
    const bool moved = now.tx_packets != before.tx_packets;
    EXPECT_EQ(now.tx_bytes != before.tx_bytes, moved);
    EXPECT_EQ(now.tx_duration != before.tx_duration, moved);
    renewed += moved ? 1 : 0;
  }
  EXPECT_EQ(renewed, 10);
}

// mac80211's last rate is that of the last frame handed over, which is a sampling frame now and
// then (kernel: ieee80211_tx_h_rate_ctrl).
TEST(Driver, ShowsTheRateOfASamplingFrame) {
  const Scenario plan = scenario("duration_s: 30\nfading: none\nstations: [{path_loss: 98}]\n");

  int hopeless = 0;  // rates of which nothing arrives at -78 dBm: tried, never chosen
  int readings_of_all = 0;
  for (const Reading& reading : readings(plan)) {
    hopeless += reading.sample.tx_rate->rate.mbps() >= 390 ? 1 : 0;
    ++readings_of_all;
  }
  EXPECT_GT(hopeless, 0);
  EXPECT_LT(hopeless, readings_of_all / 10);
}

TEST(Driver, HidesWhatARunHidesAndNothingElse) {
  const Scenario plan = still(2, "tells_airtime: true, tells_ack_signal: true", "streams: 2");
  const StationSample whole = readings(plan).back().sample;
  const auto expect_only = [&](const Hidden& hidden, auto... member) {
    StationSample expected = whole;
    (((expected.*member).reset()), ...);
    EXPECT_EQ(readings(plan, hidden).back().sample, expected);
  };

  expect_only({.signal = true}, &StationSample::signal, &StationSample::signal_avg,
              &StationSample::ack_signal, &StationSample::ack_signal_avg);
  expect_only({.failed = true}, &StationSample::tx_failed);
  expect_only({.retries = true}, &StationSample::tx_retries);
  expect_only({.airtime = true}, &StationSample::tx_duration);
  expect_only({.estimate = true}, &StationSample::expected_throughput);
  expect_only({.rate = true}, &StationSample::tx_rate);
}

}  // namespace
}  // namespace pianissimo::sim
