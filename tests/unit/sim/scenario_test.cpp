#include "experiments/sim/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace pianissimo::sim {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string error_of(const std::string& yaml) {
  const auto parsed = parse_scenario(yaml, "some/dir/s.yaml");
  const auto* const error = std::get_if<ScenarioError>(&parsed);
  if (error == nullptr) return "";
  EXPECT_EQ(error->exit_status(), 65);
  return error->message;
}

Scenario parsed(const std::string& yaml) {
  auto result = parse_scenario(yaml, "s.yaml");
  if (const auto* const error = std::get_if<ScenarioError>(&result)) {
    ADD_FAILURE() << error->message;
    return {};
  }
  return std::get<Scenario>(std::move(result));
}

const std::string head = "description: d\nduration_s: 10\n";

TEST(Scenario, NeedsLittleMoreThanAPathLoss) {
  const Scenario scenario = parsed(head + "stations:\n  - path_loss: 72\n");

  EXPECT_EQ(scenario.name, "s");
  ASSERT_EQ(scenario.stations.size(), 1U);
  EXPECT_EQ(scenario.stations[0].path_loss.at(0).at(testbed::Seconds{5}), 72);
  EXPECT_EQ(scenario.stations[0].traffic.kind, TrafficParams::Kind::saturated);
}

TEST(Scenario, WalksInMetres) {
  const Scenario scenario = parsed(head +
                                   "propagation: {at_1m_db: 47, exponent: 3}\n"
                                   "stations:\n  - path_loss: {walk: [[0, 1], [10, 10]]}\n");

  const testbed::LossProfile& loss = scenario.stations.at(0).path_loss.at(0);
  EXPECT_NEAR(loss.at(testbed::Seconds{0}), 47, 1e-9);
  EXPECT_NEAR(loss.at(testbed::Seconds{10}), 77, 1e-9);
  // Half way in time is half way in metres, which is far more than half way in decibel.
  EXPECT_NEAR(loss.at(testbed::Seconds{5}), 47 + 30 * std::log10(5.5), 0.05);
}

TEST(Scenario, ReadsARecordedSignalAsPathLoss) {
  const auto folder = std::filesystem::path{::testing::TempDir()};
  std::ofstream{folder / "signal.csv"} << "s,dBm\n0,-50\n10,-70\n";
  const auto loaded =
      parse_scenario(head + "stations:\n  - path_loss: {rssi: {file: signal.csv, power_dbm: 20}}\n",
                     (folder / "s.yaml").string());

  ASSERT_TRUE(std::holds_alternative<Scenario>(loaded)) << std::get<ScenarioError>(loaded).message;
  const auto& loss = std::get<Scenario>(loaded).stations.at(0).path_loss.at(0);
  EXPECT_EQ(loss.at(testbed::Seconds{0}), 70);
  EXPECT_EQ(loss.at(testbed::Seconds{5}), 80);
}

TEST(Scenario, SaysWhereInATraceTheMistakeIs) {
  const auto folder = std::filesystem::path{::testing::TempDir()};
  std::ofstream{folder / "bad.csv"} << "s,dB\n0,70\n1,seventy\n";
  const auto loaded = parse_scenario(head + "stations:\n  - path_loss: {trace: bad.csv}\n",
                                     (folder / "s.yaml").string());

  ASSERT_TRUE(std::holds_alternative<ScenarioError>(loaded));
  EXPECT_THAT(std::get<ScenarioError>(loaded).message, HasSubstr("bad.csv:3:1: expected"));
}

TEST(Scenario, RefusesATraceThatNeverEnds) {
  const auto folder = std::filesystem::path{::testing::TempDir()};
  std::ofstream{folder / "endless.csv"} << "0,70\ninf,80\n";
  const auto loaded = parse_scenario(head + "stations:\n  - path_loss: {trace: endless.csv}\n",
                                     (folder / "s.yaml").string());

  ASSERT_TRUE(std::holds_alternative<ScenarioError>(loaded));
  EXPECT_THAT(std::get<ScenarioError>(loaded).message, HasSubstr("endless.csv:2:1: expected"));
}

TEST(Scenario, OpensTracesInItsOwnFolderAndNoOthers) {
  const std::string is_no_name =
      "some/dir/s.yaml:4:24: trace: expected the name of a file in the scenario's folder";

  const auto error_of_trace = [](const std::string& name) {
    return error_of(head + "stations:\n  - path_loss: {trace: " + name + "}\n");
  };
  for (const char* const name : {"/dev/zero", "\"/dev/zero\"", R"("a\nb")", R"("a\0b")", "../x.csv",
                                 "a/../../x.csv", "..", "\"../../../../etc/passwd\""}) {
    EXPECT_EQ(error_of_trace(name), is_no_name);
  }
  EXPECT_THAT(error_of_trace("a/../gone.csv"), HasSubstr("trace: cannot open some/dir/a/../gone"));
}

