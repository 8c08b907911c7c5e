#include "experiments/sim/scenario.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "config/config.hpp"
#include "config/printable.hpp"
#include "experiments/sim/path_loss.hpp"
#include "experiments/sim/yaml_reader.hpp"

namespace pianissimo::sim {
namespace {

using yaml::Node;

constexpr double longest_s = 86'400;
// A walk has two per second: a few words could ask for more memory than there is.
constexpr std::size_t most_loss_points = 2'000'000;

/// Where something stands, metres.
struct Position {
  double x = 0;
  double y = 0;
};

class ScenarioReader {
 public:
  explicit ScenarioReader(const std::string& path) : yaml_{path} {}

  Scenario read(const Node& root);

 private:
  testbed::FadingParams fading(const Node& node) const;
  InterferenceParams interference(const Node& node) const;
  UplinkParams uplink(const Node& node, UplinkParams out) const;
  void between_access_points(const Node& root);
  TrafficParams traffic(const Node& node) const;
  std::vector<Stay> stays(const Node& node) const;
  std::vector<StationPower> power_steps(const Node& node) const;
  StationPlan station(const Node& node);
  testbed::LossProfile path_loss(const Node& node);
  std::vector<testbed::LossProfile> path_losses(const Node& node);
  std::optional<Position> position(const Node& map) const;

  YamlReader yaml_;
  Scenario out_;
  Propagation propagation_;
  UplinkParams uplink_;  // of stations that say nothing else
  double station_power_dbm_ = 20;
  std::vector<std::optional<Position>> places_;  // of access points
  std::size_t loss_points_ = 0;
};

double distance(const Position& a, const Position& b) { return std::hypot(a.x - b.x, a.y - b.y); }

testbed::FadingParams ScenarioReader::fading(const Node& node) const {
  if (node.kind == Node::Kind::scalar) {
    yaml_.word(node, "fading", {"none"});
    return testbed::FadingParams::none();
  }
  yaml_.expect_map(node, "fading",
                   {"slow_sd_db", "slow_tau_s", "fast_sd_db", "fast_tau_s", "packet_sd_db",
                    "shadows_per_minute"});
  testbed::FadingParams out;
  yaml_.optional(node, "slow_sd_db", out.slow_sd_db, 0., 10.);
  yaml_.optional(node, "slow_tau_s", out.slow_tau_s, .01, 1000.);
  yaml_.optional(node, "fast_sd_db", out.fast_sd_db, 0., 10.);
  yaml_.optional(node, "fast_tau_s", out.fast_tau_s, .01, 1000.);
  yaml_.optional(node, "packet_sd_db", out.packet_sd_db, 0., 10.);
  yaml_.optional(node, "shadows_per_minute", out.shadows_per_minute, 0., 60.);
  return out;
}

InterferenceParams ScenarioReader::interference(const Node& node) const {
  yaml_.expect_map(
      node, "interference",
      {"on_s", "off_s", "from_s", "until_s", "at_stations_dbm", "at_access_points_dbm"});
  InterferenceParams out;
  yaml_.optional(node, "on_s", out.on_s, 0.0005, 1000.);
  yaml_.optional(node, "off_s", out.off_s, 0.0005, 1000.);
  yaml_.optional(node, "from_s", out.from_s, 0., longest_s);
  yaml_.optional(node, "until_s", out.until_s, 0., longest_s);
  yaml_.optional(node, "at_stations_dbm", out.at_stations_dbm, -120., -20.);
  yaml_.optional(node, "at_access_points_dbm", out.at_access_points_dbm, -120., -20.);
  return out;
}

UplinkParams ScenarioReader::uplink(const Node& node, UplinkParams out) const {
  yaml_.expect_map(
      node, "uplink",
      {"frames_per_second", "share", "signal_noise_db", "reciprocity_sd_db", "reciprocity_tau_s"});
  yaml_.optional(node, "frames_per_second", out.frames_per_second, 0., 1000.);
  yaml_.optional(node, "share", out.share, 0., 1.);
  yaml_.optional(node, "signal_noise_db", out.signal_noise_db, 0., 10.);
  yaml_.optional(node, "reciprocity_sd_db", out.reciprocity_sd_db, 0., 10.);
  yaml_.optional(node, "reciprocity_tau_s", out.reciprocity_tau_s, .1, 1e4);
  return out;
}

std::optional<Position> ScenarioReader::position(const Node& map) const {
  const Node* const node = yaml_.find(map, "position_m");
  if (node == nullptr) return std::nullopt;
  const auto& pair = yaml_.list(*node, "position_m", 2, 2);
  return Position{yaml_.number(pair[0], "position_m", -1e4, 1e4),
                  yaml_.number(pair[1], "position_m", -1e4, 1e4)};
}

// One number for all pairs, a list of [one, another, dB], or from the positions.
void ScenarioReader::between_access_points(const Node& root) {
  const std::size_t count = out_.access_points.size();
  auto& between = out_.between_access_points;
  between.assign(count, std::vector<double>(count, 0));
  const Node* const node = yaml_.find(root, "between_access_points");
  std::optional<double> for_all;
  if (node != nullptr && node->kind == Node::Kind::scalar) {
    for_all = yaml_.number(*node, "between_access_points", loss_min_db, loss_max_db);
  }
  std::vector<std::vector<bool>> known(count, std::vector<bool>(count, false));
  const auto set = [&](std::size_t i, std::size_t j, double db) {
    between[i][j] = between[j][i] = db;
    known[i][j] = known[j][i] = true;
  };
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      if (places_[i] && places_[j]) {
        set(i, j, propagation_.loss_db(distance(*places_[i], *places_[j])));
      }
      if (for_all) set(i, j, *for_all);
    }
  }
  if (node != nullptr && !for_all) {
    for (const Node& item : yaml_.list(*node, "between_access_points", 1, 1000)) {
      const auto& triple = yaml_.list(item, "between_access_points", 3, 3);
      const int most = static_cast<int>(count);
      const int one = yaml_.whole(triple[0], "access point", 1, most);
      const int other = yaml_.whole(triple[1], "access point", 1, most);
      if (one == other) yaml_.fail(item, "between_access_points: one and the same access point");
      set(static_cast<std::size_t>(one) - 1, static_cast<std::size_t>(other) - 1,
          yaml_.number(triple[2], "dB", loss_min_db, loss_max_db));
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      if (!known[i][j]) {
        yaml_.fail(root, fmt::format("between_access_points: nothing says what lies between {} "
                                     "and {} (position_m would, too)",
                                     i + 1, j + 1));
      }
    }
  }
}

