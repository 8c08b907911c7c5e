#include "experiments/sim/calibration/calibration.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "config/config.hpp"
#include "config/law.hpp"
#include "experiments/sim/run.hpp"

namespace pianissimo::sim {
namespace {

constexpr double low_dbm = 2;
constexpr double high_dbm = 20;
constexpr double reading_ms = 10;

double length_ms(const CalibrationCase& what) { return what.visits ? 1500 : 3980; }

/// A value from this time on, until the next one.
struct Sample {
  double ms;
  double value;
};
struct Recording {
  std::vector<Sample> power_dbm;
  std::vector<Sample> expected_mbps;
};

Response after(double ms, double length_ms, const std::vector<Sample>& readings) {
  Response out;
  const auto count = static_cast<std::size_t>(length_ms / reading_ms);
  auto next = readings.begin();
  for (std::size_t i = 0; i < count; ++i) {
    const double now = ms + reading_ms * static_cast<double>(i);
    while (next + 1 != readings.end() && (next + 1)->ms <= now) ++next;
    out.push_back(next->value);
  }
  return out;
}

// The first way up comes from a descent that has hardly ended: it is no step.
Responses cut(const Recording& recording, double length_ms) {
  Responses out;
  bool is_first = true;
  for (std::size_t i = 1; i < recording.power_dbm.size(); ++i) {
    const auto [ms, power] = recording.power_dbm[i];
    const double before = recording.power_dbm[i - 1].value;
    const bool up = before == low_dbm && power == high_dbm;
    if (!up && !(before == high_dbm && power == low_dbm)) continue;
    if (std::exchange(is_first, false)) continue;
    if (ms + length_ms > recording.expected_mbps.back().ms) break;
    (up ? out.up : out.down).push_back(after(ms, length_ms, recording.expected_mbps));
  }
  return out;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

const std::vector<CalibrationCase>& calibration_cases() {
  static const std::vector<CalibrationCase> cases{
      {"steps-single-80", false, false, "steps.yaml", "80-db.yaml"},
      {"steps-single-90", false, false, "steps.yaml", "90-db.yaml"},
      {"steps-aggregates-80", false, true, "steps.yaml", "80-db.yaml"},
      {"steps-aggregates-90", false, true, "steps.yaml", "90-db.yaml"},
      {"visits-single-90", true, false, "visits.yaml", "90-db.yaml"},
      {"visits-aggregates-90", true, true, "visits.yaml", "90-db.yaml"}};
  return cases;
}

namespace {

std::variant<Recording, std::string> read_recording(const std::string& path) {
  std::ifstream in{path};
  if (!in) return path + ": cannot be read";
  Recording recording;
  std::string line;
  std::getline(in, line);
  for (int row = 2; std::getline(in, line); ++row) {
    const std::string_view text = line;
    const std::size_t first = text.find(',');
    const std::size_t last = text.rfind(',');
    const auto ms = number(text.substr(0, first));
    const auto value = number(text.substr(last + 1));
    const std::string_view name =
        first < last ? text.substr(first + 1, last - first - 1) : std::string_view{};
    const bool is_power = name == "power_dbm";
    if (!ms || !value || (!is_power && name != "expected_mbps")) {
      return path + ":" + std::to_string(row) + ": neither a power nor a reading";
    }
    (is_power ? recording.power_dbm : recording.expected_mbps).push_back({*ms, *value});
  }
  if (recording.expected_mbps.empty()) return path + ": no readings";
  return recording;
}

void append(Responses& to, const Responses& from) {
  to.up.insert(to.up.end(), from.up.begin(), from.up.end());
  to.down.insert(to.down.end(), from.down.begin(), from.down.end());
}

Recording play(const Scenario& scenario, const Config& config, std::uint64_t seed) {
  Recording recording;
  RunOptions options{.seed = seed,
                     .policy = policy_of(config),
                     .box = config.box,
                     .interval = config.interval,
                     .record = {}};
  options.record = [&](int, const journal::Record& record) {
    const auto* const event = std::get_if<Event>(&record.what);
    if (event == nullptr) return;
    const double ms =
        std::chrono::duration<double, std::milli>(record.at.time_since_epoch()).count();
    if (const auto* const report = std::get_if<StationReport>(event)) {
      const auto expected = report->stations.at(0).expected_throughput;
      if (expected) recording.expected_mbps.push_back({ms, expected->mbps()});
    } else if (const auto* const result = std::get_if<PowerResult>(event)) {
      recording.power_dbm.push_back({ms, result->asked.value()});
    }
  };
  run(scenario, options);
  return recording;
}

}  // namespace

std::variant<Responses, std::string> recorded(const CalibrationCase& what,
                                              const std::string& folder) {
  Responses out;
  for (int boot = 1;; ++boot) {
    const std::string path =
        folder + "/" + what.name + (boot == 1 ? "" : "-" + std::to_string(boot)) + ".csv";
    if (boot > 1 && !std::filesystem::exists(path)) return out;
    const auto read = read_recording(path);
    if (const auto* const error = std::get_if<std::string>(&read)) return *error;
    append(out, cut(std::get<Recording>(read), length_ms(what)));
  }
}

std::variant<Responses, std::string> simulated(const CalibrationCase& what,
                                               const std::string& folder, int repetitions,
                                               std::uint64_t seed) {
  auto loaded = load_scenario(folder + "/" + what.scenario);
  if (const auto* const error = std::get_if<ScenarioError>(&loaded)) return error->message;
  auto& scenario = std::get<Scenario>(loaded);
  const auto config = load_config(folder + "/" + what.config);
  if (const auto* const error = std::get_if<LoadError>(&config)) {
    return to_string(error->errors.front(), folder + "/" + what.config);
  }

  // As the virtual testbed does it: a frame stands for an aggregate, and what is missing from it
  // is lost. The sender's socket buffer holds four, and is filled again when one is left.
  scenario.aggregate_mpdus = what.aggregates ? 16 : 1;
  scenario.access_points.front().resends = false;
  scenario.access_points.front().hardware_queue = 4;
  TrafficParams& traffic = scenario.stations.front().traffic;
  traffic.burst = scenario.aggregate_mpdus;
  traffic.frames_per_second *= scenario.aggregate_mpdus;

  // Each run draws its table of rates to sample, as each boot of a kernel does.
  Responses out;
  while (static_cast<int>(out.up.size()) < repetitions) {
    append(out, cut(play(scenario, std::get<Config>(config), seed++), length_ms(what)));
  }
  return out;
}

Response mean(const std::vector<Response>& responses) {
  Response out(responses.empty() ? 0 : responses.front().size(), 0);
  for (const Response& response : responses) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] += response.at(i) / static_cast<double>(responses.size());
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
  return reading_ms * static_cast<double>(i);
}

}  // namespace

Distance distance(const Response& real, const Response& simulated) {
  const std::size_t size = std::min(real.size(), simulated.size());
  const std::size_t tail = size - 100;
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