TEST(Scenario, FollowsNoLinkOutOfItsFolder) {
  const auto folder = std::filesystem::path{::testing::TempDir()} / "scenario-with-a-link";
  std::filesystem::create_directories(folder);
  std::filesystem::remove(folder / "link.csv");
  std::filesystem::create_symlink("/etc/passwd", folder / "link.csv");

  const auto loaded = parse_scenario(head + "stations:\n  - path_loss: {trace: link.csv}\n",
                                     (folder / "s.yaml").string());

  ASSERT_TRUE(std::holds_alternative<ScenarioError>(loaded));
  EXPECT_THAT(std::get<ScenarioError>(loaded).message,
              HasSubstr("expected the name of a file in the scenario's folder"));
}

TEST(Scenario, IsReadFromARegularFileOnly) {
  for (const char* const path : {"/dev/zero", "/dev"}) {
    const auto loaded = load_scenario(path);
    ASSERT_TRUE(std::holds_alternative<ScenarioError>(loaded)) << path;
    EXPECT_EQ(std::get<ScenarioError>(loaded).message, std::string{path} + ": cannot be read");
  }
}

TEST(Scenario, HasNothingThatATerminalWouldObey) {
  EXPECT_THAT(error_of(head + "stations:\n  - {path_loss: 70, \"\\e[2J\": 1}\n"),
              testing::Not(HasSubstr("\x1b")));
}

TEST(Scenario, HasOnlySoManyPointsOfPathLoss) {
  std::string yaml = head + "stations:\n";
  for (int i = 0; i < 12; ++i) yaml += "  - path_loss: {walk: [[0, 1], [86400, 2]]}\n";

  // A day's walk has 172,801 points: eleven of them fit into two millions.
  EXPECT_THAT(error_of(yaml), StartsWith("some/dir/s.yaml:15:16: path_loss: with those before"));
}

TEST(Scenario, PlacesAreDistances) {
  const Scenario scenario = parsed(head +
                                   "propagation: {at_1m_db: 47, exponent: 3}\n"
                                   "access_points: [{position_m: [0, 0]}, {position_m: [10, 0]}]\n"
                                   "stations: [{position_m: [1, 0]}]\n");

  EXPECT_NEAR(scenario.between_access_points[0][1], 77, 1e-9);
  EXPECT_NEAR(scenario.stations[0].path_loss[0].at({}), 47, 1e-9);
  EXPECT_NEAR(scenario.stations[0].path_loss[1].at({}), 47 + 30 * std::log10(9), 1e-9);
}

TEST(Scenario, SaysWhereTheMistakeIs) {
  EXPECT_THAT(error_of(head + "statoins: []\n"),
              StartsWith("some/dir/s.yaml:3:1: scenario: unknown key 'statoins' (did you mean "
                         "'stations'?)"));
  EXPECT_THAT(error_of(head + "stations:\n  - path_loss: 720\n"),
              StartsWith("some/dir/s.yaml:4:16: path_loss: 720 is outside 30..160"));
  EXPECT_THAT(error_of(head + "stations:\n  - path_loss: loud\n"),
              StartsWith("some/dir/s.yaml:4:16: path_loss: expected a number"));
  EXPECT_THAT(error_of(head + "stations:\n  - path_loss: {steps: [[5, 70], [5, 80]]}\n"),
              StartsWith("some/dir/s.yaml:4:34: steps: times must ascend"));
  EXPECT_THAT(error_of(head + "stations:\n  - path_loss: 70\n    traffic: satturated\n"),
              StartsWith("some/dir/s.yaml:5:14: traffic: expected one of"));
  EXPECT_THAT(error_of(head + "duration_s: 5\nstations: []\n"),
              StartsWith("some/dir/s.yaml:3:1: scenario: duration_s is given twice"));
  EXPECT_THAT(error_of(head + "stations: []\n"), StartsWith("some/dir/s.yaml:3:11: stations:"));
  EXPECT_THAT(error_of("description: d\nstations: []\n"), HasSubstr("duration_s is missing"));
  EXPECT_THAT(error_of(head + "stations: [\n"), StartsWith("some/dir/s.yaml:"));
  EXPECT_THAT(error_of(head + "stations:\n  - {path_loss: 70, stays: [[0, 2]]}\n"),
              HasSubstr(":4:33: access point (or none): 2 is outside 1..1"));
  EXPECT_THAT(error_of(head + "access_points: [{}, {}]\nstations:\n  - path_losses: [70, 80]\n"),
              HasSubstr("nothing says what lies between 1 and 2"));
  EXPECT_THAT(error_of(head + "access_points: [{}, {}]\nbetween_access_points: [[2, 2, 94]]\n"),
              HasSubstr(":4:25: between_access_points: one and the same access point"));
  EXPECT_THAT(error_of(head + "between_access_points: loud\n"),
              HasSubstr(":3:24: between_access_points: expected a number"));
  EXPECT_THAT(error_of(""), HasSubstr("s.yaml:1:1: scenario: expected a map"));
}

