// Windows of simulated runs with what is true of them: what a classifier learns from, and is judged
// by.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "controller/core/traffic_tree.hpp"
#include "experiments/sim/run.hpp"

namespace pianissimo::train {

/// A station's window. `truth` is from the traffic that was generated:
/// saturated: at half of the moments at least (one each 100 ms), eight full aggregates or more
/// waited (what is under way counts as waiting, and of a fast stream that is some);
/// idle: else, and less than a full frame came or was delivered;
/// light: all others.
struct Row {
  std::string scenario;
  std::uint64_t seed = 0;
  MacAddress station;
  Instant at;  ///< the window's end
  Features features{};
  LoadClass truth = LoadClass::idle;
  LoadClass rule = LoadClass::idle;  ///< what load_between() says of the same window
};

/// Runs a scenario under a law. The features are from the events that a journal of the run would
/// hold, and from nothing else.
std::vector<Row> rows_of(const sim::Scenario& scenario, std::uint64_t seed,
                         const PolicyFactory& law);

/// A line for the columns, then one for each row.
void write_rows(std::ostream& out, std::span<const Row> rows);

}  // namespace pianissimo::train