TrafficParams ScenarioReader::traffic(const Node& node) const {
  using Kind = TrafficParams::Kind;
  const auto kind_of = [&](const Node& word) {
    return Kind{static_cast<std::uint8_t>(
        yaml_.word(word, "traffic", {"saturated", "constant", "web", "idle"}))};
  };
  TrafficParams out;
  if (node.kind == Node::Kind::scalar) {
    out.kind = kind_of(node);
    return out;
  }
  yaml_.expect_map(node, "traffic",
                   {"kind", "frames_per_second", "burst", "bytes", "page_kilobytes", "pause_s"});
  const Node* const kind = yaml_.find(node, "kind");
  out.kind = kind != nullptr ? kind_of(*kind) : Kind::constant;
  yaml_.optional(node, "frames_per_second", out.frames_per_second, .1, 1e5);
  yaml_.optional(node, "burst", out.burst, 1, 64);
  yaml_.optional(node, "bytes", out.bytes, 64, 1400);
  yaml_.optional(node, "page_kilobytes", out.page_kilobytes, 1., 1e5);
  yaml_.optional(node, "pause_s", out.pause_s, .01, 1000.);
  return out;
}

std::vector<Stay> ScenarioReader::stays(const Node& node) const {
  std::vector<Stay> out;
  const auto count = static_cast<int>(out_.access_points.size());
  for (const Node& item : yaml_.list(node, "stays", 1, 1000)) {
    const auto& pair = yaml_.list(item, "stays: [seconds, access point or none]", 2, 2);
    Stay stay{.at_s = yaml_.number(pair[0], "seconds", 0, longest_s), .access_point = {}};
    if (pair[1].text != "none") {
      stay.access_point = yaml_.whole(pair[1], "access point (or none)", 1, count) - 1;
    }
    if (!out.empty() && stay.at_s <= out.back().at_s) yaml_.fail(item, "stays: times must ascend");
    out.push_back(stay);
  }
  return out;
}

