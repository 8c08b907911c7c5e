// pianissimo-lab recorded: laws on tables of throughput by power.
#pragma once

#include <CLI/App.hpp>

namespace pianissimo::lab {

/// Adds the subcommand; when it is given, parsing runs it and its exit status goes to `status`.
void add_recorded(CLI::App& lab, int& status);

}  // namespace pianissimo::lab
