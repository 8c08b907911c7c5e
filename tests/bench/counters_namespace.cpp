#include "tests/bench/counters_namespace.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <thread>

#include "tests/bench/counters_programs.hpp"

namespace pianissimo::bench {

Namespace::Namespace() : fd_{-1} {
  std::thread{[this] {
    if (unshare(CLONE_NEWNET) < 0) die("network namespace", errno);
    fd_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  }}.join();
  if (fd_ < 0) die("network namespace", errno);
}

Namespace::~Namespace() { close(fd_); }

void Namespace::run(const std::function<void()>& work) const {
  std::thread{[&] {
    if (setns(fd_, CLONE_NEWNET) < 0) die("network namespace", errno);
    work();
  }}.join();
}

void Namespace::shell(const std::string& command) const {
  run([&] {
    // NOLINTNEXTLINE(bugprone-command-processor,cert-env33-c): the commands are written here.
    if (std::system(command.c_str()) != 0) die(command.c_str(), EINVAL);
  });
}

std::string Namespace::path() const {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_);
}

}  // namespace pianissimo::bench
