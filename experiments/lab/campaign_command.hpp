// pianissimo-lab campaign: laws on real access points, over ssh.
#pragma once

#include <CLI/App.hpp>

namespace pianissimo::lab {

/// Adds the subcommand; when it is given, parsing runs it and its exit status goes to `status`.
void add_campaign(CLI::App& lab, int& status);

}  // namespace pianissimo::lab
