#include "controller/service/log.hpp"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <cstdlib>
#include <cstring>

#include "config/printable.hpp"
#include "controller/core/sentence.hpp"
#include "controller/core/verdict.hpp"

namespace pianissimo::service {
namespace {

// Names of interfaces and drivers, paths and the kernel's words: none of them speaks to a terminal.
class PrintableText : public spdlog::custom_flag_formatter {
 public:
  /// `names`: what stands for stations; null: their addresses.
  explicit PrintableText(std::shared_ptr<journal::Pseudonyms> names) : names_{std::move(names)} {}
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    std::string text = printable({message.payload.data(), message.payload.size()});
    if (names_) text = names_->in_text(text);
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PrintableText>(names_);
  }

 private:
  std::shared_ptr<journal::Pseudonyms> names_;
};

std::unique_ptr<spdlog::formatter> make_formatter(std::shared_ptr<journal::Pseudonyms> names) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<PrintableText>('*', std::move(names))
      .set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %*");
  return formatter;
}

}  // namespace

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
  log->set_formatter(make_formatter(nullptr));
  log->set_level(to_spdlog(level));
  return log;
}

void hide_stations_in(spdlog::logger& log, std::shared_ptr<journal::Pseudonyms> names) {
  log.set_formatter(make_formatter(std::move(names)));
}

spdlog::level::level_enum level_of(Reason reason) {
  if (verdict_of(reason) == Verdict::hurt) return spdlog::level::warn;
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