TEST(Scenario, AStationsUplinkAndPowerAreTheScenariosUnlessItSaysOtherwise) {
  const Scenario scenario = parsed(head +
                                   "station_power_dbm: 15\nuplink: {share: 0.1}\nstations:\n"
                                   "  - path_loss: 70\n"
                                   "  - {path_loss: 70, uplink: {frames_per_second: 5}}\n"
                                   "  - {path_loss: 70, power_dbm: 12.5}\n"
                                   "  - {path_loss: 70, power_steps: [[0, 18], [30, 8]]}\n");

  const auto& stations = scenario.stations;
  EXPECT_EQ(stations.at(0).uplink, UplinkParams{.share = 0.1});
  EXPECT_EQ(stations.at(1).uplink, (UplinkParams{.frames_per_second = 5, .share = 0.1}));
  EXPECT_EQ(stations.at(0).power, (std::vector<StationPower>{{.at_s = 0, .dbm = 15}}));
  EXPECT_EQ(stations.at(2).power, (std::vector<StationPower>{{.at_s = 0, .dbm = 12.5}}));
  EXPECT_EQ(stations.at(3).power, (std::vector<StationPower>{{0, 18}, {30, 8}}));
}

TEST(Scenario, SaysWhereTheMistakeIsInADriverOrAStationsUplink) {
  const auto error_of_ap = [](const std::string& keys) {
    return error_of(head + "access_points: [{" + keys + "}]\nstations: [{path_loss: 70}]\n");
  };
  EXPECT_THAT(error_of_ap("signal: frame"), HasSubstr(":3:26: signal: expected one of"));
  EXPECT_THAT(error_of_ap("counters: {retries: often}"), HasSubstr("retries: expected one of"));
  EXPECT_THAT(error_of_ap("counters: {failed: frame}"), HasSubstr("failed: expected one of"));
  EXPECT_THAT(error_of_ap("counters: {burst_ms: -1}"), HasSubstr("burst_ms: -1 is outside"));
  EXPECT_THAT(error_of_ap("knob: {radiated_dbm: 12}"),
              HasSubstr(":3:39: radiated_dbm: expected a map"));
  EXPECT_THAT(error_of_ap("knob: {radiated_dbm: {12: 37}}"),
              HasSubstr("radiated_dbm: 37 is outside 0..36"));
  EXPECT_THAT(error_of_ap("knob: {radiated_dbm: {12.5: 12}}"),
              HasSubstr("radiated_dbm: commanded: expected a whole number"));
  EXPECT_THAT(error_of_ap("knob: {radiated_dbm: {12: 12, 12: 13}}"),
              HasSubstr("radiated_dbm: 12 is given twice"));

  const auto error_of_station = [](const std::string& keys) {
    return error_of(head + "stations: [{path_loss: 70, " + keys + "}]\n");
  };
  EXPECT_THAT(error_of_station("uplink: {share: 2}"), HasSubstr("share: 2 is outside 0..1"));
  EXPECT_THAT(error_of_station("power_steps: [[5, 18], [5, 8]]"),
              HasSubstr("power_steps: times must ascend"));
  EXPECT_THAT(error_of_station("power_dbm: 12, power_steps: [[5, 18]]"),
              HasSubstr("power_dbm: power_steps says it already"));
}

TEST(Scenario, AFileThatIsNotThereIsNoInput) {
  const auto loaded = load_scenario("/nowhere/s.yaml");

  ASSERT_TRUE(std::holds_alternative<ScenarioError>(loaded));
  EXPECT_EQ(std::get<ScenarioError>(loaded).exit_status(), 66);
  EXPECT_EQ(std::get<ScenarioError>(loaded).message,
            "/nowhere/s.yaml: cannot be read: No such file or directory");
}

}  // namespace
}  // namespace pianissimo::sim
