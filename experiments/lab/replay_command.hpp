// pianissimo-lab replay: recorded events through the core once more.
#pragma once

#include <CLI/App.hpp>

namespace pianissimo::lab {

/// Adds the subcommand; when it is given, parsing runs it and its exit status goes to `status`.
void add_replay(CLI::App& lab, int& status);

}  // namespace pianissimo::lab
