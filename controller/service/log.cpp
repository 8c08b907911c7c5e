#include "controller/service/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <cstdlib>
#include <cstring>

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
  switch (reason) {
    case Reason::step_down:
    case Reason::visit:
    case Reason::visit_over:
    case Reason::visit_passed:
    case Reason::visit_inconclusive:
      return spdlog::level::debug;
    case Reason::knob_refused:
    case Reason::knob_clamped:
      return spdlog::level::warn;
    case Reason::start:
    case Reason::station_joined:
    case Reason::box_changed:
    case Reason::single_level:
    case Reason::throughput_fell:
    case Reason::floor_reached:
    case Reason::visit_failed:
    case Reason::idle:
    case Reason::no_estimate:
    case Reason::fixed:
      break;
  }
  return spdlog::level::info;
}

std::string to_words(const Decision& decision) {
  const Evidence& evidence = decision.evidence;
  std::string words = fmt::format("{:g} -> {:g} dBm: {}", decision.from.value(),
                                  decision.to.value(), to_string(decision.reason));
  if (evidence.station) words += " " + to_string(*evidence.station);
  if (evidence.observed && evidence.reference) {
    words += fmt::format(" {:.1f} of {:.1f} Mbit/s", evidence.observed->mbps(),
                         evidence.reference->mbps());
  }
  if (evidence.utilisation_percent) {
    words += fmt::format(", {} % utilised", *evidence.utilisation_percent);
  }
  if (evidence.error) words += fmt::format(" {}", std::strerror(*evidence.error));
  return words;
}

}  // namespace pianissimo::service
