// Only one may drive a radio, whatever its state directory is.
#pragma once

#include <map>

#include "controller/service/ports.hpp"

namespace pianissimo::service {

/// An abstract UNIX socket named by the wiphy: there is one of that name in a network namespace,
/// and a wiphy is in one network namespace. The kernel takes it away with the process, also after
/// SIGKILL.
class SocketLocks final : public RadioLocks {
 public:
  SocketLocks() = default;
  SocketLocks(const SocketLocks&) = delete;
  SocketLocks& operator=(const SocketLocks&) = delete;
  ~SocketLocks() override;
  std::optional<std::string> take(WiphyIndex wiphy) override;

 private:
  std::map<WiphyIndex, int> sockets_;
};

}  // namespace pianissimo::service
