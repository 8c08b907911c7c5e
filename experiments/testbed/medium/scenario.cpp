#include "experiments/testbed/medium/scenario.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <ostream>
#include <sstream>
#include <string_view>

#include "experiments/testbed/medium/trace_file.hpp"

namespace pianissimo::testbed {
namespace {

// Path losses outside this are typing errors: 30 dB is a few centimetres, 160 dB is silence.
constexpr double loss_min_db = 30;
constexpr double loss_max_db = 160;
constexpr double longest_s = 86'400;

class Reader {
 public:
  explicit Reader(std::filesystem::path file) : file_{std::move(file)} {}

  Scenario scenario(const YAML::Node& root) const;

 private:
  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const {
    std::ostringstream text;
    text << file_.string() << ':' << mark.line + 1 << ':' << mark.column + 1 << ": " << message;
    throw ScenarioError{text.str()};
  }

  void expect_map(const YAML::Node& node, std::string_view what,
                  std::initializer_list<std::string_view> known) const {
    if (!node.IsMap()) fail(node.Mark(), std::string{what} + ": expected a map");
    for (const auto& entry : node) {
      const auto key = entry.first.as<std::string>("");
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      std::string message = "unknown key '" + key + "' (known:";
      for (const auto name : known) message.append(" ").append(name);
      fail(entry.first.Mark(), message.append(")"));
    }
  }

  template <class T>
  T number(const YAML::Node& node, std::string_view what, T low, T high) const {
    T value{};
    const std::string text = node.IsScalar() ? node.Scalar() : "";
    const char* const end = text.data() + text.size();
    // Not as<T>(): it takes octal numbers, and negative ones behind a blank for large ones.
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) {
      const char* const kind = std::is_integral_v<T> ? "whole number" : "number";
      fail(node.Mark(), std::string{what} + ": expected a " + kind);
    }
    if (!(value >= low && value <= high)) {
      std::ostringstream range;
      range << what << ": " << value << " is outside " << low << ".." << high;
      fail(node.Mark(), range.str());
    }
    return value;
  }

  // Leaves `out` as it is when the key is absent.
  template <class T>
  void optional(const YAML::Node& map, const char* key, T& out, T low, T high) const {
    if (const auto node = map[key]) out = number<T>(node, key, low, high);
  }

  FadingParams fading(const YAML::Node& node) const;
  LossProfile path_loss(const YAML::Node& node) const;
  std::vector<LossPoint> points(const YAML::Node& node, std::string_view what) const;
  std::vector<LossPoint> trace(const YAML::Node& node) const;
  StationPlan station(const YAML::Node& node) const;

  std::filesystem::path file_;
};

FadingParams Reader::fading(const YAML::Node& node) const {
  if (node.IsScalar()) {
    if (node.as<std::string>() == "none") return FadingParams::none();
    fail(node.Mark(), "fading: expected 'none' or a map");
  }
  expect_map(node, "fading",
             {"slow_sd_db", "slow_tau_s", "fast_sd_db", "fast_tau_s", "packet_sd_db",
              "shadows_per_minute"});
  FadingParams out;
  optional(node, "slow_sd_db", out.slow_sd_db, 0., 10.);
  optional(node, "slow_tau_s", out.slow_tau_s, .01, 1000.);
  optional(node, "fast_sd_db", out.fast_sd_db, 0., 10.);
  optional(node, "fast_tau_s", out.fast_tau_s, .01, 1000.);
  optional(node, "packet_sd_db", out.packet_sd_db, 0., 10.);
  optional(node, "shadows_per_minute", out.shadows_per_minute, 0., 60.);
  return out;
}

std::vector<LossPoint> Reader::points(const YAML::Node& node, std::string_view what) const {
  if (!node.IsSequence() || node.size() == 0) {
    fail(node.Mark(), std::string{what} + ": expected a list of [seconds, dB]");
  }
  std::vector<LossPoint> out;
  for (const auto& item : node) {
    if (!item.IsSequence() || item.size() != 2) {
      fail(item.Mark(), std::string{what} + ": expected [seconds, dB]");
    }
    const LossPoint point{.at = Seconds{number<double>(item[0], "seconds", 0, 86400)},
                          .db = number<double>(item[1], "dB", loss_min_db, loss_max_db)};
    if (!out.empty() && point.at <= out.back().at) {
      fail(item.Mark(), std::string{what} + ": times must ascend");
    }
    out.push_back(point);
  }
  return out;
}

std::vector<LossPoint> Reader::trace(const YAML::Node& node) const {
  const std::filesystem::path name = node.as<std::string>("");
  const auto path = file_.parent_path() / name;
  if (name.is_absolute() || !is_below(file_.parent_path(), path)) {
    fail(node.Mark(), "trace: expected the name of a file in the scenario's folder");
  }
  std::ifstream in = open_trace(path);
  if (!in.is_open()) fail(node.Mark(), "trace: cannot open " + path.string());
  std::vector<LossPoint> out;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream fields{line};
    double at = 0;
    double db = 0;
    char comma = 0;
    const bool read = fields >> at >> comma >> db && comma == ',';
    if (!read && out.empty() && number == 1) continue;  // a header line
    if (!read || !(db >= loss_min_db && db <= loss_max_db) || !(at >= 0 && at <= longest_s) ||
        (!out.empty() && Seconds{at} <= out.back().at)) {
      throw ScenarioError{path.string() + ":" + std::to_string(number) +
                          ":1: expected 'seconds,dB' with ascending seconds"};
    }
    out.push_back({.at = Seconds{at}, .db = db});
  }
  if (out.empty()) fail(node.Mark(), "trace: " + path.string() + " holds no points");
  return out;
}

