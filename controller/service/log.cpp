#include "controller/service/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <cstdlib>
#include <cstring>

#include "controller/core/sentence.hpp"

namespace pianissimo::service {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::trace:
      return spdlog::level::trace;
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

std::shared_ptr<spdlog::logger> make_log(LogLevel level) {
  const char* const no_color = std::getenv("NO_COLOR");
  const auto mode =
      no_color && *no_color ? spdlog::color_mode::never : spdlog::color_mode::automatic;
  const auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_st>(mode);
  auto log = std::make_shared<spdlog::logger>("pianissimo", sink);
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  log->set_level(to_spdlog(level));
  return log;
}

spdlog::level::level_enum level_of(Reason reason) {
  switch (mark_of(reason)) {
    case Mark::down:
    case Mark::visit_begin:
    case Mark::visit_end:
    case Mark::visit_passed:
    case Mark::visit_undecided:
      return spdlog::level::debug;
    case Mark::trouble:
      return spdlog::level::warn;
    case Mark::other:
    case Mark::begin:
    case Mark::up:
    case Mark::loss:
    case Mark::visit_failed:
      break;
  }
  return spdlog::level::info;
}

std::string to_words(const Decision& decision) {
  std::string words = fmt::format("{:g} -> {:g} dBm: {}", decision.from.value(),
                                  decision.to.value(), sentence(decision));
  if (decision.evidence.error)
    words += fmt::format(" {}.", std::strerror(*decision.evidence.error));
  return words;
}

}  // namespace pianissimo::service
