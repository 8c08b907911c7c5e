// Small scenarios, and what is asked of their runs.
#pragma once

#include <gtest/gtest.h>

#include "controller/policy/descend.hpp"
#include "controller/policy/fixed.hpp"
#include "experiments/sim/figures.hpp"
#include "experiments/sim/run.hpp"

namespace pianissimo::sim {

inline Scenario scenario(const std::string& yaml) {
  auto parsed = parse_scenario("description: d\n" + yaml, "test.yaml");
  if (const auto* const error = std::get_if<ScenarioError>(&parsed)) {
    ADD_FAILURE() << error->message;
    return {};
  }
  return std::get<Scenario>(std::move(parsed));
}

inline PolicyFactory fixed_at(Dbm level) {
  return [level] { return make_fixed({.level = level}); };
}
inline PolicyFactory at_ceiling() {
  return [] { return make_fixed({}); };
}
inline PolicyFactory descend() {
  return [] { return make_descend({}); };
}

inline RunResult run_with(const Scenario& plan, PolicyFactory policy, std::uint64_t seed = 1) {
  return run(plan, {.seed = seed, .policy = std::move(policy), .record = {}});
}

/// Delivered by one station in the measured part.
inline double mbps(const RunResult& result, std::size_t station = 0) {
  return station_figures(result, result, station).delivered_mbps;
}

}  // namespace pianissimo::sim
