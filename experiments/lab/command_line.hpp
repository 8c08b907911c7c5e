// What can be asked of `pianissimo-lab`, declared once: the program parses with it, and the manual
// page and the shells' completions are made from it.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pianissimo::lab {

/// Declares every command and option. A command runs while `lab` parses, and leaves its exit status
/// in `status`.
void declare_command_line(CLI::App& lab, int& status);

/// What may stand where the help says SCENARIO, LAW and CONTENDER, for the completions.
std::map<std::string, std::vector<std::string>> value_lists();

}  // namespace pianissimo::lab
