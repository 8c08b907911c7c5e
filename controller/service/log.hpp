// The log for people, on standard error; the journal is for machines.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <string>

#include "config/config.hpp"
#include "controller/core/decision.hpp"
#include "controller/journal/pseudonym.hpp"

namespace pianissimo::service {

/// Colour on a terminal only, and not where NO_COLOR is set.
std::shared_ptr<spdlog::logger> make_log(LogLevel level);

/// From here on the log tells no station's address.
void hide_stations_in(spdlog::logger& log, std::shared_ptr<journal::Pseudonyms> names);

spdlog::level::level_enum to_spdlog(LogLevel level);

/// The log level of a decision: debug for routine, warn for trouble with the knob, else info.
spdlog::level::level_enum level_of(Reason reason);
/// The reason's sentence behind the two levels, and what the operating system says to an errno:
/// "17 -> 20 dBm: The kernel refused 17 dBm (errno 16): [...] Device or resource busy."
std::string to_words(const Decision& decision);

}  // namespace pianissimo::service
