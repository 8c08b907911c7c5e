// What the operator can ask of `pianissimo`, declared once: the program parses with it, and the
// manual page and the shells' completions are made from it.
#pragma once

#include "controller/service/exit_status.hpp"

namespace CLI {
class App;
}

namespace pianissimo::service {

/// Declares every command and option. A command runs while `app` parses, and leaves its exit code
/// in `status`.
void declare_command_line(CLI::App& app, ExitStatus& status);

}  // namespace pianissimo::service
