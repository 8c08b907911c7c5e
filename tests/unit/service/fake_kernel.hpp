// A kernel in the test's own process, behind the service's ports: one radio whose stations'
// throughput follows from the power in force. What no testbed can do stands here: faults on command
// and time moved by hand. The real kernel is driven in tests/vm.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <deque>
#include <functional>
#include <map>
#include <vector>

#include "controller/service/ports.hpp"

namespace pianissimo::service {

class FakeKernel final : public InterfaceSource, public StationSource, public PowerKnob {
 public:
  /// Expected throughput of a station at a level.
  using Curve = std::function<Throughput(Dbm)>;
  struct Station {
    Curve expected = [](Dbm) { return Throughput::from_kbps(100'000); };
    std::uint64_t bytes_per_second = 1'000'000;
    Instant since;
  };
  struct Sent {
    Instant at;
    Knob knob;
    Dbm level;
  };

  FakeKernel(boost::asio::io_context& io, Time& time) : time_{time}, changed_{io} {
    changed_.expires_at(std::chrono::steady_clock::time_point::max());
  }

  std::vector<ApInterface> interfaces;
  std::map<MacAddress, Station> stations;
  std::vector<Sent> sent;  ///< every accepted set()
  int automatic = 0;       ///< set_automatic() calls
  PowerAnswer answer = PowerAnswer::accepted;
  int error = 0;
  std::optional<PortError> read_error;
  std::optional<PortError> list_error;
  std::function<void()> before_set = [] {};
  Duration answers_after{};  ///< a write; meanwhile others do what they do

  Dbm power() const { return interfaces.at(0).power.value(); }

  void happen(Change change) {
    changes_.push_back(change);
    changed_.cancel();
  }

  Awaitable<Result<std::vector<ApInterface>>> list() override {
    if (list_error) co_return *list_error;
    co_return interfaces;
  }
  Awaitable<Result<InterfaceIndex>> index_of(const std::string& name,
                                             InterfaceIndex formerly) override {
    for (const ApInterface& interface : interfaces) {
      if (interface.name == name) co_return interface.index;
    }
    for (const ApInterface& interface : interfaces) {
      if (interface.index == formerly) co_return formerly;
    }
    co_return PortError{"no such interface", true};
  }
  Awaitable<Result<std::string>> regulatory_domain() override { co_return std::string{"US"}; }
  Awaitable<Result<Change>> next_change() override {
    while (changes_.empty() && !closed_) {
      co_await changed_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    if (closed_) co_return PortError{"closed", false};
    const Change change = changes_.front();
    changes_.pop_front();
    co_return change;
  }
  void close() override {
    closed_ = true;
    changed_.cancel();
  }

  Awaitable<Result<StationReading>> read(InterfaceIndex interface) override {
    if (read_error) co_return *read_error;
    const Instant now = time_.now();
    StationReport report{.at = now, .interface = interface};
    for (const auto& [mac, station] : stations) {
      const double seconds = std::chrono::duration<double>(now - station.since).count();
      StationSample sample{.station = mac};
      sample.expected_throughput = station.expected(power());
      sample.tx_bytes =
          static_cast<std::uint64_t>(seconds * static_cast<double>(station.bytes_per_second));
      sample.connected = std::chrono::seconds{static_cast<long>(seconds)};
      report.stations.push_back(sample);
    }
    co_return StationReading{std::move(report), {}};
  }

  Awaitable<PowerResult> set(const Knob& knob, Dbm level) override {
    before_set();
    co_await think();
    PowerResult result{.at = time_.now(), .knob = knob, .asked = level};
    if (interfaces.empty()) {
      result.answer = PowerAnswer::gone;
      result.error = ENODEV;
    } else if (answer != PowerAnswer::accepted) {
      result.answer = answer;
      result.error = error;
    } else {
      interfaces.at(0).power = level;
      sent.push_back({time_.now(), knob, level});
      result.read_back = level;
    }
    co_return result;
  }
  Awaitable<PowerResult> set_automatic(const Knob& knob) override {
    ++automatic;
    co_return PowerResult{.at = time_.now(), .knob = knob};
  }

 private:
  Awaitable<void> think() const {
    if (answers_after == Duration{}) co_return;
    const auto alarm = time_.make_alarm();
    co_await alarm->wait_until(time_.now() + answers_after);
  }

  Time& time_;
  boost::asio::steady_timer changed_;
  std::deque<Change> changes_;
  bool closed_ = false;
};

}  // namespace pianissimo::service