LossProfile Reader::path_loss(const YAML::Node& node) const {
  if (node.IsScalar()) {
    return LossProfile::constant(number<double>(node, "path_loss", loss_min_db, loss_max_db));
  }
  expect_map(node, "path_loss", {"steps", "ramp", "trace"});
  if (node.size() != 1) fail(node.Mark(), "path_loss: exactly one of steps, ramp, trace");
  using Join = LossProfile::Join;
  if (const auto steps = node["steps"]) return {points(steps, "steps"), Join::step};
  if (const auto ramp = node["ramp"]) return {points(ramp, "ramp"), Join::line};
  return {trace(node["trace"]), Join::line};
}

StationPlan Reader::station(const YAML::Node& node) const {
  expect_map(node, "station", {"path_loss", "traffic"});
  StationPlan out;
  if (!node["path_loss"]) fail(node.Mark(), "station: path_loss is missing");
  out.path_loss = path_loss(node["path_loss"]);
  if (const auto traffic = node["traffic"]) {
    expect_map(traffic, "traffic", {"frames_per_second", "bytes"});
    optional(traffic, "frames_per_second", out.traffic.frames_per_second, 0., 2000.);
    optional(traffic, "bytes", out.traffic.bytes, 64, 1400);
  }
  return out;
}

Scenario Reader::scenario(const YAML::Node& root) const {
  if (!root.IsDefined() || root.IsNull()) {
    throw ScenarioError{file_.string() + ":1:1: the file is empty"};
  }
  expect_map(root, "scenario",
             {"description", "duration_s", "warm_up_s", "seed", "noise_figure_db",
              "stream_penalty_db", "station_power_dbm", "aggregate_mpdus", "fading", "stations"});
  Scenario out;
  out.name = file_.stem().string();
  if (const auto text = root["description"]) out.description = text.as<std::string>("");
  if (!root["duration_s"]) fail(root.Mark(), "duration_s is missing");
  optional(root, "duration_s", out.duration_s, 1, 3600);
  optional(root, "warm_up_s", out.warm_up_s, 0, 120);
  optional<std::uint64_t>(root, "seed", out.seed, 0, std::numeric_limits<std::uint64_t>::max());
  optional(root, "noise_figure_db", out.receiver.noise_figure_db, 0., 20.);
  optional(root, "stream_penalty_db", out.receiver.stream_penalty_db, 0., 10.);
  optional(root, "station_power_dbm", out.station_power_dbm, 0., 36.);
  optional(root, "aggregate_mpdus", out.aggregate_mpdus, 1, 63);
  if (const auto node = root["fading"]) out.fading = fading(node);
  const auto stations = root["stations"];
  if (!stations) fail(root.Mark(), "stations is missing");
  // hwsim makes at most 100 radios at load time, and one of them is the AP.
  if (!stations.IsSequence() || stations.size() == 0 || stations.size() > 99) {
    fail(stations.Mark(), "stations: expected a list of 1..99 stations");
  }
  for (const auto& node : stations) out.stations.push_back(station(node));
  return out;
}

}  // namespace

Scenario parse_scenario(const std::string& yaml, const std::filesystem::path& file) {
  YAML::Node root;
  try {
    root = YAML::Load(yaml);
  } catch (const YAML::ParserException& error) {
    throw ScenarioError{file.string() + ":" + std::to_string(error.mark.line + 1) + ":" +
                        std::to_string(error.mark.column + 1) + ": " + error.msg};
  }
  return Reader{file}.scenario(root);
}

Scenario load_scenario(const std::filesystem::path& file) {
  std::ifstream in = open_trace(file);
  std::ostringstream text;
  if (!in.is_open() || !(text << in.rdbuf())) {
    throw ScenarioError{file.string() + ":1:1: cannot be read"};
  }
  return parse_scenario(text.str(), file);
}

void describe(const Scenario& scenario, std::ostream& out) {
  out << "name=" << scenario.name << "\nduration_s=" << scenario.duration_s
      << "\nwarm_up_s=" << scenario.warm_up_s << "\nseed=" << scenario.seed
      << "\nstations=" << scenario.stations.size() << '\n';
  int number = 1;
  for (const StationPlan& station : scenario.stations) {
    out << "frames_per_second_" << number << '=' << station.traffic.frames_per_second << "\nbytes_"
        << number << '=' << station.traffic.bytes << '\n';
    ++number;
  }
}

}  // namespace pianissimo::testbed
