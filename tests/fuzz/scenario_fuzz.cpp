// Any text, as a simulator's scenario: refused with one error that says where, or a scenario that
// is within every range. The scenario's folder does not exist, so that no trace can be opened.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "experiments/sim/path_loss.hpp"
#include "experiments/sim/scenario.hpp"

namespace {

using namespace pianissimo;
using namespace pianissimo::sim;

const std::string path = "/no/such/folder/scenario.yaml";
constexpr double longest_s = 86'400;

void require(bool holds) {
  if (!holds) std::abort();
}

// NaN is nowhere within.
template <class T>
void require_within(const T& value, const T& min, const T& max) {
  require(min <= value && value <= max);
}

void require_whole(Dbm level) {
  require(level.mbm() % 100 == 0);
  require_within(level, dbm(0), dbm(36));
}

void require_width(int mhz) { require(mhz == 20 || mhz == 40 || mhz == 80); }

// The ranges once more, by hand: README.md of the scenarios, and the comments of scenario.hpp.
void require_ranges(const testbed::FadingParams& fading) {
  require_within(fading.slow_sd_db, 0., 10.);
  require_within(fading.slow_tau_s, 0.01, 1000.);
  require_within(fading.fast_sd_db, 0., 10.);
  require_within(fading.fast_tau_s, 0.01, 1000.);
  require_within(fading.packet_sd_db, 0., 10.);
  require_within(fading.shadows_per_minute, 0., 60.);
}

void require_ranges(const InterferenceParams& interference) {
  require_within(interference.on_s, 0.0005, 1000.);
  require_within(interference.off_s, 0.0005, 1000.);
  require_within(interference.from_s, 0., longest_s);
  require_within(interference.until_s, 0., longest_s);
  require_within(interference.at_stations_dbm, -120., -20.);
  require_within(interference.at_access_points_dbm, -120., -20.);
}

void require_ranges(const UplinkParams& uplink) {
  require_within(uplink.frames_per_second, 0., 1000.);
  require_within(uplink.share, 0., 1.);
  require_within(uplink.signal_noise_db, 0., 10.);
  require_within(uplink.reciprocity_sd_db, 0., 10.);
  require_within(uplink.reciprocity_tau_s, 0.1, 10'000.);
}

void require_ranges(const CountersPlan& counters) {
  require(counters.retries <= CountersPlan::Retries::none);
  require(counters.failed <= CountersPlan::Failed::none);
  require_within(counters.burst_ms, 0., 60'000.);
}

void require_ranges(const AccessPointPlan& access_point) {
  require_whole(access_point.found);
  require_whole(access_point.channel_maximum);
  require_width(access_point.width_mhz);
  require_within(access_point.streams, 1, 3);
  require_within(access_point.hardware_queue, 1, 16);
  require(access_point.knob.kind <= KnobKind::station);
  require(access_point.knob.read_back <= KnobPlan::ReadBack::none);
  require_within(access_point.knob.latency_ms, 0., 5000.);
  require_within(access_point.knob.drain_ms, 0., 5000.);
  if (access_point.knob.clamp) require_whole(*access_point.knob.clamp);
  for (const auto& [level, on_air] : access_point.knob.radiated) {
    require_whole(level);
    require_within(on_air, 0., 36.);
  }
  require_ranges(access_point.counters);
  if (!access_point.minstrel) return;
  require_within(access_point.minstrel->hz, 100, 1000);
  require_within(access_point.minstrel->windows, 1, 2);
  require_within(access_point.minstrel->max_tries, 2, 30);
}

void require_ranges(const TrafficParams& traffic) {
  require(traffic.kind <= TrafficParams::Kind::idle);
  require_within(traffic.frames_per_second, 0.1, 1e5);
  require_within(traffic.burst, 1, 64);
  require_within(traffic.page_kilobytes, 1., 1e5);
  require_within(traffic.pause_s, 0.01, 1000.);
  require_within(traffic.bytes, 64, 1400);
}

void require_ranges(const testbed::LossProfile& loss) {
  require(!loss.points.empty());
  double before = -1;
  for (const testbed::LossPoint& point : loss.points) {
    require_within(point.at.count(), 0., longest_s);
    require(point.at.count() > before);
    require_within(point.db, loss_min_db, loss_max_db);
    before = point.at.count();
  }
}

void require_ranges(const StationPlan& station, std::size_t access_points) {
  require(station.path_loss.size() == access_points);
  for (const testbed::LossProfile& loss : station.path_loss) require_ranges(loss);
  require_ranges(station.traffic);
  require(!station.stays.empty());
  double before = -1;
  for (const Stay& stay : station.stays) {
    require_within(stay.at_s, 0., longest_s);
    require(stay.at_s > before);
    before = stay.at_s;
    if (stay.access_point) {
      require_within(*stay.access_point, 0, static_cast<int>(access_points) - 1);
    }
  }
  require_within(station.streams, 1, 3);
  require_width(station.width_mhz);
  if (station.fading) require_ranges(*station.fading);
  require_ranges(station.uplink);
  require(!station.power.empty());
  before = -1;
  for (const StationPower& power : station.power) {
    require_within(power.at_s, 0., longest_s);
    require(power.at_s > before);
    before = power.at_s;
    require_within(power.dbm, 0., 36.);
  }
}

void require_ranges(const Scenario& scenario) {
  require(scenario.name == "scenario" && !scenario.description.empty());
  require_within(scenario.duration_s, 1, 86'400);
  require_within(scenario.warm_up_s, 0, 120);
  require_within(scenario.receiver.noise_figure_db, 0., 20.);
  require_within(scenario.receiver.stream_penalty_db, 0., 10.);
  require_within(scenario.aggregate_mpdus, 1, 64);
  require_within(scenario.longest_ppdu_ms, 1., 100.);
  require_within(scenario.contention_window_max, 15, 1023);
  require_within(scenario.carrier_sense_dbm, -100., -40.);
  require_ranges(scenario.fading);
  if (scenario.interference) require_ranges(*scenario.interference);

  const std::size_t access_points = scenario.access_points.size();
  require_within<std::size_t>(access_points, 1, 32);
  for (const AccessPointPlan& access_point : scenario.access_points) require_ranges(access_point);
  const auto& between = scenario.between_access_points;
  require(between.size() == access_points);
  for (std::size_t i = 0; i < access_points; ++i) {
    require(between[i].size() == access_points && between[i][i] == 0);
    for (std::size_t j = 0; j < i; ++j) {
      require(between[i][j] == between[j][i]);
      require_within(between[i][j], loss_min_db, loss_max_db);
    }
  }
  require_within<std::size_t>(scenario.stations.size(), 1, 200);
  for (const StationPlan& station : scenario.stations) require_ranges(station, access_points);
}

/// Takes ":12" off the front; 0 without one.
int take_number(std::string_view& text) {
  int number = 0;
  if (!text.starts_with(':')) return 0;
  text.remove_prefix(1);
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    number = 10 * number + (text.front() - '0');
    text.remove_prefix(1);
  }
  return number;
}

// "path:line:column: what is wrong"; without a place only what is wrong with the text as a whole.
void require_error(const ScenarioError& error, std::string_view text) {
  require(error.exit_status() == 65);
  std::string_view message = error.message;
  require(message.starts_with(path));
  require(std::none_of(message.begin(), message.end(), [](char c) { return c >= 0 && c < ' '; }));
  message.remove_prefix(path.size());
  if (message.starts_with(": ")) {
    require(message.starts_with(": longer than ") || message.starts_with(": not YAML") ||
            message.starts_with(": not readable"));
    return;
  }
  const int line = take_number(message);
  const int column = take_number(message);
  require_within(line, 1, static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1);
  require(column >= 1);
  require(message.starts_with(": ") && message.size() > 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};

  const auto parsed = parse_scenario(text, path);

  if (const auto* const error = std::get_if<ScenarioError>(&parsed)) {
    require_error(*error, text);
  } else {
    require_ranges(std::get<Scenario>(parsed));
  }
  return 0;
}
