#include "experiments/testbed/medium/netlink.hpp"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace pianissimo::testbed {
namespace {

constexpr std::size_t nla_header = sizeof(nlattr);

constexpr std::size_t align(std::size_t n) { return (n + 3) & ~std::size_t{3}; }

template <class T>
T read(std::span<const std::uint8_t> bytes, std::size_t offset) {
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

}  // namespace

Request::Request(std::uint16_t family, std::uint8_t command, std::uint16_t flags) {
  bytes_.reserve(4096);
  bytes_.resize(NLMSG_HDRLEN + GENL_HDRLEN);
  nlmsghdr header{};
  header.nlmsg_type = family;
  header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  const genlmsghdr generic{.cmd = command, .version = 1, .reserved = 0};
  std::memcpy(bytes_.data(), &header, sizeof header);
  std::memcpy(bytes_.data() + NLMSG_HDRLEN, &generic, sizeof generic);
}

Request& Request::put(std::uint16_t type, std::span<const std::uint8_t> payload) {
  const std::size_t at = bytes_.size();
  const nlattr attribute{.nla_len = static_cast<std::uint16_t>(nla_header + payload.size()),
                         .nla_type = type};
  bytes_.resize(at + align(nla_header + payload.size()));
  std::memcpy(bytes_.data() + at, &attribute, sizeof attribute);
  std::copy(payload.begin(), payload.end(),
            bytes_.begin() + static_cast<std::ptrdiff_t>(at + nla_header));
  return *this;
}

const Bytes& Request::finish(std::uint32_t sequence) {
  auto header = read<nlmsghdr>(bytes_, 0);
  header.nlmsg_len = static_cast<std::uint32_t>(bytes_.size());
  header.nlmsg_seq = sequence;
  std::memcpy(bytes_.data(), &header, sizeof header);
  return bytes_;
}

std::optional<std::span<const std::uint8_t>> Attributes::bytes(std::uint16_t type) const {
  auto rest = bytes_;
  while (rest.size() >= nla_header) {
    const auto attribute = read<nlattr>(rest, 0);
    if (attribute.nla_len < nla_header || attribute.nla_len > rest.size()) break;
    if ((attribute.nla_type & NLA_TYPE_MASK) == type) {
      return rest.subspan(nla_header, attribute.nla_len - nla_header);
    }
    rest = rest.subspan(std::min(rest.size(), align(attribute.nla_len)));
  }
  return std::nullopt;
}

std::optional<Message> Message::parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < NLMSG_HDRLEN) return std::nullopt;
  const auto header = read<nlmsghdr>(bytes, 0);
  if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > bytes.size()) return std::nullopt;
  const auto payload = bytes.subspan(NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN);
  Message out;
  out.type = header.nlmsg_type;
  out.sequence = header.nlmsg_seq;
  if (header.nlmsg_type == NLMSG_ERROR) {
    if (payload.size() < sizeof(int)) return std::nullopt;
    out.error = -read<int>(payload, 0);
    return out;
  }
  if (payload.size() < GENL_HDRLEN) return std::nullopt;
  out.command = payload[0];
  out.attributes = payload.subspan(GENL_HDRLEN);
  return out;
}

NetlinkSocket::NetlinkSocket() : buffer_(std::size_t{1} << 16) {
  fd_ = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  if (fd_ < 0) throw std::system_error{errno, std::generic_category(), "netlink socket"};
  // The kernel drops frames that find no room here, and a dropped frame stays pending for ever.
  const int room = 16 << 20;
  setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  setsockopt(fd_, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  sockaddr_nl any{};
  any.nl_family = AF_NETLINK;
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&any), sizeof any) < 0) {
    const int error = errno;
    close(fd_);
    throw std::system_error{error, std::generic_category(), "netlink bind"};
  }
}

NetlinkSocket::~NetlinkSocket() { close(fd_); }

std::uint32_t NetlinkSocket::send(Request& request) {
  const Bytes& bytes = request.finish(++sequence_);
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  ssize_t sent = 0;
  do {
    sent = sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&kernel),
                  sizeof kernel);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) throw std::system_error{errno, std::generic_category(), "netlink send"};
  return sequence_;
}

std::span<const std::uint8_t> NetlinkSocket::receive(std::chrono::milliseconds patience) {
  for (;;) {
    const ssize_t n = recv(fd_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (n > 0) return std::span{buffer_}.first(static_cast<std::size_t>(n));
    // ENOBUFS tells once that something was lost; what is left can still be read.
    if (n < 0 && (errno == EINTR || errno == ENOBUFS)) continue;
    if (n < 0 && errno != EAGAIN) {
      throw std::system_error{errno, std::generic_category(), "netlink receive"};
    }
    pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
    if (patience.count() <= 0 || poll(&ready, 1, static_cast<int>(patience.count())) <= 0) {
      return {};
    }
  }
}

std::uint16_t NetlinkSocket::resolve(const std::string& family) {
  Request request{GENL_ID_CTRL, CTRL_CMD_GETFAMILY};
  request.put(CTRL_ATTR_FAMILY_NAME,
              std::span{reinterpret_cast<const std::uint8_t*>(family.c_str()), family.size() + 1});
  const auto sequence = send(request);
  const auto bytes = receive(std::chrono::seconds{2});
  const auto answer = Message::parse(bytes);
  if (answer && answer->sequence == sequence && !answer->error) {
    if (const auto id = Attributes{answer->attributes}.get<std::uint16_t>(CTRL_ATTR_FAMILY_ID)) {
      return *id;
    }
  }
  throw std::runtime_error{"the kernel knows no generic netlink family '" + family +
                           "' (is its module loaded?)"};
}

}  // namespace pianissimo::testbed
