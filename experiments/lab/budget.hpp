// What a command may take without being told to.
#pragma once

#include <CLI/App.hpp>

#include "experiments/sim/cost.hpp"

namespace pianissimo::lab {

/// More memory or time than this is asked for before it is taken.
inline constexpr double budget_bytes = 1e9;
inline constexpr double budget_seconds = 60;

/// The flag with which a command is told to go on.
void add_long(CLI::App& command, bool& is_long);

/// True: go on. Else it is said on standard error what `what` ("simbig.yaml") would take, and how
/// to go on.
bool is_affordable(const std::string& what, const sim::Cost& cost, bool is_long);

}  // namespace pianissimo::lab
