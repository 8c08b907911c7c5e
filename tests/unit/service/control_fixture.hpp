// The daemon with its control socket, and clients in the test's own process.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "config/law.hpp"
#include "controller/journal/record.hpp"
#include "controller/service/control_server.hpp"
#include "tests/unit/service/daemon_fixture.hpp"

namespace pianissimo::service {

/// Somebody who connects; nothing of it ever waits.
class TestClient {
 public:
  explicit TestClient(const std::string& path)
      : fd_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.data(), path.size());
    is_connected = ::connect(fd_, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0;
  }
  ~TestClient() { ::close(fd_); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void send(std::string_view text) const {
    static_cast<void>(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL));
  }
  /// What has come by now.
  std::string read() {
    std::string all;
    char part[16'384];
    ssize_t n = 0;
    while ((n = ::recv(fd_, part, sizeof part, 0)) > 0)
      all.append(part, static_cast<std::size_t>(n));
    if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) is_closed = true;
    return all;
  }

  bool is_connected = false;
  bool is_closed = false;  ///< seen by read()

 private:
  int fd_;
};

class ControlTest : public DaemonTest {
 protected:
  ControlTest() { control = &server; }
  ~ControlTest() override {
    clients.clear();
    if (daemon) daemon->stop();
    time.advance(std::chrono::seconds{10});
    daemon.reset();  // before its socket
  }

  TestClient& connect() {
    clients.push_back(std::make_unique<TestClient>(path()));
    time.advance(std::chrono::milliseconds{10});  // it is accepted
    return *clients.back();
  }
  /// Ends the daemon; its journal replays to the same decisions, at least so many. Returns its
  /// events.
  std::vector<Event> replays_exactly(std::size_t at_least) {
    stop();
    daemon.reset();
    Controller again{config.box, policy_of(config), config.verdict};
    std::vector<Event> events;
    std::vector<Decision> recorded;
    std::vector<Decision> replayed;
    std::ifstream file{config.journal.path};
    for (std::string line; std::getline(file, line);) {
      const auto read = journal::from_line(line);
      const auto* const record = std::get_if<journal::Record>(&read);
      EXPECT_TRUE(record) << line;
      if (!record) return events;
      if (const auto* const decision = std::get_if<Decision>(&record->what)) {
        recorded.push_back(*decision);
      }
      if (const auto* const event = std::get_if<Event>(&record->what)) {
        events.push_back(*event);
        const Outcome outcome = again.on(*event);
        replayed.insert(replayed.end(), outcome.decisions.begin(), outcome.decisions.end());
      }
    }
    EXPECT_GE(recorded.size(), at_least);
    EXPECT_EQ(replayed, recorded);
    return events;
  }
  std::string path() const { return directory / "control"; }
  std::string ask(TestClient& client, const std::string& line) {
    client.send(line + '\n');
    time.settle();
    return client.read();
  }
  /// By a client of its own.
  std::string ask(const std::string& line) {
    TestClient& client = connect();
    const std::string answer = ask(client, line);
    clients.pop_back();
    time.settle();
    return answer;
  }

  int reloads = 0;
  std::optional<std::string> no_reload;
  std::vector<std::unique_ptr<TestClient>> clients;
  ControlServer server{io, time, directory, [this] {
                         ++reloads;
                         return no_reload;
                       }};
};

}  // namespace pianissimo::service
