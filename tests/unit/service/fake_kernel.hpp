// A kernel in the test's own process, behind the service's ports: one radio whose stations'
// throughput follows from the power in force. What no testbed can do stands here: faults on command
// and time moved by hand. The real kernel is driven in tests/vm.
#pragma once

#include <algorithm>
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
  std::vector<Sent> sent;              ///< every accepted set()
  std::vector<Knob> given_back;        ///< every accepted set_automatic()
  std::optional<Dbm> automatic_gives;  ///< instead of the channel's maximum
  PowerAnswer answer = PowerAnswer::accepted;
  int error = 0;
  std::optional<PortError> read_error;
  std::optional<InterfaceIndex> unreadable;  ///< this one alone
  std::optional<PortError> list_error;
  bool is_deaf = false;         ///< answers nothing: the ports give up after `patience`
  bool ignores_writes = false;  ///< only those
  int lists = 0;                ///< so often were the interfaces asked for
  int power_reads = 0;          ///< so often was the power of one asked for
  std::vector<Instant> reads;   ///< the stations were asked for then
  Duration reads_take{};        ///< so long
  std::function<void()> before_set = [] {};
  static constexpr std::chrono::seconds patience{2};
  Duration answers_after{};  ///< a write, which is in force at once; others do things meanwhile

  /// From here on its driver says this, whatever the power is; nullopt: nothing.
  void reports_always(std::optional<Dbm> power) {
    is_stubborn_ = true;
    reports_ = power;
    for (ApInterface& interface : interfaces) interface.power = power;
  }
  Dbm power() const { return interfaces.at(0).power.value(); }

  /// One access point on channel 36, wlan0, sends at 20 dBm to so many stations.
  void serve(std::uint8_t count, Dbm channel_maximum = dbm(20)) {
    interfaces = {{.index = InterfaceIndex{3},
                   .name = "wlan0",
                   .driver = "fake",
                   .frequency = Mhz{5180},
                   .width = Mhz{80},
                   .channel_maximum = channel_maximum,
                   .power = dbm(20)}};
    for (std::uint8_t i = 0; i < count; ++i) {
      stations[MacAddress{{2, 0, 0, 0, i, 0}}] = {.since = time_.now()};
    }
  }

  void happen(Change change) {
    changes_.push_back(change);
    changed_.cancel();
  }

  Awaitable<Result<std::vector<ApInterface>>> list() override {
    ++lists;
    if (is_deaf) co_return co_await nothing();
    if (list_error) co_return *list_error;
    co_return interfaces;
  }
  Awaitable<Result<std::vector<WirelessInterface>>> list_all() override {
    if (is_deaf) co_return co_await nothing();
    std::vector<WirelessInterface> all;
    for (const ApInterface& one : interfaces) all.push_back({one.index, one.wiphy, one.name});
    co_return all;
  }
  Awaitable<Result<std::optional<Dbm>>> power_of(InterfaceIndex index) override {
    ++power_reads;
    if (is_deaf) co_return co_await nothing();
    for (const ApInterface& interface : interfaces) {
      if (interface.index == index) co_return interface.power;
    }
    co_return PortError{"no such interface", true};
  }
  Awaitable<Result<std::string>> regulatory_domain() override {
    if (is_deaf) co_return co_await nothing();
    co_return std::string{"US"};
  }
  Awaitable<Result<Change>> next_change() override {
    while (changes_.empty() && !closed_ && !event_error_) {
      co_await changed_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    if (closed_) co_return PortError{"closed", false};
    if (event_error_) co_return *event_error_;
    const Change change = changes_.front();
    changes_.pop_front();
    co_return change;
  }
  /// From here on nobody says what changes.
  void lose_events(PortError why) {
    event_error_ = std::move(why);
    changed_.cancel();
  }
  void close() override {
    closed_ = true;
    changed_.cancel();
  }

  Awaitable<Result<StationReading>> read(InterfaceIndex interface) override {
    reads.push_back(time_.now());
    co_await wait(reads_take);
    if (is_deaf) co_return co_await nothing();
    if (read_error) co_return *read_error;
    const auto there = std::ranges::find(interfaces, interface, &ApInterface::index);
    if (there == interfaces.end()) co_return PortError{"no such device", true};
    if (interface == unreadable) co_return PortError{"no buffer space", false};
    const Instant now = time_.now();
    StationReport report{.at = now, .interface = interface};
    for (const auto& [mac, station] : stations) {
      const double seconds = std::chrono::duration<double>(now - station.since).count();
      StationSample sample{.station = mac};
      sample.expected_throughput =
          station.expected(station_power_.value_or(there->power.value_or(dbm(20))));
      sample.tx_bytes =
          static_cast<std::uint64_t>(seconds * static_cast<double>(station.bytes_per_second));
      sample.connected = std::chrono::seconds{static_cast<long>(seconds)};
      report.stations.push_back(sample);
    }
    co_return StationReading{std::move(report), {}};
  }

  Awaitable<PowerResult> set(const Knob& knob, Dbm level) override {
    before_set();
    if (is_deaf || ignores_writes) co_return co_await no_answer(knob, level);
    PowerResult result = apply(knob, level);
    result.asked = level;
    if (result.answer == PowerAnswer::accepted) sent.push_back({time_.now(), knob, level});
    co_await think();
    result.at = time_.now();
    co_return result;
  }
  Awaitable<PowerResult> set_automatic(const Knob& knob) override {
    if (is_deaf || ignores_writes) co_return co_await no_answer(knob, {});
    const PowerResult result = apply(knob, std::nullopt);
    co_await think();
    if (result.answer == PowerAnswer::accepted) given_back.push_back(knob);
    co_return result;
  }

 private:
  // As mac80211 does: a level is capped by each interface's channel; no level is that maximum.
  PowerResult apply(const Knob& knob, std::optional<Dbm> level) {
    PowerResult result{.at = time_.now(), .knob = knob};
    if (answer != PowerAnswer::accepted) {
      result.answer = answer;
      result.error = error;
      return result;
    }
    if (interfaces.empty()) {
      result.answer = PowerAnswer::gone;
      result.error = ENODEV;
      return result;
    }
    if (knob.kind == KnobKind::station) {
      station_power_ = level;
      return result;
    }
    for (ApInterface& interface : interfaces) {
      const bool is_meant = knob.kind == KnobKind::wiphy ? interface.wiphy == knob.wiphy
                                                         : interface.index == knob.interface;
      if (!is_meant) continue;
      const Dbm most = interface.channel_maximum.value();
      interface.power = level ? std::min(*level, most) : automatic_gives.value_or(most);
      result.read_back = std::min(result.read_back.value_or(*interface.power), *interface.power);
    }
    if (is_stubborn_) {
      for (ApInterface& interface : interfaces) interface.power = reports_;
      result.read_back = reports_;
    }
    return result;
  }

  Awaitable<void> think() const { return wait(answers_after); }
  Awaitable<PortError> nothing() const {
    co_await wait(patience);
    co_return PortError{"no answer", false};
  }
  Awaitable<PowerResult> no_answer(Knob knob, Dbm level) const {
    co_await wait(patience);
    co_return PowerResult{.at = time_.now(),
                          .knob = knob,
                          .asked = level,
                          .answer = PowerAnswer::busy,
                          .read_back = std::nullopt,
                          .error = ETIMEDOUT};
  }
  Awaitable<void> wait(Duration time) const {
    if (time == Duration{}) co_return;
    const auto alarm = time_.make_alarm();
    co_await alarm->wait_until(time_.now() + time);
  }

  Time& time_;
  std::optional<Dbm> station_power_;
  bool is_stubborn_ = false;
  std::optional<Dbm> reports_;
  boost::asio::steady_timer changed_;
  std::deque<Change> changes_;
  std::optional<PortError> event_error_;
  bool closed_ = false;
};

}  // namespace pianissimo::service
