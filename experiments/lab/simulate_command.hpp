// pianissimo-lab simulate: a scenario and a law -> a run's folder, many times faster than time.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace pianissimo::lab {

/// Names of the laws that have a journal: the daemon's and the laboratory's.
std::vector<std::string> simulated_laws();

/// Adds the subcommand; when it is given, parsing runs it and its exit status goes to `status`.
void add_simulate(CLI::App& lab, int& status);

}  // namespace pianissimo::lab
