// How exact is a visit's length? The service in real time against a fake kernel in this process,
// idle and then with every core busy; the figures come from the journal it writes.
// usage: visit_bench [--seconds N] [--json FILE]
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "controller/service/daemon.hpp"
#include "controller/service/log.hpp"
#include "controller/service/steady_time.hpp"
#include "experiments/report/journal.hpp"
#include "tests/bench/lateness.hpp"
#include "tests/unit/service/fake_kernel.hpp"

namespace {

using namespace pianissimo;
using namespace pianissimo::service;
namespace asio = boost::asio;

constexpr auto nominal = std::chrono::milliseconds{60};

struct Figures {
  std::size_t visits = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

Figures figures_of(const std::string& journal) {
  std::vector<double> errors;
  for (const report::Visit& visit : report::read_journal(journal, std::nullopt).visits) {
    const auto length = visit.length();
    if (!length) continue;
    const std::chrono::duration<double, std::milli> error = *length - nominal;
    errors.push_back(std::abs(error.count()));
  }
  std::ranges::sort(errors);
  return {errors.size(), bench::quantile(errors, 0.5), bench::quantile(errors, 0.99),
          bench::quantile(errors, 1)};
}

Figures run_for(std::chrono::seconds length) {
  const auto directory =
      std::filesystem::temp_directory_path() / ("visit_bench-" + std::to_string(::getpid()));
  std::filesystem::create_directories(directory);
  Config config;
  config.interfaces = {"wlan0"};
  config.policy = PolicyName::descend;
  config.descend.probe_every = 1;  // as many visits as possible
  config.descend.watch_dwell = std::chrono::milliseconds{20};
  config.journal.path = directory / "journal.jsonl";
  config.journal.budget_bytes = 1U << 30;
  config.privacy.stations = StationIds::mac;
  config.log_level = LogLevel::error;
  {
    asio::io_context io{1};
    SteadyTime time{io};
    FakeKernel kernel{io, time};
    // Whole at every level: the descent ends at the floor, and each hold is followed by a visit.
    kernel.serve(16);
    const auto log = make_log(config.log_level);
    Daemon daemon{Ports{time, kernel, kernel, kernel}, config, StateFile{directory}, *log};
    asio::co_spawn(io, daemon.run(), asio::detached);
    asio::steady_timer end{io, length};
    end.async_wait([&](auto) { daemon.stop(); });
    io.run();
  }
  const Figures figures = figures_of(config.journal.path);
  std::filesystem::remove_all(directory);
  return figures;
}

Figures run_with_busy_cores(std::chrono::seconds length) {
  std::atomic<bool> stop{false};
  std::vector<std::thread> loads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    loads.emplace_back([&stop] {
      while (!stop.load(std::memory_order_relaxed)) continue;
    });
  }
  const Figures figures = run_for(length);
  stop = true;
  for (std::thread& load : loads) load.join();
  return figures;
}

void print(std::FILE* out, const char* name, const Figures& f, const char* end) {
  std::fprintf(out,
               "  \"%s\": {\"visits\": %zu, \"error_ms_p50\": %.3f, \"error_ms_p99\": %.3f, "
               "\"error_ms_max\": %.3f}%s\n",
               name, f.visits, f.p50_ms, f.p99_ms, f.max_ms, end);
}

void print_all(std::FILE* out, const Figures& idle, const Figures& busy) {
  std::fputs("{\n", out);
  print(out, "idle", idle, ",");
  print(out, "busy", busy, "");
  std::fputs("}\n", out);
}

}  // namespace

int main(int argc, char** argv) {
  std::chrono::seconds length{30};
  const char* json = nullptr;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--seconds") == 0)
      length = std::chrono::seconds{std::atoi(argv[i + 1])};
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
  }
  const Figures idle = run_for(length);
  const Figures busy = run_with_busy_cores(length);
  print_all(stdout, idle, busy);
  if (std::FILE* const file = json ? std::fopen(json, "w") : nullptr) {
    print_all(file, idle, busy);
    std::fclose(file);
  }
  return idle.visits > 0 && busy.visits > 0 ? 0 : 1;
}
