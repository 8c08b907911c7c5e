#include "experiments/sim/access_point.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

Duration milliseconds(double ms) { return Duration{std::llround(ms * 1e6)}; }

StationSample without(const Hidden& hidden, StationSample sample) {
  if (hidden.signal) {
    sample.signal = sample.signal_avg = std::nullopt;
    sample.ack_signal = sample.ack_signal_avg = std::nullopt;
  }
  if (hidden.failed) sample.tx_failed.reset();
  if (hidden.retries) sample.tx_retries.reset();
  if (hidden.airtime) sample.tx_duration.reset();
  if (hidden.estimate) sample.expected_throughput.reset();
  if (hidden.rate) sample.tx_rate.reset();
  return sample;
}

}  // namespace

AccessPoint::AccessPoint(const Scenario& scenario, const RunOptions& options, int index,
                         Radio& radio, Air& air, std::vector<Station>& stations,
                         AccessPointRun& run)
    : options_{options},
      plan_{scenario.access_points.at(static_cast<std::size_t>(index))},
      index_{index},
      interface_{static_cast<std::uint32_t>(index) + 3},
      radio_{radio},
      air_{air},
      stations_{stations},
      run_{run},
      measured_from_{Instant{} + std::chrono::seconds{scenario.warm_up_s}},
      loop_{{.box = options.box,
             .policy = options.policy,
             .interval = options.interval,
             .verdict = options.verdict},
            *this} {
  run_.power.push_back({.at = Instant{}, .station = {}, .level = plan_.found});
}

void AccessPoint::start(Instant now) {
  std::vector<MacAddress> present;
  for (const Station& station : stations_) {
    if (station.access_point() == index_) present.push_back(station.mac());
  }
  // Daemons are not started in the same millisecond.
  loop_.start({.at = now,
               .interface = interface_,
               .wiphy = WiphyIndex{static_cast<std::uint32_t>(index_)},
               .name = "wlan" + std::to_string(index_),
               .path = plan_.knob.kind,
               .frequency = Mhz{5180},
               .width = Mhz{static_cast<std::uint32_t>(plan_.width_mhz)},
               .channel_maximum = plan_.channel_maximum,
               .found = plan_.found,
               .power = plan_.found},
              present, now + index_ * 7ms);
}

void AccessPoint::on_joined(Instant now, const MacAddress& station) {
  loop_.tell_of(StationJoined{.at = now, .interface = interface_, .station = station});
}

void AccessPoint::on_left(Instant now, const MacAddress& station) {
  loop_.tell_of(StationLeft{.at = now, .interface = interface_, .station = station});
}

void AccessPoint::decided(Instant at, const Decision& decision) {
  if (at >= measured_from_) ++run_.decisions[decision.reason];
  note(at, decision);
}

Instant AccessPoint::begin(Instant now, const SetPower&) {
  if (now >= measured_from_) ++run_.commands;
  const Duration drain = milliseconds(plan_.knob.drain_ms);
  if (drain > 0ns) {
    radio_.be_silent_until(now + drain);
    air_.refresh(index_, now);
  }
  return now + std::max(milliseconds(plan_.knob.latency_ms), drain);
}

Dbm AccessPoint::obeyed(Dbm asked) const {
  return plan_.knob.clamp ? std::min(asked, *plan_.knob.clamp) : asked;
}

PowerResult AccessPoint::land(Instant now, const SetPower& command) {
  const std::optional<MacAddress> station =
      command.knob.kind == KnobKind::station ? std::optional{command.knob.station} : std::nullopt;
  const Dbm level = obeyed(command.level);
  const Dbm before = station ? radio_.power_for(*station) : radio_.power();
  if (plan_.knob.obeys && level != before) {
    radio_.set_power(station, level);
    run_.power.push_back({.at = now, .station = station, .level = level});
    if (now >= measured_from_) ++run_.changes;
  }
  PowerResult result{.at = now, .knob = command.knob, .asked = command.level};
  switch (plan_.knob.read_back) {
    case KnobPlan::ReadBack::truth:
      // What a power per station really is, nl80211 does not tell.
      if (!station) result.read_back = radio_.power();
      break;
    case KnobPlan::ReadBack::asked:
      result.read_back = command.level;
      break;
    case KnobPlan::ReadBack::none:
      break;
  }
  return result;
}

std::vector<StationSample> AccessPoint::read(Instant now) {
  std::vector<StationSample> out;
  for (Station& station : stations_) {
    if (station.access_point() == index_) {
      out.push_back(without(options_.hidden, station.sample(now)));
    }
  }
  return out;
}

void AccessPoint::note(
    Instant at, std::variant<journal::Header, Event, Decision, journal::Lost, journal::Note> what) {
  if (!options_.record) return;
  const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch());
  options_.record(index_, {.at = at, .wall_ms = wall.count(), .what = std::move(what)});
}

}  // namespace pianissimo::sim
