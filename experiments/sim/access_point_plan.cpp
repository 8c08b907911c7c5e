#include "experiments/sim/access_point_plan.hpp"

#include <fmt/format.h>

namespace pianissimo::sim {
namespace {

using yaml::Node;

std::map<Dbm, double> radiated(const YamlReader& yaml, const Node& node) {
  if (node.kind != Node::Kind::map) yaml.fail(node, "radiated_dbm: expected a map");
  std::map<Dbm, double> out;
  for (const yaml::Entry& entry : node.entries) {
    const Dbm level = dbm(yaml.whole(entry.key, "radiated_dbm: commanded", 0, 36));
    if (!out.emplace(level, yaml.number(entry.value, "radiated_dbm", 0, 36)).second) {
      yaml.fail(entry.key, fmt::format("radiated_dbm: {:g} is given twice", level.value()));
    }
  }
  return out;
}

KnobPlan knob(const YamlReader& yaml, const Node& node) {
  yaml.expect_map(
      node, "knob",
      {"kind", "latency_ms", "drain_ms", "obeys", "read_back", "clamp_dbm", "radiated_dbm"});
  KnobPlan out;
  if (const Node* const kind = yaml.find(node, "kind")) {
    out.kind = KnobKind{
        static_cast<std::uint8_t>(yaml.word(*kind, "kind", {"wiphy", "interface", "station"}))};
  }
  yaml.optional(node, "latency_ms", out.latency_ms, 0., 5000.);
  yaml.optional(node, "drain_ms", out.drain_ms, 0., 5000.);
  yaml.optional(node, "obeys", out.obeys);
  if (const Node* const read_back = yaml.find(node, "read_back")) {
    out.read_back = KnobPlan::ReadBack{
        static_cast<std::uint8_t>(yaml.word(*read_back, "read_back", {"truth", "asked", "none"}))};
  }
  if (const Node* const clamp = yaml.find(node, "clamp_dbm")) {
    out.clamp = dbm(yaml.whole(*clamp, "clamp_dbm", 0, 36));
  }
  if (const Node* const levels = yaml.find(node, "radiated_dbm")) {
    out.radiated = radiated(yaml, *levels);
  }
  return out;
}

CountersPlan counters(const YamlReader& yaml, const Node& node) {
  yaml.expect_map(node, "counters", {"retries", "failed", "burst_ms"});
  CountersPlan out;
  if (const Node* const retries = yaml.find(node, "retries")) {
    out.retries = CountersPlan::Retries{
        static_cast<std::uint8_t>(yaml.word(*retries, "retries", {"mpdu", "frame", "none"}))};
  }
  if (const Node* const failed = yaml.find(node, "failed")) {
    out.failed = CountersPlan::Failed{
        static_cast<std::uint8_t>(yaml.word(*failed, "failed", {"mpdu", "retries", "none"}))};
  }
  yaml.optional(node, "burst_ms", out.burst_ms, 0., 60'000.);
  return out;
}

}  // namespace

AccessPointPlan read_access_point(const YamlReader& yaml, const Node& node) {
  yaml.expect_map(
      node, "access point",
      {"power_dbm", "channel_maximum_dbm", "width_mhz", "streams", "knob", "rate_control", "hz",
       "windows", "max_tries", "knows_aggregate_length", "hardware_queue", "resends",
       "tells_airtime", "signal", "tells_ack_signal", "counters", "position_m"});
  AccessPointPlan out;
  if (const Node* const power = yaml.find(node, "power_dbm")) {
    out.found = dbm(yaml.whole(*power, "power_dbm", 0, 36));
  }
  if (const Node* const maximum = yaml.find(node, "channel_maximum_dbm")) {
    out.channel_maximum = dbm(yaml.whole(*maximum, "channel_maximum_dbm", 0, 36));
  }
  if (const Node* const width = yaml.find(node, "width_mhz")) {
    out.width_mhz = 20 << yaml.word(*width, "width_mhz", {"20", "40", "80"});
  }
  yaml.optional(node, "streams", out.streams, 1, 3);
  if (const Node* const plan = yaml.find(node, "knob")) out.knob = knob(yaml, *plan);
  MinstrelParams minstrel;
  yaml.optional(node, "hz", minstrel.hz, 100, 1000);
  yaml.optional(node, "windows", minstrel.windows, 1, 2);
  yaml.optional(node, "max_tries", minstrel.max_tries, 2, 30);
  yaml.optional(node, "knows_aggregate_length", minstrel.knows_aggregate_length);
  out.minstrel = minstrel;
  if (const Node* const control = yaml.find(node, "rate_control")) {
    if (yaml.word(*control, "rate_control", {"minstrel", "hardware"}) == 1) out.minstrel.reset();
  }
  yaml.optional(node, "hardware_queue", out.hardware_queue, 1, 16);
  yaml.optional(node, "resends", out.resends);
  yaml.optional(node, "tells_airtime", out.tells_airtime);
  if (const Node* const signal = yaml.find(node, "signal")) {
    out.tells_signal = yaml.word(*signal, "signal", {"frames", "none"}) == 0;
  }
  yaml.optional(node, "tells_ack_signal", out.tells_ack_signal);
  if (const Node* const plan = yaml.find(node, "counters")) out.counters = counters(yaml, *plan);
  return out;
}

}  // namespace pianissimo::sim
