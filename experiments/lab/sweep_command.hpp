// pianissimo-lab sweep: a grid of parameters over scenarios or journals -> a row of JSON per run.
#pragma once

#include <CLI/App.hpp>

namespace pianissimo::lab {

/// Adds the subcommand; when it is given, parsing runs it and its exit status goes to `status`.
void add_sweep(CLI::App& lab, int& status);

}  // namespace pianissimo::lab
