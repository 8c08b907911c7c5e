// The socket file that operators connect to.
#pragma once

#include <string>
#include <variant>

namespace pianissimo::service {

struct ListeningSocket {
  int fd = -1;          ///< belongs to the caller
  std::string warning;  ///< what the operator should know: who may not use it; empty: all is well
};

/// Listens at `path` for root (or this user) and the members of `group`. It is in place at once and
/// whole: nobody else can connect in between. A socket that nobody listens at any more is replaced;
/// one that lives, and what is no socket, is left alone. Else: why not, with the path.
std::variant<ListeningSocket, std::string> listen_at(const std::string& path,
                                                     const std::string& group);

}  // namespace pianissimo::service
