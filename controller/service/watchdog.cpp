#include "controller/service/watchdog.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

namespace pianissimo::service {
namespace {

constexpr char alive = 'a';
constexpr char farewell = 'f';

// The daemon's terminal and its service manager send their signals to the child as well, and it
// must outlive the daemon.
void ignore_signals() {
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_IGN);
}

// Ends with the farewell, or after it has acted on a daemon that is dead.
void watch(int pipe, const Watchdog::Patience& patience, const Watchdog::Act& act) {
  bool has_acted = false;
  for (;;) {
    pollfd waits{.fd = pipe, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waits, 1, static_cast<int>(patience.silence.count()));
    if (ready < 0) continue;
    if (ready == 0) {
      if (!has_acted) act(false);
      has_acted = true;  // once for each silence
      continue;
    }
    std::array<char, 64> beats{};
    const ssize_t n = ::read(pipe, beats.data(), beats.size());
    if (n < 0) continue;
    if (n == 0) break;
    const std::string_view told{beats.data(), static_cast<std::size_t>(n)};
    if (told.find(farewell) != std::string_view::npos) return;
    has_acted = false;
  }
  ::poll(nullptr, 0, static_cast<int>(patience.end.count()));
  act(true);
}

}  // namespace

Watchdog::Watchdog(const Act& act, Patience patience) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  child_ = ::fork();
  if (child_ == 0) {
    ::close(ends[1]);
    ::setsid();
    ignore_signals();
    watch(ends[0], patience, act);
    ::_exit(0);
  }
  ::close(ends[0]);
  pipe_ = ends[1];
  // A child that does not read must not stop us.
  ::fcntl(pipe_, F_SETFL, O_NONBLOCK);
}

Watchdog::~Watchdog() {
  if (pipe_ < 0) return;
  static_cast<void>(::write(pipe_, &farewell, 1) == 1);
  ::close(pipe_);
  if (child_ > 0) ::waitpid(child_, nullptr, 0);
}

void Watchdog::hand_over() {
  if (pipe_ >= 0) ::close(pipe_);
  pipe_ = -1;
}

bool Watchdog::beat() const {
  if (child_ < 0) return false;
  return ::write(pipe_, &alive, 1) == 1 || errno == EAGAIN;
}

}  // namespace pianissimo::service
