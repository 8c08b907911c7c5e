#include "experiments/lab/long_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <iostream>

namespace pianissimo::lab {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::atomic<bool> is_stop_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void ask_to_stop(int) { is_stop_asked = true; }

}  // namespace

StopRequest::StopRequest()
    : on_interrupt_{std::signal(SIGINT, ask_to_stop)},
      on_terminate_{std::signal(SIGTERM, ask_to_stop)} {}

StopRequest::~StopRequest() {
  std::signal(SIGINT, on_interrupt_);
  std::signal(SIGTERM, on_terminate_);
  is_stop_asked = false;
}

bool StopRequest::is_asked() { return is_stop_asked; }

Progress::Progress()
    : begin_{Clock::now()}, shown_{begin_}, is_terminal_{::isatty(STDERR_FILENO) == 1} {}

Progress::~Progress() {
  if (is_open_) std::cerr << '\n';
}

void Progress::show(std::size_t done, std::size_t all) {
  const auto now = Clock::now();
  if (done != all && now - shown_ < (is_terminal_ ? Clock::duration{200ms} : 10s)) return;
  shown_ = now;
  const double left = std::chrono::duration<double>(now - begin_).count() *
                      static_cast<double>(all - done) / static_cast<double>(done);
  const std::string text =
      fmt::format("{} of {} done, {} left", done, all,
                  duration_text(std::chrono::seconds{static_cast<std::int64_t>(left)}));
  std::cerr << (is_terminal_ ? "\r\x1b[K" : "") << text << (is_terminal_ ? "" : "\n") << std::flush;
  is_open_ = is_terminal_;
}

std::string duration_text(std::chrono::seconds duration) {
  const auto s = duration.count();
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

}  // namespace pianissimo::lab
