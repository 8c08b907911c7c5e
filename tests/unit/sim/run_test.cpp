#include "experiments/sim/run.hpp"

#include <gmock/gmock.h>

#include "tests/unit/sim/plant.hpp"

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> journal_of(const Scenario& plan, std::uint64_t seed) {
  std::vector<std::string> lines;
  run(plan,
      {.seed = seed, .policy = descend(), .record = [&](int ap, const journal::Record& record) {
         lines.push_back(std::to_string(ap) + to_line(record));
       }});
  return lines;
}

TEST(Run, GivesTheSameJournalForTheSameSeedAndAnotherForAnother) {
  const Scenario plan = scenario(
      "duration_s: 3\nfading: {shadows_per_minute: 10}\n"
      "stations:\n  - path_loss: 72\n  - {path_loss: 80, traffic: web}\n");

  const auto once = journal_of(plan, 5);

  EXPECT_GT(once.size(), 60U);
  EXPECT_EQ(once, journal_of(plan, 5));
  EXPECT_NE(once, journal_of(plan, 6));
}

TEST(Run, ChannelAndTrafficAreTheSameWhateverThePolicyDoes) {
  const Scenario plan = scenario(
      "duration_s: 5\nfading: {slow_sd_db: 3, shadows_per_minute: 20}\n"
      "stations:\n  - {path_loss: 84, traffic: {kind: web, pause_s: 0.2, page_kilobytes: 50}}\n");

  const RunResult loud = run_with(plan, at_ceiling());
  const RunResult quiet = run_with(plan, fixed_at(dbm(3)));

  const auto& a = loud.stations.at(0).truth;
  const auto& b = quiet.stations.at(0).truth;
  ASSERT_EQ(a.size(), b.size());
  double offered = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].fading_db, b[i].fading_db);
    EXPECT_EQ(a[i].path_loss_db, b[i].path_loss_db);
    EXPECT_EQ(a[i].offered_bytes, b[i].offered_bytes);
    EXPECT_EQ(a[i].capacity_at_ceiling_mbps, b[i].capacity_at_ceiling_mbps);
    EXPECT_EQ(a[i].lowest, b[i].lowest);
    offered += static_cast<double>(a[i].offered_bytes);
  }
  EXPECT_GT(offered, 0);
}

TEST(Run, LessPowerDeliversLessOnAFarLinkAndTheSameOnANearOne) {
  const Scenario far = scenario("duration_s: 5\nstations: [{path_loss: 88}]\n");
  const Scenario near = scenario("duration_s: 5\nstations: [{path_loss: 50}]\n");

  EXPECT_LT(mbps(run_with(far, fixed_at(dbm(8)))), 0.7 * mbps(run_with(far, at_ceiling())));
  EXPECT_GT(mbps(run_with(near, fixed_at(dbm(1)))), 0.98 * mbps(run_with(near, at_ceiling())));
}

TEST(Run, CapacityIsAnUpperBoundOfWhatIsDelivered) {
  const Scenario plan = scenario("duration_s: 20\nfading: none\nstations: [{path_loss: 80}]\n");

  const RunResult result = run_with(plan, at_ceiling());

  double got = 0;
  double could = 0;
  for (const StationTruth& truth : result.stations.at(0).truth) {
    if (truth.at <= result.start) continue;
    got += static_cast<double>(truth.delivered_bytes);
    could += truth.capacity_mbps * truth.airtime_us / 8;
  }
  EXPECT_LT(got, could);
  EXPECT_GT(got, 0.8 * could);  // Minstrel is no oracle, but not bad either
}

TEST(Run, TheOraclesLevelKeepsWhatItPromisesAndOneLessDoesNot) {
  const Scenario plan = scenario("duration_s: 1\nfading: none\nstations: [{path_loss: 84}]\n");
  const RunResult ceiling = run_with(plan, at_ceiling());
  const StationTruth& truth = ceiling.stations.at(0).truth.back();
  ASSERT_GT(truth.lowest.back(), dbm(1));
  ASSERT_LT(truth.lowest.front(), dbm(20));

  for (std::size_t i = 0; i < oracle_keeps.size(); ++i) {
    const auto capacity_at = [&](Dbm level) {
      return run_with(plan, fixed_at(level)).stations.at(0).truth.back().capacity_mbps;
    };
    const double needed = oracle_keeps.at(i) * truth.capacity_at_ceiling_mbps;
    EXPECT_GE(capacity_at(truth.lowest.at(i)), 0.99 * needed);
    EXPECT_LT(capacity_at(truth.lowest.at(i) - db(1)), needed);
  }
}

