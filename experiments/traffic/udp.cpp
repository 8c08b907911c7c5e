#include "experiments/traffic/udp.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <utility>

#include "experiments/traffic/pace.hpp"

namespace pianissimo::traffic {
namespace {

constexpr std::size_t most_flows = 1024;
constexpr Duration too_late = std::chrono::milliseconds{100};

class Socket {
 public:
  explicit Socket(int family) : fd_{socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(Socket&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Socket& operator=(Socket&&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

struct Destination {
  sockaddr_storage address{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

Result<Destination> find(const UdpPlan& plan) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(plan.address.c_str(), std::to_string(plan.port).c_str(), &hints, &found) != 0) {
    return Error{fmt::format("'{}' is not an IPv4 or IPv6 address", plan.address),
                 ExitStatus::usage};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner{found, freeaddrinfo};
  Destination destination;
  destination.length = found->ai_addrlen;
  std::copy_n(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen,
              reinterpret_cast<char*>(&destination.address));
  return destination;
}

// Only asks for the route. The sockets that send are not connected: a connected one loses a packet
// for each ICMP error that comes back, and nobody needs to listen for this traffic.
Result<void> check_route(const UdpPlan& plan, const Destination& destination) {
  const Socket probe{destination.address.ss_family};
  if (probe.fd() < 0 || connect(probe.fd(), destination.get(), destination.length) < 0) {
    return system_error(plan.address, errno);
  }
  return {};
}

// A socket with a port of its own, and that port.
Result<Socket> bound_socket(const UdpPlan& plan, int family) {
  Socket socket{family};
  if (socket.fd() < 0) return system_error("UDP socket", errno);
  sockaddr_storage any{};
  any.ss_family = static_cast<sa_family_t>(family);
  const socklen_t length = family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  if (bind(socket.fd(), reinterpret_cast<const sockaddr*>(&any), length) < 0) {
    return system_error("UDP socket", errno);
  }
  if (plan.send_buffer > 0 && setsockopt(socket.fd(), SOL_SOCKET, SO_SNDBUF, &plan.send_buffer,
                                         sizeof plan.send_buffer) < 0) {
    return system_error("send buffer", errno);
  }
  return socket;
}

std::uint16_t port_of(const Socket& socket) {
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&own), &length);
  // The port is at the same place in both families.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&own)->sin_port);
}

Result<void> check_plan(const UdpPlan& plan) {
  if (plan.flows < 1 || plan.flows > most_flows) {
    return Error{fmt::format("flows: expected 1 to {}, not {}", most_flows, plan.flows),
                 ExitStatus::usage};
  }
  if (plan.duration < Duration{0}) return Error{"duration: is negative", ExitStatus::usage};
  return check(plan.flow);
}

}  // namespace

Result<UdpReport> send_udp(const UdpPlan& plan, const std::atomic<bool>& stop) {
  if (const auto checked = check_plan(plan); !checked) return checked.error();
  const auto destination = find(plan);
  if (!destination) return destination.error();
  if (const auto route = check_route(plan, *destination); !route) return route.error();
  std::vector<Socket> sockets;
  UdpReport report;
  for (std::size_t i = 0; i < plan.flows; ++i) {
    auto socket = bound_socket(plan, destination->address.ss_family);
    if (!socket) return socket.error();
    sockets.push_back(std::move(*socket));
    report.flows.push_back({.source_port = port_of(sockets.back())});
  }

  const std::vector<char> payload(*std::ranges::max_element(plan.flow.sizes));
  Schedule schedule{spread(plan.flow, plan.flows, plan.seed), plan.duration};
  const Pace pace{stop};
  while (const auto next = schedule.next()) {
    UdpFlowReport& flow = report.flows[next->flow];
    if (!pace.wait_until(next->at)) break;
    if (pace.elapsed() - next->at > too_late) {
      flow.skipped += {1, next->bytes};
      continue;
    }
    const ssize_t sent = sendto(sockets[next->flow].fd(), payload.data(), next->bytes, MSG_DONTWAIT,
                                destination->get(), destination->length);
    if (sent < 0) {
      ++report.failures[errno];
      flow.failed += {1, next->bytes};
    } else {
      flow.sent += {1, next->bytes};
    }
  }
  // A plan that ends with silence lasts as long as it says.
  if (plan.duration > Duration{0}) pace.wait_until(plan.duration);
  report.elapsed = pace.elapsed();
  return report;
}

}  // namespace pianissimo::traffic
