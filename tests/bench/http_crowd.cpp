#include "tests/bench/http_crowd.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <random>

namespace pianissimo::bench {
namespace {

using namespace std::chrono_literals;

constexpr unsigned thread_count = 4;
// Between two rounds of a thread: they share the machine with what they attack, and what is
// measured is the daemon, not the scheduler.
constexpr auto pause = 10ms;

enum class Kind : unsigned { garbage, slow, endless, storm, greedy };
constexpr unsigned kinds = 5;

struct Client {
  Kind kind = Kind::garbage;
  int fd = -1;
  std::size_t sent = 0;
};

const std::string request = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n";

bool would_wait() { return errno == EAGAIN || errno == EINPROGRESS || errno == ENOTCONN; }

void leave(Client& client) {
  if (client.fd >= 0) ::close(client.fd);
  client.fd = -1;
  client.sent = 0;
}

std::string_view next_bytes(const Client& client, std::mt19937& random,
                            std::array<char, 512>& bytes) {
  switch (client.kind) {
    case Kind::slow:
      return std::string_view{request}.substr(client.sent % request.size(), 1);
    case Kind::endless:
      bytes.fill('a');
      return client.sent == 0 ? "GET / HTTP/1.1\r\nA: " : std::string_view{bytes.data(), 512};
    case Kind::greedy:
      return request;
    case Kind::garbage:
    case Kind::storm:
      break;
  }
  for (char& c : bytes) c = static_cast<char>(random());
  return {bytes.data(), bytes.size()};
}

}  // namespace

Crowd::Crowd(unsigned clients, std::string address, std::uint16_t port)
    : address_{std::move(address)}, port_{port} {
  for (unsigned i = 0; i < thread_count; ++i) {
    threads_.emplace_back([this, i, clients] { act(i, clients); });
  }
}

Crowd::~Crowd() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
}

void Crowd::act(unsigned first, unsigned clients) {
  std::mt19937 random{first};
  std::vector<Client> mine;
  for (unsigned i = first; i < clients; i += thread_count) {
    mine.push_back({.kind = static_cast<Kind>(i / thread_count % kinds)});
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  ::inet_pton(AF_INET, address_.c_str(), &to.sin_addr);
  std::array<char, 512> bytes{};
  std::array<char, 4096> taken{};
  while (!stop_) {
    for (Client& client : mine) {
      if (client.fd < 0) {
        client.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        const int done = ::connect(client.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to);
        ++(done == 0 || would_wait() ? counts_.connections : counts_.refused);
      }
      const std::string_view text = next_bytes(client, random, bytes);
      const auto size = ::send(client.fd, text.data(), text.size(), MSG_NOSIGNAL);
      if (size > 0) {
        client.sent += static_cast<std::size_t>(size);
        counts_.bytes_sent += static_cast<std::uint64_t>(size);
      }
      bool is_gone = size < 0 && !would_wait();
      for (;;) {
        const auto got = ::recv(client.fd, taken.data(), taken.size(), 0);
        if (got > 0) counts_.bytes_taken += static_cast<std::uint64_t>(got);
        if (got > 0) continue;
        is_gone = is_gone || got == 0 || !would_wait();
        break;
      }
      if (is_gone || client.kind == Kind::storm) leave(client);
    }
    std::this_thread::sleep_for(pause);
  }
  for (Client& client : mine) leave(client);
}

}  // namespace pianissimo::bench