TEST(Run, ADwellsReadingComesAsSoonAsTheCoreWantsIt) {
  const Scenario plan = scenario("duration_s: 5\nstations: [{path_loss: 50}]\n");
  std::vector<Instant> wakes;
  std::vector<Instant> reports;
  run(plan, {.seed = 1, .policy = descend(), .record = [&](int, const journal::Record& record) {
               const auto* const event = std::get_if<Event>(&record.what);
               if (event == nullptr) return;
               if (std::holds_alternative<Wake>(*event)) wakes.push_back(record.at);
               if (std::holds_alternative<StationReport>(*event)) reports.push_back(record.at);
             }});

  ASSERT_GT(wakes.size(), 10U);
  int prompt = 0;
  for (const Instant wake : wakes) {
    for (const Instant report : reports) prompt += report >= wake && report <= wake + 1ms ? 1 : 0;
  }
  EXPECT_EQ(prompt, static_cast<int>(wakes.size()));
}

TEST(Run, AKnobThatDoesNotObeyMovesNothingOnTheAir) {
  const Scenario plan = scenario(
      "duration_s: 5\naccess_points: [{knob: {obeys: false, read_back: asked}}]\n"
      "stations: [{path_loss: 50}]\n");

  const RunResult result = run_with(plan, descend());

  EXPECT_GT(result.access_points.at(0).commands, 5);
  EXPECT_EQ(result.access_points.at(0).changes, 0);
  EXPECT_EQ(result.stations.at(0).truth.back().power, dbm(20));
}

TEST(Run, AChangeOfPowerSilencesARadioThatDrainsItsQueue) {
  const auto with_drain = [](int ms) {
    return scenario("duration_s: 10\naccess_points: [{knob: {drain_ms: " + std::to_string(ms) +
                    "}}]\nstations: [{path_loss: 50}]\n");
  };
  const RunResult swift = run_with(with_drain(0), descend());
  const RunResult slow = run_with(with_drain(150), descend());

  // Everything works at every level there: only the silence costs.
  EXPECT_GT(mbps(swift), 1.1 * mbps(slow));
  EXPECT_GT(slow.access_points.at(0).changes, 10);
}

TEST(Run, APowerPerStationMovesThatStationOnly) {
  const Scenario plan = scenario(
      "duration_s: 20\naccess_points: [{knob: {kind: station}}]\n"
      "stations: [{path_loss: 50}, {path_loss: 104, fading: none}]\n");

  const RunResult result = run_with(plan, descend());

  EXPECT_LT(result.stations.at(0).truth.back().power, dbm(10));
  EXPECT_GT(result.stations.at(1).truth.back().power, dbm(15));
}

TEST(Run, StationsComeAndGoAndAreTheirAccessPointsOnly) {
  const Scenario plan = scenario(
      "duration_s: 6\nbetween_access_points: 90\naccess_points: [{}, {}]\n"
      "stations: [{path_losses: [60, 60], stays: [[0, 1], [2, none], [3, 2]]}]\n");
  std::vector<std::string> seen;
  const RunResult result = run(
      plan, {.seed = 1, .policy = at_ceiling(), .record = [&](int ap, const journal::Record& r) {
               const auto* const event = std::get_if<Event>(&r.what);
               if (event == nullptr) return;
               const auto s = std::to_string((r.at - Instant{}) / 1s) + "s ap" + std::to_string(ap);
               if (std::holds_alternative<StationJoined>(*event)) seen.push_back(s + " joined");
               if (std::holds_alternative<StationLeft>(*event)) seen.push_back(s + " left");
             }});

  EXPECT_THAT(seen, ::testing::ElementsAre("4s ap0 joined", "6s ap0 left", "7s ap1 joined"));
  for (const StationTruth& truth : result.stations.at(0).truth) {
    const auto t = truth.at - result.start;
    if (t > 2100ms && t <= 3s) {
      EXPECT_EQ(truth.delivered_bytes, 0U);
    }
    if (t > 2100ms && t < 2900ms) {
      EXPECT_EQ(truth.access_point, -1);
    }
    if (t > 3200ms) {
      EXPECT_EQ(truth.access_point, 1);
      EXPECT_GT(truth.delivered_bytes, 0U);
    }
  }
}

TEST(Run, HardwareRateControlShowsTheBitRateAndNoLoss) {
  const Scenario plan = scenario(
      "duration_s: 5\naccess_points: [{rate_control: hardware}]\nstations: [{path_loss: 84}]\n");
  int readings = 0;
  run(plan,
      {.seed = 1, .policy = at_ceiling(), .record = [&](int, const journal::Record& record) {
         const auto* const event = std::get_if<Event>(&record.what);
         const auto* const report = event != nullptr ? std::get_if<StationReport>(event) : nullptr;
         if (report == nullptr) return;
         const StationSample& sample = report->stations.at(0);
         // 1 / (1 + 1/16) of it, in the kernel's integers.
         EXPECT_NEAR(sample.expected_throughput->mbps(), sample.tx_rate->rate.mbps() * 16 / 17,
                     0.01 * sample.tx_rate->rate.mbps());
         ++readings;
       }});
  EXPECT_GT(readings, 90);
}

}  // namespace
}  // namespace pianissimo::sim