std::vector<StationPower> ScenarioReader::power_steps(const Node& node) const {
  std::vector<StationPower> out;
  for (const Node& item : yaml_.list(node, "power_steps", 1, 1000)) {
    const auto& pair = yaml_.list(item, "power_steps: [seconds, dBm]", 2, 2);
    const StationPower step{.at_s = yaml_.number(pair[0], "seconds", 0, longest_s),
                            .dbm = yaml_.number(pair[1], "dBm", 0, 36)};
    if (!out.empty() && step.at_s <= out.back().at_s) {
      yaml_.fail(item, "power_steps: times must ascend");
    }
    out.push_back(step);
  }
  return out;
}

testbed::LossProfile ScenarioReader::path_loss(const Node& node) {
  auto loss = read_path_loss(yaml_, node, propagation_);
  loss_points_ += loss.points.size();
  if (loss_points_ > most_loss_points) {
    yaml_.fail(node, fmt::format("path_loss: with those before it more than {} points (a walk has "
                                 "two per second)",
                                 most_loss_points));
  }
  return loss;
}

std::vector<testbed::LossProfile> ScenarioReader::path_losses(const Node& node) {
  const std::size_t count = out_.access_points.size();
  const Node* const one = yaml_.find(node, "path_loss");
  const Node* const many = yaml_.find(node, "path_losses");
  const auto place = position(node);
  if ((one != nullptr) + (many != nullptr) + place.has_value() != 1) {
    yaml_.fail(node, "station: exactly one of path_loss, path_losses, position_m");
  }
  if (one != nullptr) {
    if (count != 1) {
      yaml_.fail(*one, "path_loss: with several access points, path_losses says one for each");
    }
    return {path_loss(*one)};
  }
  std::vector<testbed::LossProfile> out;
  if (many != nullptr) {
    for (const Node& item : yaml_.list(*many, "path_losses: one per access point", count, count)) {
      out.push_back(path_loss(item));
    }
    return out;
  }
  for (const auto& access_point : places_) {
    if (!access_point) yaml_.fail(node, "position_m: the access points need one, too");
    out.push_back(
        testbed::LossProfile::constant(propagation_.loss_db(distance(*access_point, *place))));
  }
  return out;
}

StationPlan ScenarioReader::station(const Node& node) {
  yaml_.expect_map(node, "station",
                   {"path_loss", "path_losses", "position_m", "traffic", "stays", "streams",
                    "width_mhz", "fading", "uplink", "power_dbm", "power_steps"});
  StationPlan out{.uplink = uplink_, .power = {{.at_s = 0, .dbm = station_power_dbm_}}};
  out.path_loss = path_losses(node);
  if (const Node* const plan = yaml_.find(node, "traffic")) out.traffic = traffic(*plan);
  if (const Node* const plan = yaml_.find(node, "stays")) out.stays = stays(*plan);
  if (const Node* const width = yaml_.find(node, "width_mhz")) {
    out.width_mhz = 20 << yaml_.word(*width, "width_mhz", {"20", "40", "80"});
  }
  yaml_.optional(node, "streams", out.streams, 1, 3);
  if (const Node* const plan = yaml_.find(node, "fading")) out.fading = fading(*plan);
  if (const Node* const plan = yaml_.find(node, "uplink")) out.uplink = uplink(*plan, uplink_);
  const Node* const steps = yaml_.find(node, "power_steps");
  if (steps != nullptr) out.power = power_steps(*steps);
  if (const Node* const power = yaml_.find(node, "power_dbm")) {
    if (steps != nullptr) yaml_.fail(*power, "power_dbm: power_steps says it already");
    out.power.front().dbm = yaml_.number(*power, "power_dbm", 0, 36);
  }
  return out;
}

