#include "controller/service/radio_locks.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace pianissimo::service {
namespace {

struct Address {
  sockaddr_un name{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
};

Address address_of(WiphyIndex wiphy) {
  Address address;
  address.name.sun_family = AF_UNIX;
  // The first byte stays 0: an abstract name, which is in no directory.
  const std::string name = fmt::format("pianissimo/phy{}", value(wiphy));
  std::memcpy(address.name.sun_path + 1, name.data(), name.size());
  address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return address;
}

int make_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

// " (pid 123 of user 0)", if the holder can be asked.
std::string holder_of(const Address& address) {
  const int fd = make_socket();
  std::string text;
  ucred holder{};
  socklen_t size = sizeof holder;
  if (fd >= 0 && ::connect(fd, address.get(), address.length) == 0 &&
      ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &holder, &size) == 0) {
    text = fmt::format(" (pid {} of user {})", holder.pid, holder.uid);
  }
  if (fd >= 0) ::close(fd);
  return text;
}

}  // namespace

SocketLocks::~SocketLocks() {
  for (const auto& [wiphy, fd] : sockets_) ::close(fd);
}

std::optional<std::string> SocketLocks::take(WiphyIndex wiphy) {
  if (sockets_.contains(wiphy)) return std::nullopt;
  const Address address = address_of(wiphy);
  const int fd = make_socket();
  if (fd >= 0 && ::bind(fd, address.get(), address.length) == 0 && ::listen(fd, 8) == 0) {
    sockets_.emplace(wiphy, fd);
    return std::nullopt;
  }
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (error != EADDRINUSE) {
    return fmt::format("phy{}: the radio's lock: {}", value(wiphy), std::strerror(error));
  }
  return fmt::format("phy{}: another pianissimo drives this radio{}; stop it first", value(wiphy),
                     holder_of(address));
}

}  // namespace pianissimo::service
