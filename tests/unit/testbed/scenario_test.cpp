#include "experiments/testbed/medium/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace pianissimo::testbed {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(const std::string& yaml) {
  try {
    parse_scenario(yaml, "s.yaml");
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Scenario, TheLeastIsADurationAndAStation) {
  const auto scenario = parse_scenario("duration_s: 10\nstations: [{path_loss: 70}]", "a/b.yaml");
  EXPECT_EQ(scenario.name, "b");
  EXPECT_EQ(scenario.duration_s, 10);
  EXPECT_EQ(scenario.stations.at(0).path_loss, LossProfile::constant(70));
  EXPECT_EQ(scenario.stations.at(0).traffic, Traffic{});
  EXPECT_EQ(scenario.fading, FadingParams{});
}

TEST(Scenario, ASeedIsAWholeNumberOf64Bits) {
  const std::string rest = "\nduration_s: 10\nstations: [{path_loss: 70}]";
  for (const std::string seed :
       {"18446744073709551616", "-1", "' -1'", "1.5", "1e3", "0x10", "x"}) {
    EXPECT_THAT(error_of("seed: " + seed + rest), StartsWith("s.yaml:1:7: seed: expected a whole"));
  }
  EXPECT_EQ(parse_scenario("seed: 18446744073709551615" + rest, "s.yaml").seed, ~std::uint64_t{0});
  EXPECT_EQ(parse_scenario("seed: 010" + rest, "s.yaml").seed, 10U);
}

TEST(Scenario, EverythingCanBeSaid) {
  const auto scenario = parse_scenario(R"(
description: all
duration_s: 10
warm_up_s: 3
seed: 9
noise_figure_db: 6
stream_penalty_db: 2
station_power_dbm: 15
aggregate_mpdus: 8
fading: {slow_sd_db: 1, slow_tau_s: 2, fast_sd_db: 3, fast_tau_s: 4, packet_sd_db: 5,
         shadows_per_minute: 6}
stations:
  - path_loss: {ramp: [[0, 60], [10, 80]]}
    traffic: {frames_per_second: 50, bytes: 800}
  - path_loss: {steps: [[0, 60], [10, 80]]}
)",
                                       "s.yaml");
  EXPECT_EQ(scenario.seed, 9U);
  EXPECT_EQ(scenario.receiver.noise_figure_db, 6);
  EXPECT_EQ(scenario.aggregate_mpdus, 8);
  EXPECT_EQ(scenario.fading, (FadingParams{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(scenario.stations.at(0).path_loss.join, LossProfile::Join::line);
  EXPECT_EQ(scenario.stations.at(0).traffic, (Traffic{50, 800}));
  EXPECT_EQ(scenario.stations.at(1).path_loss.join, LossProfile::Join::step);
}

TEST(Scenario, FadingCanBeSwitchedOff) {
  const auto scenario =
      parse_scenario("duration_s: 1\nfading: none\nstations: [{path_loss: 70}]", "s.yaml");
  EXPECT_EQ(scenario.fading, FadingParams::none());
}

TEST(Scenario, ErrorsSayWhere) {
  EXPECT_THAT(error_of("duration_s: 10\nstatoins: []"),
              StartsWith("s.yaml:2:1: unknown key 'statoins'"));
  EXPECT_THAT(error_of("duration_s: ten\nstations: [{path_loss: 70}]"),
              StartsWith("s.yaml:1:13: duration_s: expected a whole number"));
  EXPECT_THAT(error_of("duration_s: 0\nstations: [{path_loss: 70}]"),
              StartsWith("s.yaml:1:13: duration_s: 0 is outside 1..3600"));
  EXPECT_THAT(error_of("duration_s: 1\nstations: [{path_loss: 7}]"),
              StartsWith("s.yaml:2:24: path_loss: 7 is outside 30..160"));
  EXPECT_THAT(error_of("duration_s: 1\nstations: [{path_loss: 70, trafic: {}}]"),
              StartsWith("s.yaml:2:28: unknown key 'trafic'"));
  EXPECT_THAT(error_of("duration_s: [1"), StartsWith("s.yaml:"));
}

TEST(Scenario, WhatIsMissingIsNamed) {
  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("duration_s: 1"), HasSubstr("stations is missing"));
  EXPECT_THAT(error_of("stations: [{path_loss: 70}]"), HasSubstr("duration_s is missing"));
  EXPECT_THAT(error_of("duration_s: 1\nstations: [{}]"), HasSubstr("path_loss is missing"));
  EXPECT_THAT(error_of("duration_s: 1\nstations: []"), HasSubstr("1..99 stations"));
}

TEST(Scenario, ProfilesMustMakeSense) {
  EXPECT_THAT(error_of("duration_s: 1\nstations: [{path_loss: {steps: [[5, 70], [5, 80]]}}]"),
              HasSubstr("times must ascend"));
  EXPECT_THAT(error_of("duration_s: 1\nstations: [{path_loss: {steps: [[5]]}}]"),
              HasSubstr("expected [seconds, dB]"));
  EXPECT_THAT(
      error_of("duration_s: 1\nstations: [{path_loss: {steps: [[0, 70]], ramp: [[0, 70]]}}]"),
      HasSubstr("exactly one of"));
  EXPECT_THAT(error_of("duration_s: 1\nstations: [{path_loss: {trace: none.csv}}]"),
              HasSubstr("cannot open none.csv"));
}

TEST(Scenario, TracesAreReadBesideTheScenario) {
  const auto folder = std::filesystem::path{testing::TempDir()} / "scenario_test_trace";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "t.csv"} << "t_s,db\n0,60\n# a remark\n1.5,66.25\n";
  std::ofstream{folder / "s.yaml"} << "duration_s: 1\nstations: [{path_loss: {trace: t.csv}}]";

  const auto scenario = load_scenario(folder / "s.yaml");

  EXPECT_EQ(scenario.stations.at(0).path_loss.points,
            (std::vector<LossPoint>{{Seconds{0}, 60}, {Seconds{1.5}, 66.25}}));
  std::ofstream{folder / "t.csv"} << "0,60\n0,61\n";
  EXPECT_THROW(load_scenario(folder / "s.yaml"), ScenarioError);
}

TEST(Scenario, DescribesItselfToShells) {
  std::ostringstream out;
  describe(parse_scenario("duration_s: 10\nstations: [{path_loss: 70}, {path_loss: 80}]", "s.yaml"),
           out);
  EXPECT_THAT(out.str(), HasSubstr("duration_s=10\n"));
  EXPECT_THAT(out.str(), HasSubstr("stations=2\n"));
  EXPECT_THAT(out.str(), HasSubstr("frames_per_second_2=300\nbytes_2=1200\n"));
}

TEST(Scenario, OpensTracesInItsOwnFolderAndNoOthers) {
  for (const char* const name : {"/dev/zero", "../t.csv", "..", "a/../../t.csv"}) {
    EXPECT_THAT(
        error_of("duration_s: 1\nstations: [{path_loss: {trace: " + std::string{name} + "}}]"),
        HasSubstr("trace: expected the name of a file in the scenario's folder"))
        << name;
  }
}

TEST(Scenario, IsReadFromARegularFileOnly) {
  EXPECT_THROW(load_scenario("/dev/zero"), ScenarioError);
}

}  // namespace
}  // namespace pianissimo::testbed
