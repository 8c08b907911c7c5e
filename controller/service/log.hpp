// The log for people, on standard error; the journal is for machines.
#pragma once

#include <spdlog/logger.h>

#include <memory>

#include "config/config.hpp"

namespace pianissimo::service {

/// Colour on a terminal only, and not where NO_COLOR is set.
std::shared_ptr<spdlog::logger> make_log(LogLevel level);

spdlog::level::level_enum to_spdlog(LogLevel level);

}  // namespace pianissimo::service
