#include "experiments/traffic/dispatcher_seat.hpp"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace pianissimo::traffic {
namespace {

constexpr int loopback = 1;  // the ifindex in every namespace

}  // namespace

Result<DispatcherSeat> DispatcherSeat::take(int program) {
  int link = -1;
  int network_namespace = -1;
  int error_number = 0;
  // In a thread of its own, so that the caller's stays in its namespace.
  std::thread{[&] {
    if (unshare(CLONE_NEWNET) == 0) {
      network_namespace = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
      bpf_link_create_opts options{};
      options.sz = sizeof options;
      options.flags = XDP_FLAGS_SKB_MODE;
      link = bpf_link_create(program, loopback, BPF_XDP, &options);
    }
    error_number = errno;
  }}.join();
  DispatcherSeat seat{link, network_namespace};
  if (link < 0) return system_error("XDP program on a loopback device", error_number);
  return seat;
}

DispatcherSeat::DispatcherSeat(int link, int network_namespace)
    : link_{link}, network_namespace_{network_namespace} {}

DispatcherSeat::DispatcherSeat(DispatcherSeat&& other) noexcept
    : link_{std::exchange(other.link_, -1)},
      network_namespace_{std::exchange(other.network_namespace_, -1)} {}

DispatcherSeat& DispatcherSeat::operator=(DispatcherSeat&& other) noexcept {
  std::swap(link_, other.link_);
  std::swap(network_namespace_, other.network_namespace_);
  return *this;
}

DispatcherSeat::~DispatcherSeat() {
  for (const int fd : {link_, network_namespace_}) {
    if (fd >= 0) close(fd);
  }
}

}  // namespace pianissimo::traffic
