// A run's folder, as the virtual testbed leaves one: truth.csv, run.json and the journal's header.
#pragma once

#include <iosfwd>
#include <string>

#include "experiments/sim/run.hpp"

namespace pianissimo::sim {

/// Rows of the stations while they are with access point `ap` (from 0). The testbed's columns, and
/// behind them: offered_bytes, capacity_mbps, capacity_at_ceiling_mbps and, for each of
/// oracle_keeps, the lowest level that keeps so much.
void write_truth_csv(std::ostream& out, const RunResult& result, int ap);

/// `label` names the run for the reader of a report.
std::string run_json(const Scenario& scenario, const RunResult& result, int ap,
                     const std::string& label, std::uint64_t seed);

/// First line of the journal of access point `ap`. `config`, as JSON, is what a replay will run
/// with.
journal::Record journal_header(const Scenario& scenario, const std::string& config, int ap);

}  // namespace pianissimo::sim
