#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>

#include "controller/journal/privacy_key.hpp"
#include "controller/service/commands.hpp"
#include "controller/service/config_file.hpp"
#include "controller/service/control_server.hpp"
#include "controller/service/daemon.hpp"
#include "controller/service/kernel_ports.hpp"
#include "controller/service/log.hpp"
#include "controller/service/radio_locks.hpp"
#include "controller/service/running.hpp"
#include "controller/service/steady_time.hpp"
#include "controller/service/supervisor.hpp"
#include "controller/service/version.hpp"
#include "controller/service/watchdog.hpp"
#ifdef PIANISSIMO_HTTP
#include "controller/service/http_server.hpp"
#endif
#ifdef PIANISSIMO_BPF
#include "controller/service/bpf_power_sets.hpp"
#include "controller/service/bpf_traffic.hpp"
#include "controller/service/flow_export.hpp"
#endif

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;

std::variant<Config, ExitStatus> read_config(const RunOptions& options) {
  auto config = read_config_file(options.config, options.state_directory);
  if (auto* const read = std::get_if<Config>(&config)) {
    read->dry_run |= options.dry_run || read->mode == Mode::dry_run;
  }
  return config;
}

// A bad file is refused and what runs goes on under the old one.
Awaitable<void> reload(Daemon& daemon, const RunOptions& options, spdlog::logger& log) {
  const auto config = read_config(options);
  if (!std::holds_alternative<Config>(config)) {
    log.error("{}: not loaded; the configuration in force stays", options.config);
    co_return;
  }
  log.info("{}: loaded; beginning anew", options.config);
  log.set_level(to_spdlog(std::get<Config>(config).log_level));
  co_await daemon.reload(std::get<Config>(config));
}

// An operator asks for it: the file is read twice, so that what is wrong with it is answered.
std::optional<std::string> ask_for_reload(const RunOptions& options) {
  if (!std::holds_alternative<Config>(read_config(options))) {
    return "the configuration in force stays: pianissimo check-config says what is wrong";
  }
  std::raise(SIGHUP);
  return std::nullopt;
}

// `is_over`: here and in beat() what cannot be cancelled any more, as it has come and waits for its
// turn, must not wait for another one.
Awaitable<void> obey_signals(asio::signal_set& signals, Daemon& daemon, const RunOptions& options,
                             spdlog::logger& log, const bool& is_over) {
  while (!is_over) {
    const auto [error, number] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
    if (error || is_over) co_return;
    if (number == SIGHUP) {
      co_await reload(daemon, options, log);
    } else {
      log.info("stopping; putting the power back");
      daemon.stop();
    }
  }
}

// What would end the daemon at once, and means nothing here, is ignored. What asks it to end, it
// obeys. What only a defect sends stays deadly: then the watchdog puts the power back.
void prepare_signals(asio::signal_set& signals) {
  for (const int number : {SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR,
                           SIGXFSZ, SIGSTKFLT}) {
    std::signal(number, SIG_IGN);  // SIGPIPE: a journal in a pipe outlives its reader
  }
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) std::signal(number, SIG_IGN);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGXCPU}) signals.add(number);
}

// A daemon that the kernel does not answer is as good as dead: the watchdog has a socket of its
// own.
Awaitable<void> beat(asio::steady_timer& timer, const Watchdog& watchdog, const Daemon& daemon,
                     spdlog::logger& log, const bool& is_over) {
  bool is_said = false;
  while (!is_over) {
    const bool is_there = !daemon.hears_the_kernel() || watchdog.beat();
    if (!is_there && !std::exchange(is_said, true)) {
      log.warn("no watchdog: nobody puts the power back should this process be killed");
    }
    timer.expires_after(Watchdog::heartbeat_interval);
    const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
  }
}

