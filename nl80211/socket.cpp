#include "nl80211/socket.hpp"

#include <fcntl.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace pianissimo::nl80211 {
namespace {

// The kernel fills a dump's datagrams up to the length of the longest read, but not beyond 32 KiB
// (netlink_recvmsg(), max_recvmsg_len): more would be wasted, less would be more system calls.
constexpr std::size_t buffer_size = 32768;

// Events queue in the kernel while the daemon is busy or stopped; 1 MiB is some thousand of them.
constexpr int receive_queue = 1 << 20;

// A dump that was given up on ends after so many datagrams for sure (32 KiB each).
constexpr int drain_limit = 4096;

Error from_libnl(int code) {
  switch (code < 0 ? -code : code) {
    case NLE_PERM:
      return Error::from_errno(EPERM);
    case NLE_NOACCESS:
      return Error::from_errno(EACCES);
    case NLE_OBJ_NOTFOUND:
      return Error::from_errno(ENOENT);
    case NLE_NOMEM:
      return Error::from_errno(ENOMEM);
    case NLE_AF_NOSUPPORT:
      return Error::from_errno(EAFNOSUPPORT);
    default:
      return Error::from_errno(EIO, nl_geterror(code));
  }
}

void set_option(int fd, int level, int option, int value) {
  // Without these the socket works too, only less well: not an error.
  ::setsockopt(fd, level, option, &value, sizeof value);
}

/// Room for events. The forced size needs CAP_NET_ADMIN, which the daemon has; the other one is
/// capped by net.core.rmem_max.
void enlarge_queue(int fd) {
  const int size = receive_queue;
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    set_option(fd, SOL_SOCKET, SO_RCVBUF, size);
}

}  // namespace

void NetlinkSocket::Free::operator()(nl_sock* socket) const noexcept { nl_socket_free(socket); }

NetlinkSocket::NetlinkSocket(Handle handle, asio::posix::stream_descriptor descriptor)
    : handle_{std::move(handle)},
      descriptor_{std::move(descriptor)},
      buffer_{std::make_unique_for_overwrite<std::byte[]>(buffer_size)},
      port_{nl_socket_get_local_port(handle_.get())} {}

Result<NetlinkSocket> NetlinkSocket::open(const asio::any_io_executor& executor, int protocol) {
  Handle handle{nl_socket_alloc()};
  if (!handle) return Error::from_errno(ENOMEM);
  if (const int error = nl_connect(handle.get(), protocol); error < 0) return from_libnl(error);

  const int fd = nl_socket_get_fd(handle.get());
  enlarge_queue(fd);
  set_option(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
  set_option(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
  const int duplicate = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (duplicate < 0) return Error::from_errno(errno);
  asio::posix::stream_descriptor descriptor{executor, duplicate};
  boost::system::error_code failure;
  descriptor.native_non_blocking(true, failure);
  if (failure) return Error{failure};
  return NetlinkSocket{std::move(handle), std::move(descriptor)};
}

Result<void> NetlinkSocket::join(int group) {
  if (const int error = nl_socket_add_memberships(handle_.get(), group, NFNLGRP_NONE); error < 0)
    return from_libnl(error);
  return {};
}

Result<void> NetlinkSocket::send(Bytes message) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  for (;;) {
    const ssize_t sent = ::sendto(descriptor_.native_handle(), message.data(), message.size(), 0,
                                  reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
    if (sent >= 0) return {};
    if (errno != EINTR) return Error::from_errno(errno);
  }
}

Result<Bytes> NetlinkSocket::receive() {
  for (;;) {
    sockaddr_nl sender{};
    socklen_t sender_length = sizeof sender;
    // MSG_TRUNC: tell the datagram's length, even if it does not fit.
    const ssize_t length =
        ::recvfrom(descriptor_.native_handle(), buffer_.get(), buffer_size, MSG_TRUNC,
                   reinterpret_cast<sockaddr*>(&sender), &sender_length);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return Error::from_errno(errno);
    if (sender_length != sizeof sender || sender.nl_pid != 0) continue;  // not the kernel
    if (static_cast<std::size_t>(length) > buffer_size) return Error{Errc::truncated};
    return Bytes{buffer_.get(), static_cast<std::size_t>(length)};
  }
}

bool would_block(const Error& error) noexcept {
  return error.code == boost::system::errc::operation_would_block ||
         error.code == boost::system::errc::resource_unavailable_try_again;
}

/// The right to use the socket, given to the next in the queue at the end. An io_context that goes
/// destroys what still waits in it, often after the socket: then there is nothing to give.
class CommandSocket::Turn {
 public:
  explicit Turn(CommandSocket& socket) : socket_{socket}, busy_{socket.busy_} {
    *socket.busy_ = true;
  }
  ~Turn() {
    const auto busy = busy_.lock();
    if (!busy) return;
    *busy = false;
    boost::system::error_code ignored;
    socket_.turn_.cancel_one(ignored);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  CommandSocket& socket_;
  std::weak_ptr<bool> busy_;
};

CommandSocket::CommandSocket(NetlinkSocket socket, std::uint16_t family,
                             std::chrono::milliseconds patience)
    : socket_{std::move(socket)},
      family_{family},
      patience_{patience},
      turn_{socket_.descriptor().get_executor(), asio::steady_timer::time_point::max()} {}

asio::awaitable<Result<CommandSocket::Completion>> CommandSocket::request(
    Request request, const Conversation::Take& take) {
  constexpr auto token = asio::as_tuple(asio::use_awaitable);
  while (*busy_) co_await turn_.async_wait(token);
  const Turn turn{*this};

  if (stale_) drain();
  const auto kind = request.is_dump() ? Conversation::Kind::dump : Conversation::Kind::action;
  Conversation conversation{kind, family_, ++sequence_, socket_.port()};
  serialize(request, family_, sequence_, out_);
  if (const auto sent = socket_.send(out_); !sent) co_return sent.error();
  stale_ = true;

  const auto deadline = std::chrono::steady_clock::now() + patience_;
  while (conversation.state() == Conversation::State::more) {
    const auto datagram = socket_.receive();
    if (datagram) {
      conversation.feed(*datagram, take);
    } else if (!would_block(datagram.error())) {
      co_return datagram.error();  // ENOBUFS among them: a reply may be lost, ask again
    } else if (const auto ready = co_await readable(deadline); !ready) {
      co_return ready.error();
    }
  }
  stale_ = !conversation.over();
  if (conversation.state() == Conversation::State::failed) co_return conversation.error();
  co_return Completion{conversation.interrupted()};
}

asio::awaitable<Result<void>> CommandSocket::readable(
    std::chrono::steady_clock::time_point deadline) {
  using asio::experimental::awaitable_operators::operator||;
  constexpr auto token = asio::as_tuple(asio::use_awaitable);
  asio::steady_timer timer{socket_.descriptor().get_executor(), deadline};
  auto wait = socket_.descriptor().async_wait(asio::posix::descriptor_base::wait_read, token);
  auto expiry = timer.async_wait(token);
  const auto first = co_await (std::move(wait) || std::move(expiry));
  if (first.index() == 1) co_return Error{Errc::timed_out};
  if (const auto error = std::get<0>(std::get<0>(first))) co_return Error{error};
  co_return Result<void>{};
}

void CommandSocket::drain() {
  // Reading is also what makes the kernel finish a dump; until then it refuses the next one.
  for (int i = 0; i < drain_limit; ++i) {
    const auto datagram = socket_.receive();
    if (!datagram && would_block(datagram.error())) break;
  }
  stale_ = false;
}

}  // namespace pianissimo::nl80211
