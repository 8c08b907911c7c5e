#include "experiments/sim/path_loss.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <tuple>

#include "experiments/testbed/medium/trace_file.hpp"

namespace pianissimo::sim {
namespace {

using testbed::LossPoint;
using testbed::LossProfile;
using testbed::Seconds;
using yaml::Node;

constexpr double longest_s = 86'400;

std::vector<LossPoint> points(const YamlReader& yaml, const Node& node, std::string_view what,
                              std::string_view unit, double low, double high) {
  std::vector<LossPoint> out;
  for (const Node& item : yaml.list(node, what, 1, 100'000)) {
    const auto& pair = yaml.list(item, fmt::format("{}: [seconds, {}]", what, unit), 2, 2);
    const LossPoint point{.at = Seconds{yaml.number(pair[0], "seconds", 0, longest_s)},
                          .db = yaml.number(pair[1], unit, low, high)};
    if (!out.empty() && point.at <= out.back().at) {
      yaml.fail(item, fmt::format("{}: times must ascend", what));
    }
    out.push_back(point);
  }
  return out;
}

// Straight in metres is not straight in decibel: a point every half second.
LossProfile walk(const YamlReader& yaml, const Node& node, const Propagation& propagation) {
  const auto metres = points(yaml, node, "walk", "m", 0, 1000);
  const LossProfile way{.points = metres, .join = LossProfile::Join::line};
  LossProfile out{.points = {}, .join = LossProfile::Join::line};
  const double last = metres.back().at.count();
  for (double s = 0; s < last + 0.5; s += 0.5) {
    const Seconds at{std::min(s, last)};
    if (!out.points.empty() && at <= out.points.back().at) break;
    out.points.push_back({.at = at, .db = propagation.loss_db(way.at(at))});
  }
  return out;
}

std::optional<std::pair<double, double>> two_numbers(std::string_view line) {
  std::array<double, 2> value{};
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value[i]);
    if (error != std::errc{}) return std::nullopt;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    const std::string_view separator = i == 0 ? "," : "";
    if (line.substr(0, 1) != separator) return std::nullopt;
    line.remove_prefix(separator.size());
  }
  return std::pair{value[0], value[1]};
}

// Lines of "seconds,value"; '#' begins a comment, the first line may be a header.
// `from_power`: the values are signals received at this power.
LossProfile trace(const YamlReader& yaml, const Node& node, std::string_view what,
                  std::optional<double> from_power) {
  const std::filesystem::path name{yaml.text(node, what)};
  const bool has_control = std::ranges::any_of(node.text, [](unsigned char c) { return c < ' '; });
  const auto folder = std::filesystem::path{yaml.path()}.parent_path();
  const auto path = folder / name;
  if (name.is_absolute() || has_control || !testbed::is_below(folder, path)) {
    yaml.fail(node, fmt::format("{}: expected the name of a file in the scenario's folder", what));
  }
  std::ifstream in = testbed::open_trace(path);
  if (!in.is_open()) {
    yaml.fail(node, fmt::format("{}: cannot open {} (a file of at most {} bytes)", what,
                                path.string(), testbed::most_trace_bytes));
  }
  LossProfile out{.points = {}, .join = LossProfile::Join::line};
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const auto read = two_numbers(line);
    if (!read && number == 1) continue;
    const double db = read ? (from_power ? *from_power - read->second : read->second) : 0;
    const bool is_after =
        read && read->first <= longest_s &&
        (out.points.empty() ? read->first >= 0 : Seconds{read->first} > out.points.back().at);
    if (!is_after || !(db >= loss_min_db && db <= loss_max_db)) {
      throw BadScenario{fmt::format(
          "{}:{}:1: expected 'seconds,{}' with ascending seconds up to {:g}, and a path loss of "
          "{:g}..{:g} dB",
          path.string(), number, from_power ? "dBm" : "dB", longest_s, loss_min_db, loss_max_db)};
    }
    out.points.push_back({.at = Seconds{read->first}, .db = db});
  }
  if (out.points.empty())
    yaml.fail(node, fmt::format("{}: {} holds no points", what, path.string()));
  return out;
}

}  // namespace

double Propagation::loss_db(double metres) const {
  return std::clamp(at_1m_db + 10 * exponent * std::log10(std::max(metres, 0.1)), loss_min_db,
                    loss_max_db);
}

LossProfile read_path_loss(const YamlReader& yaml, const Node& node,
                           const Propagation& propagation) {
  if (node.kind == Node::Kind::scalar) {
    return LossProfile::constant(yaml.number(node, "path_loss", loss_min_db, loss_max_db));
  }
  yaml.expect_map(node, "path_loss", {"steps", "ramp", "walk", "trace", "rssi"});
  if (node.entries.size() != 1) {
    yaml.fail(node, "path_loss: exactly one of steps, ramp, walk, trace, rssi");
  }
  using Join = LossProfile::Join;
  if (const Node* const steps = yaml.find(node, "steps")) {
    return {points(yaml, *steps, "steps", "dB", loss_min_db, loss_max_db), Join::step};
  }
  if (const Node* const ramp = yaml.find(node, "ramp")) {
    return {points(yaml, *ramp, "ramp", "dB", loss_min_db, loss_max_db), Join::line};
  }
  if (const Node* const way = yaml.find(node, "walk")) return walk(yaml, *way, propagation);
  if (const Node* const file = yaml.find(node, "trace")) return trace(yaml, *file, "trace", {});
  const Node& rssi = yaml.need(node, "rssi");
  yaml.expect_map(rssi, "rssi", {"file", "power_dbm"});
  const double power = yaml.number(yaml.need(rssi, "power_dbm"), "power_dbm", 0, 36);
  return trace(yaml, yaml.need(rssi, "file"), "file", power);
}

}  // namespace pianissimo::sim
