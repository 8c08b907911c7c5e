// pianissimo-lab train: a traffic classifier from simulated runs, and how good it is.
#pragma once

#include <CLI/App.hpp>

namespace pianissimo::lab {

/// Adds the subcommand; when it is given, parsing runs it and its exit status goes to `status`.
void add_train(CLI::App& lab, int& status);

}  // namespace pianissimo::lab
