// Netlink sockets on Asio. Commands and events have a socket each: the kernel answers a request
// that is made during a dump with an error, and an event storm must not delay a reply.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "nl80211/conversation.hpp"
#include "nl80211/error.hpp"
#include "nl80211/request.hpp"

struct nl_sock;

namespace pianissimo::nl80211 {

namespace asio = boost::asio;

/// A connected, non-blocking netlink socket with its receive buffer.
class NetlinkSocket {
 public:
  /// `protocol` is NETLINK_GENERIC or NETLINK_ROUTE.
  static Result<NetlinkSocket> open(const asio::any_io_executor& executor, int protocol);

  Result<void> join(int group);
  Result<void> send(Bytes message);

  /// The next datagram if there is one, else an error that is would_block(). The bytes are valid
  /// until the next call. What does not come from the kernel is dropped.
  Result<Bytes> receive();

  asio::posix::stream_descriptor& descriptor() { return descriptor_; }
  std::uint32_t port() const { return port_; }

 private:
  struct Free {
    void operator()(nl_sock* socket) const noexcept;
  };
  using Handle = std::unique_ptr<nl_sock, Free>;

  NetlinkSocket(Handle handle, asio::posix::stream_descriptor descriptor);

  Handle handle_;
  asio::posix::stream_descriptor descriptor_;  ///< a duplicate: libnl closes its own, Asio too
  std::unique_ptr<std::byte[]> buffer_;
  std::uint32_t port_;
};

/// Whether receive() merely has nothing yet.
bool would_block(const Error& error) noexcept;

/// Requests and their replies, one request at a time; further ones wait for their turn. Must
/// outlive its requests, but for those that an io_context destroys unfinished. For one thread.
class CommandSocket {
 public:
  /// The kernel answers within the send call, so this is not a matter of speed: it keeps a lost
  /// reply from stopping the daemon for ever.
  static constexpr std::chrono::milliseconds default_patience{2000};

  CommandSocket(NetlinkSocket socket, std::uint16_t family,
                std::chrono::milliseconds patience = default_patience);

  struct Completion {
    bool interrupted = false;  ///< Conversation::interrupted()
  };

  /// Sends the request and shows `take` each reply where it lies in the receive buffer. `take` must
  /// stay alive until the result is there.
  asio::awaitable<Result<Completion>> request(Request request, const Conversation::Take& take);

 private:
  class Turn;
  asio::awaitable<Result<void>> readable(std::chrono::steady_clock::time_point deadline);
  void drain();

  NetlinkSocket socket_;
  std::uint16_t family_;
  std::chrono::milliseconds patience_;
  asio::steady_timer turn_;  ///< never expires; a cancelled wait says that the socket is free
  std::shared_ptr<bool> busy_ = std::make_shared<bool>(false);  ///< shared with the Turn
  bool stale_ = false;  ///< a request was given up on: its replies may still come
  std::uint32_t sequence_ = 0;
  std::vector<std::byte> out_;
};

}  // namespace pianissimo::nl80211
