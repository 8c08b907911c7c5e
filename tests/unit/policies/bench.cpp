#include "tests/unit/policies/bench.hpp"

#include <algorithm>
#include <utility>

namespace pianissimo::test {
namespace {

constexpr std::chrono::milliseconds interval{50};

}  // namespace

Bench::Bench(std::unique_ptr<Policy> policy, std::int32_t floor, std::int32_t ceiling)
    : policy_{std::move(policy)}, box_{dbm(floor), dbm(ceiling)}, level_{dbm(ceiling)} {}

void Bench::leaves(const MacAddress& station) {
  stations_.erase(station);
  follow(policy_->on_station_left(now_, station));
}

void Bench::starts(Reason reason) {
  started_ = true;
  follow(policy_->start(now_, box_, reason));
}

void Bench::run_until(std::int64_t ms) {
  if (!started_) starts();
  for (;;) {
    const Instant next =
        std::min({next_reading_, wake_.value_or(next_reading_), obeys_.value_or(next_reading_)});
    if (next > at_ms(ms)) break;
    advance(next);
    if (obeys_ == now_) {
      obeys_.reset();
      follow(policy_->on_applied(now_));
    } else if (wake_ == now_) {
      wake_.reset();
      follow(policy_->on_wake(now_));
    } else {
      next_reading_ = now_ + interval;
      read();
    }
  }
  advance(at_ms(ms));
}

void Bench::advance(Instant to) {
  const double intervals = std::chrono::duration<double>(to - now_) / interval;
  spent_[level()] += to - now_;
  now_ = to;
  for (auto& [mac, station] : stations_) {
    const double packets = station.what.is_silent ? 0 : station.what.packets * intervals;
    station.packets += packets;
    if (!station.what.shows_losses) continue;
    station.retries += packets / station.what.success(level()) - packets;
  }
}

void Bench::read() {
  std::vector<StationView> views;
  for (auto& [mac, station] : stations_) {
    station.last = sample(mac, 0, station.what.connected);
    station.last.signal = station.last.signal_avg = station.what.signal;
    station.last.tx_rate = BitRate{.rate = station.what.rate(level()),
                                   .format = RateFormat::vht,
                                   .mcs = static_cast<std::uint8_t>(station.what.mcs(level())),
                                   .nss = 2,
                                   .width = Mhz{80}};
    StationView& view = views.emplace_back();
    view.station = mac;
    if (now_ - station.asked >= station.what.polled_every) {
      station.asked = now_;
      station.shown.tx_packets = static_cast<std::uint64_t>(station.packets + 0.5);
      station.shown.tx_retries.reset();
      if (station.what.counts_retries) {
        station.shown.tx_retries = static_cast<std::uint64_t>(station.retries + 0.5);
      }
      station.shown.tx_failed = 0;
    }
    view.totals = station.shown;
    view.last = &station.last;
    view.expected_throughput = station.what.success(level()) * station.what.rate(level());
  }
  follow(policy_->on_reading(now_, views));
}

void Bench::follow(const Advice& advice) {
  const Dbm before = std::exchange(level_, box_.clamp(advice.level));
  if (levels_.empty() || before != level_) levels_.push_back(level());
  if (advice.because) {
    reasons_.push_back(advice.because->reason);
    evidence_ = advice.because->evidence;
    choices_.push_back({ms_of(now_), level(), advice.because->reason, evidence_});
  }
  if (advice.wake) wake_ = advice.wake;
  if (advice.dwell && delay_ > Duration{}) obeys_ = now_ + delay_;
  if (advice.dwell && delay_ == Duration{}) follow(policy_->on_applied(now_));
  if (advice.read_now) read();
}

std::int32_t Bench::usual_level() const {
  return std::ranges::max_element(spent_, {}, [](const auto& entry) { return entry.second; })
      ->first;
}

}  // namespace pianissimo::test
