#include "experiments/traffic/kernel_connection.hpp"

#include <fmt/format.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace pianissimo::traffic {
namespace {

constexpr timeval longest_open{.tv_sec = 10, .tv_usec = 0};
// TCP option kinds, as TCP_REPAIR_OPTIONS names them.
constexpr std::uint32_t option_most_segment = 2;
constexpr std::uint32_t option_window_scale = 3;
constexpr std::uint32_t option_sack_permitted = 4;
constexpr std::uint32_t option_timestamps = 8;

sockaddr* generic(sockaddr_storage& address) { return reinterpret_cast<sockaddr*>(&address); }

// The port is at the same place in both families.
std::uint16_t port_of(const sockaddr_storage& address) {
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

sockaddr_storage socket_address(const InternetAddress& address, std::uint16_t port) {
  sockaddr_storage storage{};
  if (address.is_ipv6) {
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    std::ranges::copy(address.bytes(), v6->sin6_addr.s6_addr);
  } else {
    auto* const v4 = reinterpret_cast<sockaddr_in*>(&storage);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    std::ranges::copy(address.bytes(), reinterpret_cast<std::uint8_t*>(&v4->sin_addr));
  }
  return storage;
}

InternetAddress internet_address(const sockaddr_storage& storage) {
  InternetAddress address;
  address.is_ipv6 = storage.ss_family == AF_INET6;
  if (address.is_ipv6) {
    const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
    std::ranges::copy(v6->sin6_addr.s6_addr, address.octets.begin());
  } else {
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&v4->sin_addr), 4, address.octets.begin());
  }
  return address;
}

/// The options of one socket; after one that cannot be had, `failed` is its errno.
class TcpOptions {
 public:
  explicit TcpOptions(int fd) : fd_{fd} {}

  template <class T>
  T get(int option) {
    T value{};
    socklen_t length = sizeof value;
    note(getsockopt(fd_, IPPROTO_TCP, option, &value, &length));
    return value;
  }
  template <class T>
  void set(int option, const T& value) {
    note(setsockopt(fd_, IPPROTO_TCP, option, &value, sizeof value));
  }

  std::uint32_t sequence(int queue) {
    set(TCP_REPAIR_QUEUE, queue);
    return get<std::uint32_t>(TCP_QUEUE_SEQ);
  }
  void set_sequence(int queue, std::uint32_t number) {
    set(TCP_REPAIR_QUEUE, queue);
    set(TCP_QUEUE_SEQ, number);
  }

  int failed = 0;

 private:
  void note(int result) {
    if (result < 0 && failed == 0) failed = errno;
  }
  int fd_;
};

}  // namespace

Result<KernelConnection> KernelConnection::prepare(const std::string& interface,
                                                   const std::string& address, std::uint16_t port) {
  const auto peer = traffic::internet_address(address);
  if (!peer) return peer.error();
  KernelConnection connection;
  connection.interface_ = interface;
  connection.peer_ = *peer;
  connection.peer_socket_ = socket_address(*peer, port);
  connection.length_ = peer->is_ipv6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  connection.own_socket_.ss_family = connection.peer_socket_.ss_family;
  if (auto made = connection.make_socket(); !made) return made.error();
  if (bind(connection.fd_, generic(connection.own_socket_), connection.length_) < 0) {
    return system_error("TCP socket", errno);
  }
  socklen_t length = connection.length_;
  getsockname(connection.fd_, generic(connection.own_socket_), &length);
  connection.own_port_ = port_of(connection.own_socket_);
  return connection;
}

KernelConnection::KernelConnection(KernelConnection&& other) noexcept { *this = std::move(other); }

KernelConnection& KernelConnection::operator=(KernelConnection&& other) noexcept {
  interface_ = std::move(other.interface_);
  peer_ = other.peer_;
  peer_socket_ = other.peer_socket_;
  own_socket_ = other.own_socket_;
  length_ = other.length_;
  own_port_ = other.own_port_;
  most_segment_ = other.most_segment_;
  std::swap(fd_, other.fd_);
  return *this;
}

KernelConnection::~KernelConnection() {
  if (fd_ >= 0) close(fd_);
}

