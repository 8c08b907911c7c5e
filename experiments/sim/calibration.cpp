#include "experiments/sim/calibration.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>

#include "experiments/sim/run.hpp"

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration reading = 10ms;
constexpr Dbm low = dbm(2);
constexpr Dbm high = dbm(20);

// The error model of the medium that the recordings were made with: a logistic curve per MCS.
double recorded_errors(const testbed::Rate& rate, double snr_db, int bytes) {
  constexpr std::array<double, 10> half{2, 5, 8, 11, 14.5, 18, 19.5, 21, 25, 27};
  constexpr std::array<double, 8> half_ofdm{1, 2, 4, 6, 9, 12, 16, 18};
  const auto mcs = static_cast<std::size_t>(rate.mcs);
  const double at = rate.modulation == testbed::Modulation::ofdm ? half_ofdm.at(mcs) : half.at(mcs);
  const double per = 1 / (1 + std::exp(1.5 * (snr_db - at)));
  return 1 - std::pow(1 - per, (bytes + 36) / 1540.0);
}

Scenario scenario_of(const CalibrationCase& what) {
  Scenario out{.name = what.file};
  out.duration_s = 1;  // the caller's
  out.warm_up_s = 10;
  out.receiver = {.noise_figure_db = 6, .stream_penalty_db = 1};
  out.aggregate_mpdus = what.aggregate_mpdus;
  out.longest_ppdu_ms = 100;
  out.contention_window_max = 1023;
  out.fading = {.slow_sd_db = 0, .fast_sd_db = 0, .packet_sd_db = 1};
  out.stations.push_back(
      {.path_loss = {testbed::LossProfile::constant(what.path_loss_db)},
       .traffic = {.kind = TrafficParams::Kind::constant,
                   .frames_per_second = what.frames_per_second * what.aggregate_mpdus,
                   .burst = what.aggregate_mpdus}});
  // What the sender's socket buffer held; it was filled again when one was left.
  out.access_points.front().hardware_queue = 4;
  out.access_points.front().resends = false;
  return out;
}

/// Goes to the high and the low level in turn.
class Steps final : public Policy {
 public:
  Steps(Duration up, Duration down) : dwell_{up, down} {}

  Advice start(Instant at, const Box&, Reason reason) override {
    if (!next_) next_ = at + dwell_[1];
    return {.level = level_, .wake = next_, .because = Because{reason, {}}};
  }
  Advice on_applied(Instant) override { return {.level = level_, .wake = next_}; }
  Advice on_wake(Instant at) override {
    if (at >= *next_) {
      level_ = level_ == low ? high : low;
      *next_ += dwell_[level_ == high ? 0 : 1];
    }
    return {.level = level_, .wake = next_, .because = Because{Reason::fixed, {}}};
  }
  Advice on_reading(Instant, std::span<const StationView>) override {
    return {.level = level_, .wake = next_};
  }
  Advice on_station_left(Instant, const MacAddress&) override { return {.level = level_}; }

 private:
  std::array<Duration, 2> dwell_;
  Dbm level_ = low;
  std::optional<Instant> next_;
};

struct Reading {
  double ms;
  double mbps;
};
struct Step {
  double ms;
  bool up;
};

// One response per step: the readings that held every 10 ms from it to the next step of its kind.
Experiment cut(const std::vector<Reading>& readings, const std::vector<Step>& steps,
               double length_ms, double first_ms) {
  Experiment out;
  for (const Step& step : steps) {
    if (step.ms < first_ms || step.ms + length_ms > readings.back().ms + 10) continue;
    Response response;
    auto next = readings.begin();
    double held = readings.front().mbps;
    for (double ms = step.ms; ms < step.ms + length_ms; ms += 10) {
      while (next != readings.end() && next->ms <= ms) held = (next++)->mbps;
      response.push_back(held);
    }
    (step.up ? out.up : out.down).push_back(std::move(response));
  }
  return out;
}

double length_ms(const CalibrationCase& what) {
  return what.pulse_ms > 0 ? 1500 : 1000 * what.dwell_s - 20;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view word(std::string_view line, std::size_t index, char separator) {
  for (; index > 0; --index)
    line.remove_prefix(std::min(line.find(separator), line.size() - 1) + 1);
  return line.substr(0, line.find(separator));
}

}  // namespace

const std::vector<CalibrationCase>& calibration_cases() {
  static const std::vector<CalibrationCase> cases{
      {.file = "step-85-500", .path_loss_db = 85},
      {.file = "step-95-500", .path_loss_db = 95},
      {.file = "step-agg-85-500", .path_loss_db = 85, .aggregate_mpdus = 16},
      {.file = "step-agg-95-500", .path_loss_db = 95, .aggregate_mpdus = 16},
      {.file = "pulse-85-500-2-20", .path_loss_db = 85, .dwell_s = 2.44, .pulse_ms = 60}};
  return cases;
}

