// The commands that go through the control socket, as they are typed.
#pragma once

#include <CLI/App.hpp>

#include "controller/service/exit_status.hpp"

namespace pianissimo::service {

/// Adds them. The one that is called sets `status`.
void add_control_commands(CLI::App& app, ExitStatus& status);

}  // namespace pianissimo::service