// Of the family of `own_socket_`, and for one interface.
Result<void> KernelConnection::make_socket() {
  fd_ = socket(own_socket_.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return system_error("TCP socket", errno);
  const int yes = 1;
  setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (setsockopt(fd_, SOL_SOCKET, SO_BINDTODEVICE, interface_.data(),
                 static_cast<socklen_t>(interface_.size())) < 0) {
    return system_error(interface_, errno);
  }
  return {};
}

Result<void> KernelConnection::open(const std::atomic<bool>& stop) {
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &longest_open, sizeof longest_open);
  if (connect(fd_, generic(peer_socket_), length_) < 0) {
    if (stop) return Error{"stopped before the connection was open", ExitStatus::unavailable};
    const int error_number = errno == EINPROGRESS ? ETIMEDOUT : errno;
    Error error = system_error("TCP connection", error_number);
    if (error_number == ETIMEDOUT || error_number == ECONNREFUSED) {
      error.exit_status = ExitStatus::unavailable;
    }
    return error;
  }
  socklen_t length = length_;
  getsockname(fd_, generic(own_socket_), &length);
  return {};
}

Result<TcpStanding> KernelConnection::lend() {
  TcpOptions options{fd_};
  options.set(TCP_REPAIR, TCP_REPAIR_ON);
  TcpStanding standing;
  standing.own = internet_address(own_socket_);
  standing.send_next = options.sequence(TCP_SEND_QUEUE);
  standing.receive_next = options.sequence(TCP_RECV_QUEUE);
  const auto window = options.get<tcp_repair_window>(TCP_REPAIR_WINDOW);
  standing.peer_window = window.snd_wnd;
  standing.own_window = window.rcv_wnd;
  const auto info = options.get<tcp_info>(TCP_INFO);
  standing.peer_shift = info.tcpi_snd_wscale;
  standing.own_shift = info.tcpi_rcv_wscale;
  standing.segment_bytes = info.tcpi_snd_mss;
  standing.has_timestamps = (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0;
  standing.has_sack = (info.tcpi_options & TCPI_OPT_SACK) != 0;
  standing.clock = options.get<std::uint32_t>(TCP_TIMESTAMP);
  most_segment_ = options.get<std::uint32_t>(TCP_MAXSEG);
  if (options.failed != 0) {
    return system_error("TCP_REPAIR (needs CAP_NET_ADMIN)", options.failed);
  }
  return standing;
}

// As CRIU restores a connection: sequence numbers, then the addresses, then what was negotiated.
Result<void> KernelConnection::take_back(const TcpStanding& standing) {
  close(std::exchange(fd_, -1));  // under repair, so nothing is sent
  if (auto made = make_socket(); !made) return made;
  TcpOptions options{fd_};
  options.set(TCP_REPAIR, TCP_REPAIR_ON);
  options.set_sequence(TCP_SEND_QUEUE, standing.send_next);
  options.set_sequence(TCP_RECV_QUEUE, standing.receive_next);
  if (options.failed == 0 && (bind(fd_, generic(own_socket_), length_) < 0 ||
                              connect(fd_, generic(peer_socket_), length_) < 0)) {
    options.failed = errno;
  }
  const auto negotiated = [&](std::uint32_t kind, std::uint32_t value) {
    options.set(TCP_REPAIR_OPTIONS, tcp_repair_opt{.opt_code = kind, .opt_val = value});
  };
  negotiated(option_most_segment, most_segment_);
  negotiated(option_window_scale, standing.peer_shift | std::uint32_t{standing.own_shift} << 16U);
  if (standing.has_sack) negotiated(option_sack_permitted, 0);
  if (standing.has_timestamps) {
    negotiated(option_timestamps, 0);
    // An odd number would mean microseconds; one from the past is not taken by the peer.
    options.set(TCP_TIMESTAMP, (standing.clock + 2) & ~1U);
  }
  options.set(TCP_REPAIR_WINDOW, tcp_repair_window{.snd_wl1 = standing.receive_next,
                                                   .snd_wnd = standing.peer_window,
                                                   .max_window = standing.peer_window,
                                                   .rcv_wnd = standing.own_window,
                                                   .rcv_wup = standing.receive_next});
  options.set(TCP_REPAIR, TCP_REPAIR_OFF_NO_WP);
  if (options.failed != 0) return system_error("TCP connection, taken back", options.failed);
  return {};
}

bool KernelConnection::finish(Duration patience) {
  shutdown(fd_, SHUT_WR);
  const auto end = std::chrono::steady_clock::now() + patience;
  std::array<char, 4096> unread{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd readable{.fd = fd_, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || poll(&readable, 1, static_cast<int>(left.count())) <= 0) return false;
    const ssize_t got = recv(fd_, unread.data(), unread.size(), 0);
    if (got <= 0) return got == 0;
  }
}

void KernelConnection::abort() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(std::exchange(fd_, -1));
}

}  // namespace pianissimo::traffic