std::variant<Experiment, std::string> read_experiment(const CalibrationCase& what,
                                                      const std::string& folder) {
  const std::string path = folder + "/" + what.file + ".csv";
  std::ifstream in{path};
  if (!in) return path + ": cannot be read";
  std::vector<Reading> readings;
  std::vector<Step> steps;
  std::string line;
  for (int row = 1; std::getline(in, line); ++row) {
    if (row == 1) continue;
    const bool is_step = line.starts_with("# step ");
    const auto ms = number(is_step ? word(line, 5, ' ') : word(line, 0, ','));
    const auto value = number(is_step ? word(line, 2, ' ') : word(line, 3, ','));
    if (!ms || !value) return path + ":" + std::to_string(row) + ": not a reading, nor a step";
    if (is_step) {
      steps.push_back({*ms, *value > 10});
    } else {
      readings.push_back({*ms, *value});
    }
  }
  if (readings.empty()) return path + ": no readings";
  if (what.pulse_ms > 0) {
    // Longer pulses follow in the same file.
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
      const double length = steps[i + 1].ms - steps[i].ms;
      if (steps[i].up && length > 2 * what.pulse_ms) steps[i].ms = -1;
    }
    return cut(readings, steps, length_ms(what), 100);
  }
  return cut(readings, steps, length_ms(what), 100);
}

Experiment simulate_experiment(const CalibrationCase& what, int repetitions, std::uint64_t seed) {
  Scenario scenario = scenario_of(what);
  const Duration down{std::llround(what.dwell_s * 1e9)};
  const Duration up = what.pulse_ms > 0 ? Duration{std::llround(what.pulse_ms * 1e6)} : down;
  const double first_s = 4 + what.dwell_s;
  scenario.duration_s = static_cast<int>(
      std::ceil(first_s + (repetitions + 1) * std::chrono::duration<double>(up + down).count()));
  std::vector<Reading> readings;
  std::vector<Step> steps;
  RunOptions options{.seed = seed,
                     .policy = [=] { return std::make_unique<Steps>(up, down); },
                     .interval = 10ms,
                     .errors = recorded_errors,
                     .record = {}};
  options.record = [&](int, const journal::Record& record) {
    const auto* const event = std::get_if<Event>(&record.what);
    if (event == nullptr) return;
    const double ms =
        std::chrono::duration<double, std::milli>(record.at.time_since_epoch()).count();
    if (const auto* const report = std::get_if<StationReport>(event)) {
      const auto expected = report->stations.at(0).expected_throughput;
      readings.push_back({ms, expected ? expected->mbps() : 0});
    } else if (const auto* const result = std::get_if<PowerResult>(event)) {
      steps.push_back({ms, result->asked == high});
    }
  };
  run(scenario, options);
  return cut(readings, steps, length_ms(what), 1000 * (scenario.warm_up_s + first_s));
}

Response mean(const std::vector<Response>& responses) {
  Response out(responses.empty() ? 0 : responses.front().size(), 0);
  for (const Response& response : responses) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] +=
          response.at(std::min(i, response.size() - 1)) / static_cast<double>(responses.size());
    }
  }
  return out;
}

namespace {

double mean_of(const Response& response, std::size_t from, std::size_t to) {
  double sum = 0;
  for (std::size_t i = from; i < to; ++i) sum += response.at(i);
  return sum / static_cast<double>(to - from);
}

// The first time from which on this share of the change is always seen.
double ms_until(const Response& response, double from, double to, double share) {
  const double threshold = from + share * (to - from);
  std::size_t i = response.size();
  while (i > 0 && (to > from ? response[i - 1] >= threshold : response[i - 1] <= threshold)) --i;
  return 10 * static_cast<double>(i);
}

}  // namespace

Distance distance(const Response& real, const Response& simulated) {
  const std::size_t size = std::min(real.size(), simulated.size());
  const std::size_t tail = size - 50;
  Distance out{.from_real = real.at(0),
               .to_real = mean_of(real, tail, size),
               .from_simulated = simulated.at(0),
               .to_simulated = mean_of(simulated, tail, size)};
  out.half_real = ms_until(real, out.from_real, out.to_real, 0.5);
  out.half_simulated = ms_until(simulated, out.from_simulated, out.to_simulated, 0.5);
  out.settled_real = ms_until(real, out.from_real, out.to_real, 0.9);
  out.settled_simulated = ms_until(simulated, out.from_simulated, out.to_simulated, 0.9);
  const auto [least, most] = std::minmax_element(real.begin(), real.end());
  for (std::size_t i = 0; i < size; ++i) {
    const double apart = std::abs(real[i] - simulated[i]) / (*most - *least);
    out.largest = std::max(out.largest, apart);
    out.average += apart / static_cast<double>(size);
  }
  return out;
}

}  // namespace pianissimo::sim
