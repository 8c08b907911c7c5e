// Laws x scenarios x seeds.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/evaluate/figures.hpp"
#include "experiments/evaluate/variant.hpp"

namespace pianissimo::evaluate {

/// Who is judged by default: policies::laws(), two that know more than a law may: "best-fixed" (the
/// lowest fixed level that, as hindsight shows, retains `keep` of every station's capacity) and
/// "oracle"; and "rate-slowest", the slowest bit rate at the ceiling.
std::vector<std::string> contender_names();

/// Of these; or "rate-fixed:7", "rate-fixed:7x1": a bit rate (sim::parse_bit_rate()) at the
/// ceiling; or "oracle-late:0.2", "oracle-late:0.2+1": the oracle that lags (parse_lateness()).
bool is_contender(std::string_view name);

struct SuiteOptions {
  std::vector<std::string> contenders;    ///< is_contender() each, or of the variants' names
  std::vector<Variant> variants;          ///< as parse_variant() gives them
  std::vector<double> keeps{0.90, 0.97};  ///< of sim::oracle_keeps
  int seeds = 20;                         ///< 1, 2, ..., seeds
  int jobs = 1;
  BoxParams box;
  /// Whether Figure::oracle_gap_db is wanted; it takes the runs of the oracles for all of
  /// sim::oracle_keeps and of the floor, else only those for `keeps` are run.
  bool gap = true;
  std::function<void(std::size_t done, std::size_t all)> progress;
  std::function<bool()> stop;
};

/// One contender on one scenario, aiming at and judged by one keep.
struct Row {
  std::string scenario;
  std::string contender;
  double keep = 0;
  std::vector<Figures> by_seed;
};

/// Rows by scenario, keep and contender, each in the order given; the same whatever the number of
/// jobs. nullopt: stopped.
std::optional<std::vector<Row>> evaluate(std::span<const sim::Scenario> scenarios,
                                         const SuiteOptions& options);

/// Over all scenarios, each counting as much as every other: a row per keep and contender, whose
/// by_seed are the scenarios' means for that seed. Its scenario's name is empty.
std::vector<Row> over_scenarios(std::span<const Row> rows);

}  // namespace pianissimo::evaluate
