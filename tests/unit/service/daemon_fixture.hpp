// The loop against a fake kernel, on a clock moved by hand.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "controller/service/daemon.hpp"
#include "tests/unit/service/fake_kernel.hpp"
#include "tests/unit/service/manual_time.hpp"

namespace pianissimo::service {

namespace asio = boost::asio;

inline const MacAddress sta1{{2, 0, 0, 0, 1, 0}};

// Throughput that is whole down to `knee` and falls by 15 % for each dB below.
inline FakeKernel::Curve knee_at(Dbm knee) {
  return [knee](Dbm power) {
    double mbps = 100;
    for (Dbm level = power; level < knee; level = level + db(1)) mbps *= 0.85;
    return Throughput::from_kbps(static_cast<std::int64_t>(1000 * mbps));
  };
}

class DaemonTest : public ::testing::Test {
 protected:
  DaemonTest() : time{io}, kernel{std::make_unique<FakeKernel>(io, time)} {
    directory = std::filesystem::temp_directory_path() /
                ("pianissimo-" + std::to_string(::getpid()) + "-" +
                 ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(directory);
    config.interfaces = {"wlan0"};
    config.policy = PolicyName::descend;  // needs nothing of a fake kernel but estimates
    config.journal.path = directory / "journal.jsonl";
    config.privacy = {.stations = StationIds::mac, .key_file = directory / "salt"};
    kernel->interfaces = {wlan0()};
    log->set_level(spdlog::level::debug);
  }
  ~DaemonTest() override {
    if (daemon) daemon->stop();
    time.advance(std::chrono::seconds{10});  // what still waits, waits at `time`
    daemon.reset();                          // the journal is still written until here
    std::filesystem::remove_all(directory);
  }

  static ApInterface wlan0() {
    return {.index = InterfaceIndex{3},
            .wiphy = WiphyIndex{0},
            .name = "wlan0",
            .driver = "fake",
            .frequency = Mhz{5180},
            .width = Mhz{80},
            .channel_maximum = dbm(23),
            .power = dbm(20)};
  }

  void add_station(FakeKernel::Curve curve) {
    kernel->stations[sta1] = {.expected = std::move(curve), .since = time.now()};
  }

  // It runs from the next settle() on.
  void make() {
    daemon.emplace(Ports{time, *kernel, *kernel, *kernel, traffic, locks, power_sets, flows, http,
                         control, supervisor},
                   config, StateFile{directory}, *log);
    asio::co_spawn(io, daemon->run(), [this](std::exception_ptr thrown, ExitStatus status) {
      bug = std::move(thrown);
      if (!bug) exit = status;
    });
  }
  void start() {
    make();
    time.settle();
  }
  // With a station near enough for the lowest level.
  void start_and_reach_the_floor() {
    add_station(knee_at(dbm(1)));
    start();
    time.advance(std::chrono::seconds{5});
  }
  void reload(const Config& next) {
    asio::co_spawn(io, daemon->reload(next), asio::detached);
    time.settle();
  }
  void stop() {
    daemon->stop();
    time.settle();
  }
  // As SIGKILL leaves things: nothing is put back.
  void kill_and_start_anew() {
    auto old = std::move(kernel);
    daemon->stop();
    old->answer = PowerAnswer::busy;
    time.advance(std::chrono::seconds{3});
    kernel = std::make_unique<FakeKernel>(io, time);
    kernel->interfaces = old->interfaces;
    dead.push_back(std::move(old));
    daemon.reset();
  }

  std::string journal() {
    std::ostringstream text;
    text << std::ifstream{config.journal.path}.rdbuf();
    return text.str();
  }

  std::size_t times_said(std::string_view words) const {
    const std::string text = log_text.str();
    std::size_t count = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
      ++count;
    }
    return count;
  }

  asio::io_context io;
  ManualTime time;
  std::vector<std::unique_ptr<FakeKernel>> dead;
  std::unique_ptr<FakeKernel> kernel;
  TrafficSource* traffic = nullptr;
  RadioLocks* locks = nullptr;
  FlowRecorder* flows = nullptr;
  PowerSetSource* power_sets = nullptr;
  Publisher* http = nullptr;
  ControlPort* control = nullptr;
  Supervisor* supervisor = nullptr;
  std::filesystem::path directory;
  Config config;
  std::ostringstream log_text;
  std::shared_ptr<spdlog::logger> log = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_st>(log_text));
  std::optional<Daemon> daemon;
  std::optional<ExitStatus> exit;
  std::exception_ptr bug;
};

}  // namespace pianissimo::service
