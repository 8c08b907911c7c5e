#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <thread>

#include "bpf/station_counters.hpp"
#include "tests/bench/counters_namespace.hpp"
#include "tests/bench/counters_veth.hpp"

namespace pianissimo::bench {
namespace {

constexpr std::uint16_t port = 5201;
constexpr std::size_t block_bytes = 131'072;

sockaddr_in receiver_address() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = inet_addr("10.77.0.2");
  return address;
}

int checked(int result, const char* what) {
  if (result < 0) die(what, errno);
  return result;
}

int listening_socket() {
  const int fd = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "TCP socket");
  const int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in address = receiver_address();
  checked(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  checked(listen(fd, 1), "listen");
  return fd;
}

void send_for(std::chrono::duration<double> time) {
  const int fd = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "TCP socket");
  const sockaddr_in address = receiver_address();
  checked(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), "connect");
  const std::vector<char> block(block_bytes);
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
    if (send(fd, block.data(), block.size(), MSG_NOSIGNAL) < 0) break;
  }
  close(fd);
}

// Bit per second, until the sender ends.
double receive(int listening) {
  const int fd = checked(accept(listening, nullptr, nullptr), "accept");
  std::vector<char> block(block_bytes);
  std::uint64_t bytes = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (ssize_t got = 0; (got = read(fd, block.data(), block.size())) > 0;) {
    bytes += static_cast<std::uint64_t>(got);
  }
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  close(fd);
  return static_cast<double>(8 * bytes) / time.count();
}

using Counting = std::optional<bpf::StationCounters>;

// In the namespace of the calling thread.
Counting count_at(const char* interface, std::optional<bpf::Attach> hook) {
  if (!hook) return std::nullopt;
  auto counters = bpf::StationCounters::attach(InterfaceIndex{if_nametoindex(interface)}, *hook);
  if (!counters) die(counters.error().message.c_str(), counters.error().error);
  if (!counters->set_stations(random_stations(64))) die("stations", EINVAL);
  return std::move(*counters);
}

struct Way {
  const char* name = "";
  std::optional<bpf::Attach> at_sender;
  std::optional<bpf::Attach> at_receiver;
};

// The two ends on a core each, where there are two: where the scheduler puts them makes a larger
// difference than what is measured.
void pin(unsigned cpu) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(cpu, &cpus);
  sched_setaffinity(0, sizeof cpus, &cpus);
}

double throughput(const Namespace& sender, const Namespace& receiver, const Way& way,
                  double seconds) {
  Counting at_sender;
  Counting at_receiver;
  int listening = -1;
  sender.run([&] { at_sender = count_at("va", way.at_sender); });
  receiver.run([&] {
    at_receiver = count_at("vb", way.at_receiver);
    listening = listening_socket();
  });
  double rate = 0;
  std::thread receiving{[&] {
    pin(1);
    rate = receive(listening);
  }};
  sender.run([&] {
    pin(0);
    send_for(std::chrono::duration<double>{seconds});
  });
  receiving.join();
  close(listening);
  return rate;
}

}  // namespace

std::vector<TcpRate> measure_tcp(int rounds, double seconds) {
  const Namespace sender;
  const Namespace receiver;
  sender.shell("ip link add va type veth peer name vb netns " + receiver.path() +
               " && ip address add 10.77.0.1/24 dev va && ip link set va up");
  receiver.shell("ip address add 10.77.0.2/24 dev vb && ip link set vb up");
  using bpf::Attach;
  const std::array<Way, 4> ways{{{"no programs", {}, {}},
                                 {"tcx at the sender", Attach::tcx, {}},
                                 {"tcx at the receiver", {}, Attach::tcx},
                                 {"generic XDP at the receiver", {}, Attach::generic}}};
  std::array<std::vector<double>, ways.size()> rates;
  std::array<std::vector<double>, ways.size()> ratios;
  for (int round = 0; round < rounds; ++round) {
    // Another begins each time, so that none is always the one after the slowest.
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const std::size_t way = (i + static_cast<std::size_t>(round)) % ways.size();
      rates[way].push_back(throughput(sender, receiver, ways[way], seconds));
    }
    for (std::size_t i = 0; i < ways.size(); ++i) {
      ratios[i].push_back(rates[i].back() / rates[0].back());
    }
  }
  std::vector<TcpRate> results;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    results.push_back(
        {ways[i].name, sample_of(rates[i]).median / 1e9, sample_of(ratios[i]).median});
  }
  return results;
}

}  // namespace pianissimo::bench