// The watchdog of a run that was killed may hold the lock for a moment.
std::variant<InstanceLock, StateError> take_lock(const std::string& state_directory) {
  for (int attempt = 1;; ++attempt) {
    auto lock = InstanceLock::take(state_directory);
    const auto* const error = std::get_if<StateError>(&lock);
    if (!error || error->status != ExitStatus::unavailable || attempt == 20) return lock;
    ::usleep(100'000);
  }
}

std::unique_ptr<TrafficSource> make_traffic_source() {
#ifdef PIANISSIMO_BPF
  return std::make_unique<BpfTraffic>();
#else
  return nullptr;
#endif
}

std::unique_ptr<PowerSetSource> make_power_set_source([[maybe_unused]] asio::io_context& io,
                                                      [[maybe_unused]] const Time& time) {
#ifdef PIANISSIMO_BPF
  return std::make_unique<BpfPowerSets>(io, time);
#else
  return nullptr;
#endif
}

std::unique_ptr<FlowRecorder> make_flow_recorder([[maybe_unused]] asio::io_context& io,
                                                 [[maybe_unused]] const Time& time) {
#ifdef PIANISSIMO_BPF
  return std::make_unique<FlowExport>(io, time);
#else
  return nullptr;
#endif
}

std::unique_ptr<Publisher> make_publisher([[maybe_unused]] asio::io_context& io,
                                          [[maybe_unused]] Time& time) {
#ifdef PIANISSIMO_HTTP
  return std::make_unique<HttpServer>(io, time);
#else
  return nullptr;
#endif
}

std::unique_ptr<Supervisor> make_supervisor(const Time& time, spdlog::logger& log) {
  auto made = SystemdSupervisor::from(&std::getenv, time);
  if (const auto* const why = std::get_if<std::string>(&made)) {
    log.warn("the service manager is told nothing: {}", *why);
    return nullptr;
  }
  return std::get<std::unique_ptr<SystemdSupervisor>>(std::move(made));
}

Awaitable<ExitStatus> permitted_run(Daemon& daemon, nl80211::Nl80211& kernel, bool dry_run) {
  if (!dry_run) {
    const ExitStatus permission = co_await check_permission(kernel);
    if (permission != ExitStatus::ok) co_return permission;
  }
  co_return co_await daemon.run();
}

}  // namespace

ExitStatus run(const RunOptions& options) {
  auto config = read_config(options);
  if (const auto* const failed = std::get_if<ExitStatus>(&config)) return *failed;
  const bool dry_run = std::get<Config>(config).dry_run;
  const auto log = make_log(std::get<Config>(config).log_level);

  // Before anything is opened: it must hold nothing of ours.
  Watchdog watchdog{[&](bool is_dead) { restore_for(options.state_directory, is_dead); }};
  asio::io_context io{1};
  SteadyTime time{io};
  auto kernel = open_kernel(io, time);
  if (const auto* const failed = std::get_if<ExitStatus>(&kernel)) return *failed;
  auto& [nl80211, ports] = std::get<Kernel>(kernel);

  const auto lock = take_lock(options.state_directory);
  if (const auto* const error = std::get_if<StateError>(&lock)) {
    log->error("{}", error->message);
    return error->status;
  }
  if (const auto error = note_running(options.state_directory)) {
    log->error("{}", error->message);
    return error->status;
  }
  log->info("pianissimo {}{}", program_version, dry_run ? ", dry run: no power is written" : "");

  const auto traffic = make_traffic_source();
  const auto power_sets = make_power_set_source(io, time);
  const auto flows = make_flow_recorder(io, time);
  const auto http = make_publisher(io, time);
  const auto supervisor = make_supervisor(time, *log);
  SocketLocks locks;
  ControlServer control{io, time, options.state_directory, [&] { return ask_for_reload(options); }};
  Daemon daemon{Ports{time, *ports, *ports, *ports, traffic.get(), &locks, power_sets.get(),
                      flows.get(), http.get(), &control, supervisor.get()},
                std::get<Config>(std::move(config)), StateFile{options.state_directory}, *log};
  if (!journal::is_in_ram(STDERR_FILENO)) daemon.log_leaves_ram();
  asio::signal_set signals{io};
  prepare_signals(signals);
  asio::steady_timer heart{io};
  bool is_over = false;
  asio::co_spawn(io, beat(heart, watchdog, daemon, *log, is_over), asio::detached);
  ExitStatus status = ExitStatus::ok;
  std::exception_ptr failure;
  asio::co_spawn(io, obey_signals(signals, daemon, options, *log, is_over),
                 [&](std::exception_ptr thrown) {
                   if (!thrown) return;
                   failure = std::move(thrown);
                   daemon.stop();
                 });
  asio::co_spawn(io, permitted_run(daemon, *nl80211, dry_run),
                 [&](std::exception_ptr thrown, ExitStatus returned) {
                   if (thrown) failure = std::move(thrown);
                   status = returned;
                   is_over = true;
                   signals.cancel();
                   heart.cancel();
                 });
  io.run();
  const auto left = StateFile{options.state_directory}.load();
  const auto* const found = std::get_if<FoundPowers>(&left);
  if ((failure || status != ExitStatus::ok) && found && !found->empty()) {
    watchdog.hand_over();
  } else if (const auto error = forget_running(options.state_directory)) {
    log->warn("{}", error->message);
  }
  // A bug. The power is back, or else its note is still there for the watchdog.
  if (failure) std::rethrow_exception(failure);
  return status;
}

}  // namespace pianissimo::service
