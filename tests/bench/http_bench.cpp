// How late are the readings while many HTTP clients misbehave? The service in real time against a
// fake kernel in this process, as in visit_bench: quiet, beside the clients, and beside the same
// clients when they knock at another door (what the machine alone makes of their noise).
// usage: http_bench [--seconds N] [--clients N] [--json FILE]
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
#include <memory>
#include <string>
#include <vector>

#include "controller/service/daemon.hpp"
#include "controller/service/http_server.hpp"
#include "controller/service/log.hpp"
#include "controller/service/steady_time.hpp"
#include "tests/bench/http_crowd.hpp"
#include "tests/bench/lateness.hpp"
#include "tests/unit/service/fake_kernel.hpp"

namespace {

using namespace pianissimo;
using namespace pianissimo::service;
namespace asio = boost::asio;

constexpr const char* address = "127.0.0.1";
constexpr std::uint16_t port = 19478;
constexpr std::uint16_t another_port = 19479;  // where nobody listens

struct Figures {
  std::size_t readings = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
  std::uint64_t connections = 0;
  std::uint64_t bytes_taken = 0;
};

// `knocks_at`: the port that the clients go to.
Figures run_for(std::chrono::seconds length, unsigned clients, std::uint16_t knocks_at) {
  const auto directory =
      std::filesystem::temp_directory_path() / ("http_bench-" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  Config config;
  config.interfaces = {"wlan0"};
  config.policy = PolicyName::fixed;  // each reading is a tick's, and no dwell's end
  config.http.listen = std::string{address} + ':' + std::to_string(port);
  config.journal.path = directory / "journal.jsonl";
  config.privacy.key_file = directory / "salt";
  config.log_level = LogLevel::error;
  Figures figures;
  {
    asio::io_context io{1};
    SteadyTime time{io};
    FakeKernel kernel{io, time};
    kernel.serve(16);
    HttpServer server{io, time};
    const auto log = make_log(config.log_level);
    Ports ports{time, kernel, kernel, kernel};
    ports.http = &server;
    Daemon daemon{ports, config, StateFile{directory}, *log};
    asio::co_spawn(io, daemon.run(), asio::detached);
    std::unique_ptr<bench::Crowd> crowd;
    // The start has work of its own.
    asio::steady_timer begin{io, std::chrono::seconds{1}};
    begin.async_wait([&](auto) {
      kernel.reads.clear();
      if (clients > 0) crowd = std::make_unique<bench::Crowd>(clients, address, knocks_at);
    });
    asio::steady_timer end{io, length + std::chrono::seconds{1}};
    std::vector<Instant> reads;
    end.async_wait([&](auto) {
      reads = kernel.reads;
      daemon.stop();
    });
    io.run();
    const auto late = bench::latenesses(reads, config.interval);
    figures = {late.size(), bench::quantile(late, 0.5), bench::quantile(late, 0.99),
               bench::quantile(late, 1)};
    if (crowd) {
      figures.connections = crowd->counts().connections;
      figures.bytes_taken = crowd->counts().bytes_taken;
    }
  }
  std::filesystem::remove_all(directory);
  return figures;
}

void print(std::FILE* out, const char* name, const Figures& f, const char* end) {
  std::fprintf(out,
               "  \"%s\": {\"readings\": %zu, \"late_ms_p50\": %.3f, \"late_ms_p99\": %.3f, "
               "\"late_ms_max\": %.3f, \"connections\": %llu, \"bytes_answered\": %llu}%s\n",
               name, f.readings, f.p50_ms, f.p99_ms, f.max_ms,
               static_cast<unsigned long long>(f.connections),
               static_cast<unsigned long long>(f.bytes_taken), end);
}

}  // namespace

int main(int argc, char** argv) {
  std::chrono::seconds length{30};
  unsigned clients = 200;
  const char* json = nullptr;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--seconds") == 0)
      length = std::chrono::seconds{std::atoi(argv[i + 1])};
    if (std::strcmp(argv[i], "--clients") == 0)
      clients = static_cast<unsigned>(std::atoi(argv[i + 1]));
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
  }
  const Figures quiet = run_for(length, 0, port);
  const Figures elsewhere = run_for(length, clients, another_port);
  const Figures attacked = run_for(length, clients, port);
  const auto print_all = [&](std::FILE* out) {
    std::fputs("{\n", out);
    print(out, "quiet", quiet, ",");
    print(out, "clients_elsewhere", elsewhere, ",");
    print(out, "clients", attacked, "");
    std::fputs("}\n", out);
  };
  print_all(stdout);
  if (std::FILE* const file = json ? std::fopen(json, "w") : nullptr) {
    print_all(file);
    std::fclose(file);
  }
  return quiet.readings > 0 && attacked.readings > 0 ? 0 : 1;
}
