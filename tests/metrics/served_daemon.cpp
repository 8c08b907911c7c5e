// The service as it is, with its HTTP listener, on the real clock, beside a fake kernel with a few
// stations: for tests that need something to scrape. It runs until SIGTERM or SIGINT.
// usage: served_daemon STATE_DIRECTORY LISTEN TEXTFILE
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>

#include "controller/service/daemon.hpp"
#include "controller/service/http_server.hpp"
#include "controller/service/log.hpp"
#include "controller/service/steady_time.hpp"
#include "tests/unit/service/fake_kernel.hpp"

int main(int argc, char** argv) {
  using namespace pianissimo;
  using namespace pianissimo::service;
  namespace asio = boost::asio;
  if (argc != 4) {
    std::puts("usage: served_daemon STATE_DIRECTORY LISTEN TEXTFILE");
    return 64;
  }
  const std::string directory = argv[1];
  Config config;
  config.interfaces = {"wlan0"};
  config.policy = PolicyName::descend;
  config.http.listen = argv[2];
  config.metrics = {.textfile = argv[3], .stations = true};
  config.journal.path = directory + "/journal.jsonl";
  const auto log = make_log(config.log_level);

  asio::io_context io{1};
  SteadyTime time{io};
  FakeKernel kernel{io, time};
  kernel.interfaces = {{.index = InterfaceIndex{3},
                        .name = "wlan0",
                        .driver = "fake",
                        .frequency = Mhz{5180},
                        .width = Mhz{80},
                        .channel_maximum = dbm(23),
                        .power = dbm(20)}};
  for (std::uint8_t i = 0; i < 4; ++i) {
    kernel.stations[MacAddress{{2, 0, 0, 0, i, 0}}] = {.since = time.now()};
  }
  HttpServer server{io, time};
  Ports ports{time, kernel, kernel, kernel};
  ports.http = &server;
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
