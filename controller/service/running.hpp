// Whether a daemon runs: for everybody who asks, without a lock that others need.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "controller/service/replace_file.hpp"

namespace pianissimo::service {

/// Says in the state directory that this process runs; everybody may read it.
std::optional<StateError> note_running(const std::string& state_directory);
std::optional<StateError> forget_running(const std::string& state_directory);

/// The process that said so, if it still lives: a process has its number and the time it began.
std::optional<pid_t> running(const std::string& state_directory);

}  // namespace pianissimo::service
