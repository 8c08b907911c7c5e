// A daemon in small: the core, driven by stations whose throughput depends on the power alone, with
// a journal of all of it, as controller/service writes it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/law.hpp"
#include "controller/core/controller.hpp"
#include "controller/journal/record.hpp"
#include "experiments/replay/settings.hpp"

namespace pianissimo::test {

class RecordedRun {
 public:
  /// What a station is expected to receive at a level.
  using Capacity = std::function<Throughput(const MacAddress&, Dbm)>;

  struct Start {
    Config config;
    Instant at{};
    InterfaceIndex interface { 3 };
    KnobKind path = KnobKind::interface;
    std::vector<MacAddress> stations;
    Capacity capacity;
  };
  explicit RecordedRun(Start start) : how_{std::move(start)}, now_{how_.at}, next_read_{now_} {
    core_.emplace(how_.config.box, policy_of(how_.config));
    for (const MacAddress& station : how_.stations) samples_.push_back({.station = station});
    header_ = line({.config = to_json(how_.config),
                    .config_hash = config_hash(how_.config),
                    .interfaces = {{.name = "wlan0", .index = value(how_.interface)}}});
    text_ = header_;
    perform(tell(InterfaceUp{.at = now_,
                             .interface = how_.interface,
                             .name = "wlan0",
                             .path = how_.path,
                             .frequency = Mhz{5180},
                             .width = Mhz{80},
                             .channel_maximum = dbm(20),
                             .found = dbm(20),
                             .power = dbm(20)}));
  }

  /// Goes on for at least so many events: readings every 50 ms, wakes and answers as they come.
  void run(std::size_t events) {
    const std::size_t end = events_ + events;
    while (events_ < end) {
      const bool wakes = wake_ && *wake_ <= next_read_;
      now_ = std::max(now_, wakes ? *wake_ : next_read_);
      if (wakes) {
        wake_.reset();
        perform(tell(Wake{now_}));
      } else {
        next_read_ += std::chrono::milliseconds{50};
        perform(tell(reading()));
      }
    }
  }

  /// Tells an event of one's own, at now().
  void add(const Event& event) { perform(tell(event)); }
  /// A line that is no event.
  void add_line(const std::string& text) { text_ += text; }

  Instant now() const { return now_; }
  const std::string& header() const { return header_; }
  /// The lines since the last call.
  std::string take_text() { return std::exchange(text_, {}); }
  std::size_t events() const { return events_; }

 private:
  template <class T>
  std::string line(T what) const {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch());
    journal::Record record{now_, 1'790'000'000'000 + ms.count(), {}};
    record.what = std::move(what);
    return to_line(record) + '\n';
  }
  std::string line(journal::Header header) const {
    header.version = "0.1.0";
    header.kernel = "6.1.0";
    header.regulatory_domain = "DE";
    return line<journal::Header>(std::move(header));
  }

  Outcome tell(const Event& event) {
    ++events_;
    now_ = std::max(now_, time_of(event));
    text_ += line(event);
    Outcome outcome = core_->on(event);
    for (const Decision& decision : outcome.decisions) text_ += line(decision);
    wake_ = outcome.wake;
    return outcome;
  }

  // As the daemon does it: commands one after the other, then what is to be read at once.
  void perform(Outcome outcome) {
    bool reads = !outcome.read_now.empty();
    for (std::size_t i = 0; i < outcome.commands.size(); ++i) {
      const SetPower command = outcome.commands[i];
      now_ += std::chrono::milliseconds{2};
      levels_.insert_or_assign(command.knob, command.level);
      const Outcome next = tell(PowerResult{
          .at = now_, .knob = command.knob, .asked = command.level, .read_back = command.level});
      outcome.commands.insert(outcome.commands.end(), next.commands.begin(), next.commands.end());
      reads = reads || !next.read_now.empty();
    }
    if (reads) perform(tell(reading()));
  }

  Dbm level_of(const MacAddress& station) const {
    Knob knob{.kind = how_.path};
    if (how_.path != KnobKind::wiphy) knob.interface = how_.interface;
    if (how_.path == KnobKind::station) knob.station = station;
    const auto found = levels_.find(knob);
    return found == levels_.end() ? dbm(20) : found->second;
  }

  StationReport reading() {
    for (StationSample& sample : samples_) {
      const Throughput capacity = how_.capacity(sample.station, level_of(sample.station));
      sample.expected_throughput = capacity;
      sample.tx_bytes = sample.tx_bytes.value_or(0) + 200'000;
      sample.rx_bytes = sample.rx_bytes.value_or(0) + 4'000;
      sample.tx_packets = sample.tx_packets.value_or(0) + 140;
      sample.rx_packets = sample.rx_packets.value_or(0) + 60;
      sample.tx_retries = sample.tx_retries.value_or(0) + 7;
      sample.tx_failed = 0;
      sample.tx_duration = sample.tx_duration.value_or(std::chrono::microseconds{0}) +
                           std::chrono::microseconds{2'700};
      sample.tx_rate = BitRate{.rate = Throughput::from_kbps(780'000),
                               .format = RateFormat::vht,
                               .mcs = std::uint8_t{8},
                               .nss = std::uint8_t{2},
                               .width = Mhz{80},
                               .short_gi = true};
      sample.rx_rate = sample.tx_rate;
      sample.signal = dbm(-52);
      sample.signal_avg = dbm(-53);
      sample.ack_signal = dbm(-51);
      sample.ack_signal_avg = dbm(-52);
      sample.inactive = std::chrono::milliseconds{4};
      sample.connected = std::chrono::duration_cast<std::chrono::seconds>(now_ - how_.at);
    }
    return {now_, how_.interface, samples_};
  }

  Start how_;
  Instant now_;
  Instant next_read_;
  std::optional<Controller> core_;
  std::optional<Instant> wake_;
  std::map<Knob, Dbm> levels_;
  std::vector<StationSample> samples_;
  std::string header_;
  std::string text_;
  std::size_t events_ = 0;
};

inline const MacAddress near_station = *mac_from_string("02:00:00:00:01:00");
inline const MacAddress far_station = *mac_from_string("02:00:00:00:02:00");

/// Whole down to 8 dBm for the near station and to 15 dBm for the far one; below, a tenth less and
/// more per dB.
inline Throughput knee(const MacAddress& station, Dbm level) {
  const Dbm edge = station == far_station ? dbm(15) : dbm(8);
  const std::int64_t lost = std::max(0, (edge - level).mb() / 100);
  return Throughput::from_kbps(70'687 - std::min<std::int64_t>(60'000, 9'000 * lost));
}

inline RecordedRun::Start two_stations(KnobKind path = KnobKind::interface) {
  return {.config = {.policy = PolicyName::descend},
          .at = Instant{std::chrono::seconds{100}},
          .path = path,
          .stations = {near_station, far_station},
          .capacity = knee};
}

}  // namespace pianissimo::test
