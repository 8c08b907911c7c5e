#include "experiments/traffic/network_namespace.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>

namespace pianissimo::traffic {

Result<void> enter_network_namespace(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) {
    return Error{"'" + name + "' cannot be the name of a network namespace", ExitStatus::usage};
  }
  const int fd = open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return Error{"no network namespace '" + name + "' (ip netns lists them)",
                 ExitStatus::unavailable};
  }
  const int entered = setns(fd, CLONE_NEWNET);
  const int error_number = errno;
  close(fd);
  if (entered < 0) return system_error("network namespace '" + name + "'", error_number);
  return {};
}

}  // namespace pianissimo::traffic
