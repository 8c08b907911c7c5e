// A real collector: Debian's nfcapd writes what it is sent, and nfdump reads it back.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/bpf/sandbox.hpp"

namespace pianissimo::bpf {

constexpr std::uint16_t collector_port = 4739;

/// nfcapd, in this network namespace.
class Collector {
 public:
  Collector() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    process_ = ::fork();
    if (process_ == 0) {
      const std::string log = folder_ / "log";
      if (!std::freopen(log.c_str(), "w", stdout) || ::dup2(1, 2) < 0) ::_exit(1);
      ::execlp("nfcapd", "nfcapd", "-w", folder_.c_str(), "-p",
               std::to_string(collector_port).c_str(), "-b", "127.0.0.1", "-t", "3600", nullptr);
      ::_exit(127);
    }
    EXPECT_TRUE(eventually([&] { return !socket_line().empty(); }));
  }
  ~Collector() {
    stop();
    std::filesystem::remove_all(folder_);
  }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  /// Ends it, and reads what it has written: a line for each record that passes, as nfdump(1) has
  /// fields and filters.
  std::vector<std::string> read(const std::string& fields, const std::string& filter) {
    stop();
    const std::string command =
        fmt::format("nfdump -r {}/nfcapd.2* -O tstart -N -q -o 'fmt:{}' '{}' | ", folder_.string(),
                    fields, filter) +
        "sed 's/ *, */,/g; s/^ *//; s/  */ /g; s/ $//'";
    std::vector<std::string> lines;
    FILE* const output = ::popen(command.c_str(), "r");
    std::array<char, 400> line{};
    while (std::fgets(line.data(), line.size(), output)) {
      lines.emplace_back(line.data());
      lines.back().pop_back();
    }
    EXPECT_EQ(::pclose(output), 0);
    return lines;
  }
  std::string log() const {
    std::ostringstream text;
    text << std::ifstream{folder_ / "log"}.rdbuf();
    return text.str();
  }

 private:
  /// Of the collector's socket; empty before it has one.
  static std::string socket_line() {
    std::ifstream sockets{"/proc/thread-self/net/udp"};
    const std::string bound = fmt::format(":{:04X} 00000000:0000 ", collector_port);
    for (std::string line; std::getline(sockets, line);) {
      if (line.find(bound) != line.npos) return line;
    }
    return {};
  }
  void stop() {
    if (process_ <= 0) return;
    // What waits in its socket would be lost.
    EXPECT_TRUE(
        eventually([] { return socket_line().find(" 00000000:00000000 ") != std::string::npos; }));
    // A signal that comes just before it waits for a datagram is not noticed: once more each
    // second.
    auto due = std::chrono::steady_clock::now();
    EXPECT_TRUE(eventually([&] {
      if (std::chrono::steady_clock::now() >= due) {
        ::kill(process_, SIGTERM);
        due += std::chrono::seconds{1};
      }
      return ::waitpid(process_, nullptr, WNOHANG) == process_;
    }));
    process_ = 0;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / fmt::format("pianissimo-flows-{}", ::getpid());
  pid_t process_ = 0;
};

}  // namespace pianissimo::bpf
