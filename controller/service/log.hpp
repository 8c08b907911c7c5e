// The log for people, on standard error; the journal is for machines.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <string>

#include "config/config.hpp"
#include "controller/core/decision.hpp"

namespace pianissimo::service {

/// Colour on a terminal only, and not where NO_COLOR is set.
std::shared_ptr<spdlog::logger> make_log(LogLevel level);

spdlog::level::level_enum to_spdlog(LogLevel level);

/// Who wants to read of a decision: routine is for debugging, a stubborn knob is a warning.
spdlog::level::level_enum level_of(Reason reason);
/// "20 -> 19 dBm: step_down 02:00:00:00:01:00 97.1 of 98.0 Mbit/s"
std::string to_words(const Decision& decision);

}  // namespace pianissimo::service
