// Somebody who asks over HTTP: a socket on loopback.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

namespace pianissimo::service {

class HttpClient {
 public:
  /// `receive_buffer`, bytes: what the kernel takes for it; 0: as it likes.
  explicit HttpClient(const std::string& address, std::uint16_t port, int receive_buffer = 0)
      : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    if (receive_buffer > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    is_connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~HttpClient() { ::close(fd_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool is_connected() const { return is_connected_; }
  void send(std::string_view bytes) const {
    static_cast<void>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  /// What has come since the last call; never waits.
  std::string take() {
    std::string all;
    std::array<char, 65'536> bytes{};
    for (;;) {
      const auto size = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (size > 0) {
        all.append(bytes.data(), static_cast<std::size_t>(size));
        continue;
      }
      is_closed_ = size == 0 || (errno != EAGAIN && errno != EINTR);
      return all;
    }
  }
  /// Until something comes, or a millisecond is over: a busy kernel takes a moment for loopback.
  void wait() const {
    pollfd what{.fd = fd_, .events = POLLIN, .revents = 0};
    ::poll(&what, 1, 1);
  }
  /// Whether the other end has closed, as far as take() has seen.
  bool is_closed() const { return is_closed_; }

 private:
  int fd_;
  bool is_connected_ = false;
  bool is_closed_ = false;
};

}  // namespace pianissimo::service