Scenario ScenarioReader::read(const Node& root) {
  yaml_.expect_map(root, "scenario",
                   {"description", "duration_s", "warm_up_s", "noise_figure_db",
                    "stream_penalty_db", "station_power_dbm", "aggregate_mpdus", "longest_ppdu_ms",
                    "contention_window_max", "carrier_sense_dbm", "propagation", "fading", "uplink",
                    "interference", "access_points", "between_access_points", "stations"});
  out_.name = printable(std::filesystem::path{yaml_.path()}.stem().string());
  out_.description = yaml_.text(yaml_.need(root, "description"), "description");
  out_.duration_s = yaml_.whole(yaml_.need(root, "duration_s"), "duration_s", 1, 86'400);
  yaml_.optional(root, "warm_up_s", out_.warm_up_s, 0, 120);
  yaml_.optional(root, "noise_figure_db", out_.receiver.noise_figure_db, 0., 20.);
  yaml_.optional(root, "stream_penalty_db", out_.receiver.stream_penalty_db, 0., 10.);
  yaml_.optional(root, "station_power_dbm", station_power_dbm_, 0., 36.);
  yaml_.optional(root, "aggregate_mpdus", out_.aggregate_mpdus, 1, 64);
  yaml_.optional(root, "longest_ppdu_ms", out_.longest_ppdu_ms, 1., 100.);
  yaml_.optional(root, "contention_window_max", out_.contention_window_max, 15, 1023);
  yaml_.optional(root, "carrier_sense_dbm", out_.carrier_sense_dbm, -100., -40.);
  if (const Node* const node = yaml_.find(root, "propagation")) {
    yaml_.expect_map(*node, "propagation", {"at_1m_db", "exponent"});
    yaml_.optional(*node, "at_1m_db", propagation_.at_1m_db, 20., 80.);
    yaml_.optional(*node, "exponent", propagation_.exponent, 1., 6.);
  }
  if (const Node* const node = yaml_.find(root, "fading")) out_.fading = fading(*node);
  if (const Node* const node = yaml_.find(root, "uplink")) uplink_ = uplink(*node, {});
  if (const Node* const node = yaml_.find(root, "interference")) {
    out_.interference = interference(*node);
  }
  if (const Node* const node = yaml_.find(root, "access_points")) {
    out_.access_points.clear();
    for (const Node& item : yaml_.list(*node, "access_points", 1, 32)) {
      out_.access_points.push_back(read_access_point(yaml_, item));
      places_.push_back(position(item));
    }
  } else {
    places_.emplace_back();
  }
  between_access_points(root);
  for (const Node& item : yaml_.list(yaml_.need(root, "stations"), "stations", 1, 200)) {
    out_.stations.push_back(station(item));
  }
  return std::move(out_);
}

}  // namespace

std::variant<Scenario, ScenarioError> parse_scenario(const std::string& text,
                                                     const std::string& path) {
  const auto tree = yaml::read_tree(text);
  if (const auto* const error = std::get_if<ConfigError>(&tree)) {
    return ScenarioError{printable(to_string(*error, path))};
  }
  try {
    return ScenarioReader{path}.read(std::get<Node>(tree));
  } catch (const BadScenario& bad) {
    return ScenarioError{printable(bad.message)};
  }
}

std::variant<std::string, ScenarioError> read_scenario_file(const std::string& path) {
  std::error_code error;
  std::ifstream in;
  // A device may have no end, and a pipe may wait for ever.
  if (std::filesystem::is_regular_file(path, error)) in.open(path, std::ios::binary);
  // One byte more than the parser takes: it says that it is too much.
  std::string text(max_config_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    const std::string why = error ? ": " + error.message() : "";
    return ScenarioError{printable(path + ": cannot be read" + why), true};
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::variant<Scenario, ScenarioError> load_scenario(const std::string& path) {
  auto text = read_scenario_file(path);
  if (auto* const error = std::get_if<ScenarioError>(&text)) return std::move(*error);
  return parse_scenario(std::get<std::string>(text), path);
}

}  // namespace pianissimo::sim
