#include "experiments/sim/access_point.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

// The daemon's: a tick that close to a wake is left out (controller/service/daemon.cpp).
constexpr Duration guard = 1ms;

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
      controller_{options.box, options.policy},
      measured_from_{Instant{} + std::chrono::seconds{scenario.warm_up_s}} {
  run_.power.push_back({.at = Instant{}, .station = {}, .level = plan_.found});
}

void AccessPoint::start(Instant now) {
  started_ = true;
  // Daemons are not started in the same millisecond.
  tick_ = now + index_ * 7ms;
  tell(InterfaceUp{.at = now,
                   .interface = interface_,
                   .wiphy = WiphyIndex{static_cast<std::uint32_t>(index_)},
                   .name = "wlan" + std::to_string(index_),
                   .path = plan_.knob.kind,
                   .frequency = Mhz{5180},
                   .width = Mhz{static_cast<std::uint32_t>(plan_.width_mhz)},
                   .channel_maximum = plan_.channel_maximum,
                   .found = plan_.found,
                   .power = plan_.found});
  for (const Station& station : stations_) {
    if (station.access_point() == index_) {
      tell(StationJoined{.at = now, .interface = interface_, .station = station.mac()});
    }
  }
  work(now);
}

Instant AccessPoint::next() const {
  Instant first = std::min(tick_, wake_.value_or(Instant::max()));
  // Whatever waits for an answer waits; the loop is one thread, but readings go on.
  if (answer_at_) first = std::min(first, *answer_at_);
  return first;
}

void AccessPoint::advance(Instant now) {
  if (answer_at_ && *answer_at_ <= now) land(now);
  if (wake_ && *wake_ <= now) {
    wake_.reset();
    tell(Wake{now});
    work(now);
  }
  if (tick_ <= now) {
    tick_ += options_.interval;
    if (!wake_ || *wake_ - now >= guard) read(now);
    work(now);
  }
}

void AccessPoint::on_joined(Instant now, const MacAddress& station) {
  if (!started_) return;
  tell(StationJoined{.at = now, .interface = interface_, .station = station});
  work(now);
}

void AccessPoint::on_left(Instant now, const MacAddress& station) {
  if (!started_) return;
  tell(StationLeft{.at = now, .interface = interface_, .station = station});
  work(now);
}

void AccessPoint::tell(const Event& event) {
  const Instant at = time_of(event);
  note(at, event);
  Outcome outcome = controller_.on(event);
  for (const Decision& decision : outcome.decisions) {
    if (at >= measured_from_) ++run_.decisions[decision.reason];
    note(at, decision);
  }
  commands_.insert(commands_.end(), outcome.commands.begin(), outcome.commands.end());
  if (!outcome.read_now.empty()) read_wanted_ = true;
  wake_ = outcome.wake;
}

// Commands first, the readings that were wanted when all have been answered.
void AccessPoint::work(Instant now) {
  if (!commands_.empty() && !answer_at_) answer_at_ = begin_command(now);
  if (commands_.empty() && read_wanted_) {
    read_wanted_ = false;
    read(now);
    work(now);
  }
}

Instant AccessPoint::begin_command(Instant now) {
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

// The first command takes effect and is answered.
void AccessPoint::land(Instant now) {
  const SetPower command = commands_.front();
  commands_.pop_front();
  answer_at_.reset();
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
  tell(result);
  work(now);
}

void AccessPoint::read(Instant now) {
  StationReport report{.at = now, .interface = interface_};
  for (Station& station : stations_) {
    if (station.access_point() == index_) {
      report.stations.push_back(without(options_.hidden, station.sample(now)));
    }
  }
  tell(report);
}

void AccessPoint::note(
    Instant at, std::variant<journal::Header, Event, Decision, journal::Lost, journal::Note> what) {
  if (!options_.record) return;
  const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch());
  options_.record(index_, {.at = at, .wall_ms = wall.count(), .what = std::move(what)});
}

}  // namespace pianissimo::sim
