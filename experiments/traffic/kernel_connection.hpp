// A TCP connection that the kernel opens, lends and closes.
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "controller/core/time.hpp"
#include "experiments/traffic/error.hpp"
#include "experiments/traffic/internet_frame.hpp"

namespace pianissimo::traffic {

/// Where a connection stands when it changes hands.
struct TcpStanding {
  InternetAddress own;
  std::uint32_t send_next = 0;  ///< sequence numbers
  std::uint32_t receive_next = 0;
  std::uint32_t peer_window = 0;  ///< bytes
  std::uint32_t own_window = 0;   ///< bytes
  std::uint8_t peer_shift = 0;    ///< window scales
  std::uint8_t own_shift = 0;
  std::uint32_t segment_bytes = 0;  ///< the most payload that the peer takes, beside the options
  bool has_timestamps = false;
  bool has_sack = false;
  std::uint32_t clock = 0;  ///< the timestamp that the kernel would send now, ms
};

/// The kernel's side: TCP_REPAIR, which was made for moving connections between machines. Needs
/// CAP_NET_ADMIN.
class KernelConnection {
 public:
  /// A socket with a port of its own, to a numeric address, through one interface.
  static Result<KernelConnection> prepare(const std::string& interface, const std::string& address,
                                          std::uint16_t port);
  KernelConnection(KernelConnection&& other) noexcept;
  KernelConnection& operator=(KernelConnection&& other) noexcept;
  /// A connection that is lent is forgotten: nothing is sent.
  ~KernelConnection();

  std::uint16_t own_port() const { return own_port_; }
  const InternetAddress& peer() const { return peer_; }

  /// Up to 10 s; an error, too, once `stop` is set.
  Result<void> open(const std::atomic<bool>& stop);
  /// From here on the kernel sends nothing.
  Result<TcpStanding> lend();
  /// The kernel goes on from there.
  Result<void> take_back(const TcpStanding& standing);
  /// Says that nothing more comes, and waits this long for the peer to say it, too: whether it did.
  bool finish(Duration patience);
  /// Resets it.
  void abort();

 private:
  KernelConnection() = default;
  Result<void> make_socket();

  std::string interface_;
  InternetAddress peer_;
  sockaddr_storage peer_socket_{};
  sockaddr_storage own_socket_{};
  socklen_t length_ = 0;
  std::uint16_t own_port_ = 0;
  std::uint32_t most_segment_ = 0;
  int fd_ = -1;
};

}  // namespace pianissimo::traffic
