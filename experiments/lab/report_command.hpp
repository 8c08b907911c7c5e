// pianissimo-lab report: runs -> a page, a summary and a table.
#pragma once

#include <CLI/App.hpp>

namespace pianissimo::lab {

/// Adds the subcommand; when it is given, parsing runs it and its exit status goes to `status`.
void add_report(CLI::App& lab, int& status);

}  // namespace pianissimo::lab
