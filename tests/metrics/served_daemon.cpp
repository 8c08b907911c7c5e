// The service as it is, with its HTTP listener and its control socket, on the real clock, beside a
// fake kernel with a few stations: for tests that need something to scrape, to ask or to look at.
// It runs until SIGTERM or SIGINT. With the name of an interface, that is driven, control over HTTP
// is allowed, and the stations lose throughput below 11 dBm. usage: served_daemon STATE_DIRECTORY
// LISTEN TEXTFILE [INTERFACE]
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>

#include "controller/service/control_server.hpp"
#include "controller/service/daemon.hpp"
#include "controller/service/http_server.hpp"
#include "controller/service/log.hpp"
#include "controller/service/running.hpp"
#include "controller/service/steady_time.hpp"
#include "tests/unit/service/fake_kernel.hpp"

int main(int argc, char** argv) {
  using namespace pianissimo;
  using namespace pianissimo::service;
  namespace asio = boost::asio;
  if (argc != 4 && argc != 5) {
    std::puts("usage: served_daemon STATE_DIRECTORY LISTEN TEXTFILE [INTERFACE]");
    return 64;
  }
  const std::string directory = argv[1];
  Config config;
  config.interfaces = {argc == 5 ? argv[4] : "wlan0"};
  config.http.control = argc == 5;
  config.policy = PolicyName::descend;
  config.http.listen = argv[2];
  config.metrics = {.textfile = argv[3], .stations = true};
  config.journal.path = directory + "/journal.jsonl";
  config.privacy.key_file = directory + "/salt";
  const auto log = make_log(config.log_level);

  asio::io_context io{1};
  SteadyTime time{io};
  FakeKernel kernel{io, time};
  kernel.serve(4, dbm(23));
  kernel.interfaces.front().name = config.interfaces.front();
  if (argc == 5) {
    for (auto& [mac, station] : kernel.stations) {
      station.expected = [](Dbm power) {
        return Throughput::from_kbps(power < dbm(11) ? 20'000 : 100'000);
      };
    }
  }
  HttpServer server{io, time};
  ControlServer control{io, time, directory, [] { return std::optional<std::string>{}; }};
  Ports ports{time, kernel, kernel, kernel};
  ports.http = &server;
  ports.control = &control;
  // What `pianissimo status` asks first.
  if (note_running(directory)) return 73;
  Daemon daemon{ports, config, StateFile{directory}, *log};
  asio::signal_set signals{io, SIGTERM, SIGINT};
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) daemon.stop();
  });
  asio::co_spawn(io, daemon.run(),
                 [&](const std::exception_ptr&, ExitStatus) { signals.cancel(); });
  io.run();
  return 0;
}
