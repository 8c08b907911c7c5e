// pianissimo-lab traffic: frames and packets by a plan, and what became of them.
#pragma once

#include <CLI/App.hpp>

namespace pianissimo::lab {

/// Adds the subcommand; when it is given, parsing runs it and its exit status goes to `status`.
void add_traffic(CLI::App& lab, int& status);

}  // namespace pianissimo::lab
