// Do clients of the control socket keep the loop from its ticks? The service in real time against a
// fake kernel in this process, alone and then with 200 hostile clients in another process: garbage,
// lines that never end, bytes that come one by one, requests as fast as they go, watchers that take
// nothing, and a storm of connections. A tick's lateness is how long after its time it reads.
// usage: control_bench [--seconds N] [--json FILE]
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "controller/service/control_server.hpp"
#include "controller/service/daemon.hpp"
#include "controller/service/log.hpp"
#include "controller/service/steady_time.hpp"
#include "tests/bench/lateness.hpp"
#include "tests/unit/service/fake_kernel.hpp"

namespace {

using namespace pianissimo;
using namespace pianissimo::service;
using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr int hostile_clients = 200;
constexpr std::chrono::milliseconds interval{50};

struct Figures {
  std::size_t ticks = 0;
  std::size_t due = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

Figures figures_of(const std::vector<Instant>& reads, Duration length) {
  const std::vector<double> late = bench::latenesses(reads, interval);
  return {reads.size(), static_cast<std::size_t>(length / interval), bench::quantile(late, 0.5),
          bench::quantile(late, 0.99), bench::quantile(late, 1)};
}

// One client, which does its worst without ever waiting.
class Hostile {
 public:
  Hostile(int kind, const sockaddr_un& name) : kind_{kind % 6}, name_{name} {}

  void act() {
    if (fd_ < 0) return connect();
    static const std::string endless(65'536, 'x');
    static const std::string garbage("\x00\xff{]\n\"\n{{{{{{{{{\n", 18);
    switch (kind_) {
      case 0:
        return send(garbage);
      case 1:
        return send(endless);
      case 2:
        return send("{");  // and never a newline
      case 3:
        return send("{\"v\":1,\"do\":\"status\"}\n");
      case 4:
        if (!std::exchange(has_asked_, true)) send("{\"v\":1,\"do\":\"watch\"}\n");
        return;
      default:
        return close();
    }
  }

 private:
  void connect() {
    has_asked_ = false;
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&name_), sizeof name_) != 0) close();
  }
  void send(std::string_view text) {
    if (::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN) close();
  }
  void close() {
    ::close(fd_);
    fd_ = -1;
  }

  int kind_;
  sockaddr_un name_;
  int fd_ = -1;
  bool has_asked_ = false;
};

[[noreturn]] void attack(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, path.data(), path.size());
  std::vector<Hostile> clients;
  for (int i = 0; i < hostile_clients; ++i) clients.emplace_back(i, name);
  for (;;) {
    for (Hostile& client : clients) client.act();
    ::usleep(1'000);  // else it is a question of who has the processor
  }
}

Figures run_for(std::chrono::seconds length, bool is_attacked) {
  const std::string directory =
      std::filesystem::temp_directory_path() / ("control_bench-" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  const pid_t attacker = is_attacked ? ::fork() : 0;
  if (is_attacked && attacker == 0) attack(directory + "/control");
  Config config;
  config.interfaces = {"wlan0"};
  config.policy = PolicyName::fixed;  // reads at its ticks alone
  config.interval = interval;
  config.journal.path = directory + "/journal.jsonl";
  config.privacy.key_file = directory + "/salt";
  config.log_level = LogLevel::error;
  std::vector<Instant> reads;
  {
    asio::io_context io{1};
    SteadyTime time{io};
    FakeKernel kernel{io, time};
    kernel.serve(16);
    const auto log = make_log(config.log_level);
    ControlServer control{io, time, directory, [] { return std::nullopt; }};
    Daemon daemon{Ports{.time = time,
                        .interfaces = kernel,
                        .stations = kernel,
                        .knob = kernel,
                        .control = &control},
                  config, StateFile{directory}, *log};
    asio::co_spawn(io, daemon.run(), asio::detached);
    asio::steady_timer end{io, length};
    end.async_wait([&](auto) { daemon.stop(); });
    io.run();
    reads = kernel.reads;
  }
  if (is_attacked) {
    ::kill(attacker, SIGKILL);
    ::waitpid(attacker, nullptr, 0);
  }
  std::filesystem::remove_all(directory);
  return figures_of(reads, length);
}

void print_all(std::FILE* out, const Figures& idle, const Figures& attacked) {
  const auto print = [&](const char* name, const Figures& f, const char* end) {
    std::fprintf(out,
                 "  \"%s\": {\"ticks\": %zu, \"ticks_due\": %zu, \"late_ms_p50\": %.3f, "
                 "\"late_ms_p99\": %.3f, \"late_ms_max\": %.3f}%s\n",
                 name, f.ticks, f.due, f.p50_ms, f.p99_ms, f.max_ms, end);
  };
  std::fputs("{\n", out);
  print("idle", idle, ",");
  print("attacked", attacked, ",");
  std::fprintf(out, "  \"p99_ratio\": %.2f\n}\n", attacked.p99_ms / idle.p99_ms);
}

}  // namespace

int main(int argc, char** argv) {
  std::chrono::seconds length{20};
  const char* json = nullptr;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--seconds") == 0)
      length = std::chrono::seconds{std::atoi(argv[i + 1])};
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
  }
  const Figures idle = run_for(length, false);
  const Figures attacked = run_for(length, true);
  print_all(stdout, idle, attacked);
  if (std::FILE* const file = json ? std::fopen(json, "w") : nullptr) {
    print_all(file, idle, attacked);
    std::fclose(file);
  }
  return idle.ticks > 0 && attacked.ticks > 0 ? 0 : 1;
}
