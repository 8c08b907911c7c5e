#include "controller/service/supervisor.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <limits>
#include <string_view>

namespace pianissimo::service {
namespace {

using std::chrono::microseconds;

std::optional<std::int64_t> positive_number(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed, failed] = std::from_chars(text.data(), end, number);
  // As nanoseconds it still has to be a Duration.
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1000;
  const bool is_good = failed == std::errc{} && parsed == end && number > 0 && number <= most;
  return is_good ? std::optional{number} : std::nullopt;
}

// A path, or with "@" the name of an abstract socket. -1 with errno: nobody can be told there.
int connect_to(std::string_view address) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const bool is_abstract = address.starts_with('@');
  if ((!is_abstract && !address.starts_with('/')) || address.size() < 2) {
    errno = EAFNOSUPPORT;
    return -1;
  }
  if (address.size() >= sizeof name.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  std::memcpy(name.sun_path, address.data(), address.size());
  if (is_abstract) name.sun_path[0] = '\0';
  // The length says where an abstract name ends.
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&name), length) != 0) {
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

}  // namespace

SystemdSupervisor::Made SystemdSupervisor::from(const Environment& environment, const Time& time) {
  const char* const address = environment("NOTIFY_SOCKET");
  if (!address || *address == '\0') return std::unique_ptr<SystemdSupervisor>{};
  std::optional<Duration> patience;
  const char* const whom = environment("WATCHDOG_PID");
  const bool is_ours = !whom || positive_number(whom) == ::getpid();
  if (const char* const text = environment("WATCHDOG_USEC"); text && is_ours) {
    const auto number = positive_number(text);
    if (!number) return fmt::format("WATCHDOG_USEC={}: not a number of microseconds", text);
    patience = microseconds{*number};
  }
  const int socket = connect_to(address);
  if (socket < 0) return fmt::format("NOTIFY_SOCKET={}: {}", address, std::strerror(errno));
  return std::unique_ptr<SystemdSupervisor>{new SystemdSupervisor{socket, patience, time}};
}

SystemdSupervisor::~SystemdSupervisor() { ::close(socket_); }

void SystemdSupervisor::reloading() {
  const auto now = std::chrono::duration_cast<microseconds>(time_.now().time_since_epoch());
  tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\n", now.count()));
}

void SystemdSupervisor::alive() {
  if (!owed_.empty()) tell(std::move(owed_));
  const Instant now = time_.now();
  if (!patience_ || (told_alive_ && now - *told_alive_ < *patience_ / 2)) return;
  if (send("WATCHDOG=1\n")) told_alive_ = now;
}

void SystemdSupervisor::tell(std::string state) {
  owed_.clear();
  if (!send(state)) owed_ = std::move(state);
}

bool SystemdSupervisor::send(const std::string& text) const {
  return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

}  // namespace pianissimo::service
