// A commanded decibel is not a radiated one.
#include <gtest/gtest.h>

#include "tests/unit/sim/plant.hpp"

namespace pianissimo::sim {
namespace {

Scenario with_knob(const std::string& knob) {
  return scenario("duration_s: 2\nfading: none\naccess_points: [{knob: {" + knob +
                  "}}]\nstations: [{path_loss: 84}]\n");
}

StationTruth truth_at(const Scenario& plan, Dbm level) {
  return run_with(plan, fixed_at(level)).stations.at(0).truth.back();
}

TEST(Knob, ALevelCarriesWhatItRadiates) {
  const Scenario even = with_knob("kind: interface");
  const Scenario uneven = with_knob("radiated_dbm: {12: 9, 20: 18}");

  const StationTruth truth = truth_at(uneven, dbm(12));

  EXPECT_EQ(truth.power, dbm(12));
  EXPECT_EQ(truth.capacity_mbps, truth_at(even, dbm(9)).capacity_mbps);
  EXPECT_EQ(truth.capacity_at_ceiling_mbps, truth_at(even, dbm(18)).capacity_mbps);
}

TEST(Knob, WhatIsDeliveredIsWhatTheRadiatedLevelDelivers) {
  const auto delivered = [](const std::string& knob, Dbm level) {
    return mbps(run_with(with_knob(knob), fixed_at(level)));
  };
  const double at_twelve = delivered("radiated_dbm: {12: 9}", dbm(12));

  // One seed: the very same frames are lost.
  EXPECT_EQ(at_twelve, delivered("kind: interface", dbm(9)));
  EXPECT_LT(at_twelve, 0.9 * delivered("kind: interface", dbm(12)));
}

TEST(Knob, AStationsLevelCarriesWhatItRadiates) {
  const Scenario even = with_knob("kind: station");
  const Scenario uneven = with_knob("kind: station, radiated_dbm: {12: 9}");

  EXPECT_EQ(truth_at(uneven, dbm(12)).power, dbm(12));
  EXPECT_EQ(truth_at(uneven, dbm(12)).capacity_mbps, truth_at(even, dbm(9)).capacity_mbps);
}

TEST(Knob, TheReadBackIsWhatWasAsked) {
  std::optional<Dbm> read_back;
  run(with_knob("radiated_dbm: {12: 9}"),
      {.seed = 1, .policy = fixed_at(dbm(12)), .record = [&](int, const journal::Record& record) {
         const auto* const event = std::get_if<Event>(&record.what);
         const auto* const result = event != nullptr ? std::get_if<PowerResult>(event) : nullptr;
         if (result != nullptr) read_back = result->read_back;
       }});

  EXPECT_EQ(read_back, dbm(12));
}

TEST(Knob, TheOracleTakesTheLowestLevelThatRadiatesEnough) {
  const auto lowest = [](const std::string& knob) {
    return truth_at(with_knob(knob), dbm(20)).lowest;
  };
  const auto even = lowest("kind: interface");
  ASSERT_GT(even.front(), dbm(10));
  ASSERT_LT(even.back(), dbm(20));

  // A low level that is as loud as the ceiling, below others that are too quiet.
  const auto loud = lowest("radiated_dbm: {3: 20}");
  for (const Dbm level : loud) EXPECT_EQ(level, dbm(3));
  // Every level but the ceiling is dead.
  std::string dead = "radiated_dbm: {";
  for (int level = 1; level < 20; ++level) dead += std::to_string(level) + ": 0, ";
  const auto only = lowest(dead + "20: 20}");
  for (const Dbm level : only) EXPECT_EQ(level, dbm(20));
}

}  // namespace
}  // namespace pianissimo::sim
