#include "experiments/testbed/medium/control_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace pianissimo::testbed {
namespace {

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw std::runtime_error{"socket path is too long: " + path};
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

int datagram_socket() {
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::system_error{errno, std::generic_category(), "UNIX socket"};
  return fd;
}

std::system_error failed(const std::string& path) { return {errno, std::generic_category(), path}; }

struct FdCloser {
  int fd;
  ~FdCloser() { close(fd); }
};

}  // namespace

ControlSocket::ControlSocket(std::string path) : path_{std::move(path)} {
  const auto address = address_of(path_);
  unlink(path_.c_str());
  fd_ = datagram_socket();
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) {
    const auto error = failed(path_);
    close(fd_);
    throw error;
  }
}

ControlSocket::~ControlSocket() {
  close(fd_);
  unlink(path_.c_str());
}

void ControlSocket::serve(const std::function<std::string(const std::string&)>& answer) const {
  for (;;) {
    std::array<char, 512> text{};
    sockaddr_un from{};
    socklen_t size = sizeof from;
    const ssize_t n = recvfrom(fd_, text.data(), text.size(), MSG_DONTWAIT,
                               reinterpret_cast<sockaddr*>(&from), &size);
    if (n < 0) return;
    const std::string reply = answer({text.data(), static_cast<std::size_t>(n)});
    // Whoever asked may be gone by now; that is not our trouble.
    sendto(fd_, reply.data(), reply.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&from), size);
  }
}

std::string ask(const std::string& path, const std::string& command) {
  const auto address = address_of(path);
  const FdCloser client{datagram_socket()};
  // An address of the family alone asks Linux for an unused abstract name to be answered at.
  sockaddr_un own{};
  own.sun_family = AF_UNIX;
  if (bind(client.fd, reinterpret_cast<const sockaddr*>(&own), sizeof own.sun_family) < 0 ||
      connect(client.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 ||
      send(client.fd, command.data(), command.size(), 0) < 0) {
    throw failed(path);
  }
  pollfd ready{.fd = client.fd, .events = POLLIN, .revents = 0};
  if (poll(&ready, 1, 5000) <= 0) throw std::runtime_error{path + ": the medium does not answer"};
  std::array<char, 4096> text{};
  const ssize_t n = recv(client.fd, text.data(), text.size(), 0);
  if (n < 0) throw failed(path);
  return {text.data(), static_cast<std::size_t>(n)};
}

}  // namespace pianissimo::testbed
