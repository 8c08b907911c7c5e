#include "tests/unit/policy/loop.hpp"

#include <stdexcept>
#include <utility>

namespace pianissimo::test {
namespace {

constexpr std::chrono::milliseconds poll_interval{50};

}  // namespace

Estimate by_level(std::map<std::int32_t, std::int64_t> kbps) {
  return [kbps = std::move(kbps)](std::int32_t dbm, std::int64_t) -> std::optional<Throughput> {
    const auto above = kbps.upper_bound(dbm);
    if (above == kbps.begin()) return std::nullopt;
    return Throughput::from_kbps(std::prev(above)->second);
  };
}

Estimate flat(std::int64_t kbps) {
  return [kbps](std::int32_t, std::int64_t) { return Throughput::from_kbps(kbps); };
}

Loop::Loop(PolicyFactory policy, std::int32_t floor, std::int32_t ceiling)
    : controller_{{.floor = dbm(floor)}, std::move(policy)},
      ceiling_{ceiling},
      in_force_{dbm(ceiling)},
      before_{dbm(ceiling)} {}

void Loop::add(const MacAddress& station, Estimate estimate) {
  stations_[station] = Station{.estimate = std::move(estimate), .since = now_};
}

void Loop::load(const MacAddress& station, std::int64_t bytes_per_ms) {
  Station& loaded = stations_.at(station);
  loaded.bytes = loaded.bytes_at(now_);
  loaded.since = now_;
  loaded.bytes_per_ms = bytes_per_ms;
}

void Loop::joins(const MacAddress& station, Estimate estimate) {
  add(station, std::move(estimate));
  tell(StationJoined{now_, wlan0, station});
}

void Loop::leaves(const MacAddress& station) {
  stations_.erase(station);
  tell(StationLeft{now_, wlan0, station});
}

void Loop::tell(const Event& event) { perform(controller_.on(event)); }

void Loop::run_until(std::int64_t ms) {
  if (!std::exchange(begun_, true)) {
    InterfaceUp up = access_point();
    up.channel_maximum = up.found = up.power = dbm(ceiling_);
    tell(up);
  }
  for (;;) {
    Instant next = next_poll_;
    if (wake_) next = std::min(next, *wake_);
    if (under_way_) next = std::min(next, under_way_->first);
    if (next > at_ms(ms)) break;
    if (next < now_) throw std::logic_error{"woken in the past"};
    now_ = next;
    if (under_way_ && under_way_->first == now_) {
      answer();
    } else if (wake_ == now_) {
      wake_.reset();
      tell(Wake{now_});
    } else {
      next_poll_ = now_ + poll_interval;
      report();
    }
  }
  now_ = at_ms(ms);
}

Table Loop::table() const {
  Table lines;
  for (const Decision& decision : decisions_) {
    lines.push_back({ms_of(decision.at), decision.to.mbm() / 100, decision.reason});
  }
  return lines;
}

std::uint64_t Loop::Station::bytes_at(Instant at) const {
  return bytes + static_cast<std::uint64_t>(bytes_per_ms * (ms_of(at) - ms_of(since)));
}

void Loop::perform(const Outcome& outcome) {
  wake_ = outcome.wake;
  decisions_.insert(decisions_.end(), outcome.decisions.begin(), outcome.decisions.end());
  for (const SetPower& command : outcome.commands) {
    if (under_way_) throw std::logic_error{"two commands under way"};
    ++commands_;
    under_way_ = {now_ + delay_, command};
    if (delay_ == Duration{}) answer();
  }
  if (!outcome.read_now.empty()) report();
}

void Loop::answer() {
  const SetPower command = std::exchange(under_way_, std::nullopt)->second;
  if (changed_ != now_) before_ = in_force_;
  changed_ = now_;
  in_force_ = command.level;
  tell(accepted(now_, command.knob, command.level));
}

void Loop::report() {
  StationReport report{.at = now_, .interface = wlan0};
  const Dbm level = changed_ == now_ ? before_ : in_force_;
  for (const auto& [mac, station] : stations_) {
    StationSample seen = sample(mac, station.bytes_at(now_));
    seen.expected_throughput = station.estimate(level.mbm() / 100, ms_of(now_));
    report.stations.push_back(seen);
  }
  tell(report);
}

}  // namespace pianissimo::test
