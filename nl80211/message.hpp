// Netlink messages in a datagram: frames only, no meaning.
#pragma once

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <cstdint>
#include <cstring>
#include <optional>

#include "nl80211/attributes.hpp"

namespace pianissimo::nl80211 {

/// One netlink message inside a datagram.
struct Message {
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t sequence = 0;
  std::uint32_t port = 0;
  Bytes payload;
};

/// A generic netlink message's own head.
struct GenericMessage {
  std::uint8_t command = 0;
  Attributes attributes;
};

/// Takes the first message off the datagram; nullopt (and the datagram untouched) if its head is
/// short or its length is wrong.
inline std::optional<Message> take_message(Bytes& datagram) {
  nlmsghdr head{};
  if (datagram.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, datagram.data(), sizeof head);
  if (head.nlmsg_len < sizeof head || head.nlmsg_len > datagram.size()) return std::nullopt;
  const Message message{head.nlmsg_type, head.nlmsg_flags, head.nlmsg_seq, head.nlmsg_pid,
                        datagram.subspan(sizeof head, head.nlmsg_len - sizeof head)};
  const std::size_t padded = NLMSG_ALIGN(std::size_t{head.nlmsg_len});
  datagram = padded < datagram.size() ? datagram.subspan(padded) : Bytes{};
  return message;
}

inline std::optional<GenericMessage> as_generic(const Message& message) {
  if (message.payload.size() < GENL_HDRLEN) return std::nullopt;
  return GenericMessage{std::to_integer<std::uint8_t>(message.payload[0]),
                        Attributes{message.payload.subspan(GENL_HDRLEN)}};
}

}  // namespace pianissimo::nl80211
