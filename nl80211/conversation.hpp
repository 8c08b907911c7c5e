// One request's replies, without a socket: feed it datagrams until it is done or has failed.
#pragma once

#include <functional>
#include <optional>

#include "nl80211/error.hpp"
#include "nl80211/message.hpp"

namespace pianissimo::nl80211 {

class Conversation {
 public:
  /// Sees each reply; a code ends the conversation with that error.
  using Take = std::function<boost::system::error_code(const GenericMessage&)>;

  enum class State {
    more,    ///< the kernel is not finished: feed on
    done,    ///< everything has been said
    failed,  ///< error() says why
  };

  enum class Kind {
    action,  ///< replies (or none), then an acknowledgement
    dump,    ///< replies with NLM_F_MULTI, then NLMSG_DONE
  };

  /// Replies to anything but `sequence` at `port` are skipped as stale: they answer a request that
  /// was given up on. Replies of another `family` are skipped too.
  Conversation(Kind kind, std::uint16_t family, std::uint32_t sequence, std::uint32_t port)
      : kind_{kind}, family_{family}, sequence_{sequence}, port_{port} {}

  State feed(Bytes datagram, const Take& take);

  State state() const { return state_; }
  const Error& error() const { return *error_; }  ///< only when failed

  /// Whether the kernel has said its last word. If not, more of its replies may come.
  bool over() const { return over_; }

  /// The kernel's list changed under the dump (NLM_F_DUMP_INTR): it may lack or repeat objects.
  bool interrupted() const { return interrupted_; }

 private:
  State fail(Error error);
  State conclude(std::int32_t negative_errno, std::string text);
  State on_error_message(const Message& message);
  State on_done_message(const Message& message);

  Kind kind_;
  std::uint16_t family_;
  std::uint32_t sequence_;
  std::uint32_t port_;
  State state_ = State::more;
  bool interrupted_ = false;
  bool over_ = false;
  std::optional<Error> error_;
};

}  // namespace pianissimo::nl80211
