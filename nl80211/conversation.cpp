#include "nl80211/conversation.hpp"

#include <string>

namespace pianissimo::nl80211 {
namespace {

constexpr std::int32_t max_errno = 4095;  // MAX_ERRNO of the kernel

/// NLMSGERR_ATTR_MSG, where NETLINK_EXT_ACK gave one.
std::string extended_text(const Message& message, Bytes attributes) {
  if ((message.flags & NLM_F_ACK_TLVS) == 0) return {};
  return std::string{Attributes{attributes}.text(NLMSGERR_ATTR_MSG).value_or("")};
}

Bytes after(Bytes bytes, std::size_t count) {
  return count < bytes.size() ? bytes.subspan(count) : Bytes{};
}

}  // namespace

Conversation::State Conversation::fail(Error error) {
  error_ = std::move(error);
  return state_ = State::failed;
}

Conversation::State Conversation::conclude(std::int32_t negative_errno, std::string text) {
  over_ = true;
  if (negative_errno == 0) return state_ = State::done;
  if (negative_errno > 0 || negative_errno < -max_errno) return fail(Error{Errc::malformed});
  return fail(Error::from_errno(-negative_errno, std::move(text)));
}

Conversation::State Conversation::on_error_message(const Message& message) {
  nlmsgerr refusal{};
  if (message.payload.size() < sizeof refusal) return fail(Error{Errc::malformed});
  std::memcpy(&refusal, message.payload.data(), sizeof refusal);
  // A dump is acknowledged by its NLMSG_DONE; an error of 0 ends an action only.
  if (refusal.error == 0 && kind_ == Kind::dump) return state_;
  // The request itself follows, but for NETLINK_CAP_ACK; the attributes are after it.
  std::size_t offset = sizeof refusal;
  const bool capped = (message.flags & NLM_F_CAPPED) != 0;
  if (!capped && refusal.msg.nlmsg_len > sizeof refusal.msg)
    offset += NLMSG_ALIGN(std::size_t{refusal.msg.nlmsg_len} - sizeof refusal.msg);
  return conclude(refusal.error, extended_text(message, after(message.payload, offset)));
}

Conversation::State Conversation::on_done_message(const Message& message) {
  std::int32_t status = 0;
  if (message.payload.size() < sizeof status) return fail(Error{Errc::malformed});
  std::memcpy(&status, message.payload.data(), sizeof status);
  return conclude(status, extended_text(message, after(message.payload, sizeof status)));
}

Conversation::State Conversation::feed(Bytes datagram, const Take& take) {
  while (state_ == State::more && !datagram.empty()) {
    const auto message = take_message(datagram);
    if (!message) return fail(Error{Errc::malformed});
    if (message->sequence != sequence_ || message->port != port_) continue;
    if ((message->flags & NLM_F_DUMP_INTR) != 0) interrupted_ = true;

    switch (message->type) {
      case NLMSG_NOOP:
        break;
      case NLMSG_ERROR:
        on_error_message(*message);
        break;
      case NLMSG_DONE:
        on_done_message(*message);
        break;
      case NLMSG_OVERRUN:
        return fail(Error::from_errno(ENOBUFS));
      default:
        if (message->type != family_) break;
        const auto reply = as_generic(*message);
        if (!reply) return fail(Error{Errc::malformed});
        if (const auto refused = take(*reply)) return fail(Error{refused});
        break;
    }
  }
  return state_;
}

}  // namespace pianissimo::nl80211
