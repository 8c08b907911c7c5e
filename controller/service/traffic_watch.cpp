#include "controller/service/traffic_watch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pianissimo::service {

TrafficWatch::~TrafficWatch() {
  for (const auto& [index, known] : interfaces_) {
    if (known.serving.origin == TrafficOrigin::bpf) source_->detach(known.interface);
  }
}

std::optional<TrafficSourceSet> TrafficWatch::look_after(const ApInterface& interface,
                                                         Instant now) {
  const auto [entry, is_new] = interfaces_.try_emplace(interface.index);
  Interface& known = entry->second;
  const bool has_other_vlans = !is_new && known.interface.vlans != interface.vlans;
  const bool has_other_mode = !is_new && known.interface.mode != interface.mode;
  known.interface = interface;
  const bool is_bpf = known.serving.origin == TrafficOrigin::bpf;
  const bool in_place = is_bpf && source_->is_attached(interface);
  // Where it did not work, or disagreed with the driver's, it is not tried again, unless it is
  // insisted on.
  const bool try_again = is_bpf || config_.source == TrafficSourceChoice::bpf;
  if (!is_new && !has_other_mode && (in_place || !try_again)) return std::nullopt;
  if (is_bpf && !has_other_vlans && !has_other_mode)
    say_(interface.name + ": a hook of the traffic counters is gone; attaching anew");
  TrafficSourceSet serving = serve(known, now);
  const bool is_news = is_new || is_bpf || serving.origin != known.serving.origin;
  known.serving = std::move(serving);
  known.check = {};
  known.uncounted = 0;
  return is_news ? std::optional{known.serving} : std::nullopt;
}

TrafficSourceSet TrafficWatch::serve(const Interface& known, Instant now) {
  const ApInterface& interface = known.interface;
  TrafficSourceSet serving{.at = now, .interface = interface.index};
  if (!source_) {
    serving.how = "built without BPF";
    if (config_.source == TrafficSourceChoice::bpf) say_(interface.name + ": " + serving.how);
    return serving;
  }
  if (config_.source == TrafficSourceChoice::nl80211) {
    source_->detach(interface);
    serving.how = "as configured";
    return serving;
  }
  if (interface.mode != InterfaceMode::access_point) {
    source_->detach(interface);
    serving.how =
        fmt::format("in {} mode a frame does not name the next hop", to_string(interface.mode));
    if (config_.source == TrafficSourceChoice::bpf) {
      say_(fmt::format("{}: {}; the driver's counters serve", interface.name, serving.how));
    }
    return serving;
  }
  const auto attached = source_->attach(interface, config_.attach);
  if (!attached) {
    serving.how = attached.error().message;
    if (config_.source == TrafficSourceChoice::bpf) {
      say_(fmt::format("{}; the driver's counters serve", serving.how));
    }
    return serving;
  }
  for (const std::string& warning : attached->warnings) say_(warning);
  serving.origin = TrafficOrigin::bpf;
  serving.how = attached->how;
  return serving;
}

std::vector<Event> TrafficWatch::read(const StationReading& reading, Instant now) {
  const auto entry = interfaces_.find(reading.report.interface);
  if (entry == interfaces_.end()) return {};
  Interface& known = entry->second;
  if (known.serving.origin != TrafficOrigin::bpf) return {};
  std::vector<Event> events;
  const TrafficReport counts = source_->read(reading, now);
  known.check.on(counts);
  if (auto serving = shortfall(known, reading, counts)) events.emplace_back(*std::move(serving));
  events.emplace_back(counts);
  const auto mismatches = known.check.on(reading.report);
  // Somebody has removed a hook: look_after() attaches it anew, and trust is not lost.
  if (!mismatches.empty() && !source_->is_attached(known.interface)) return events;
  for (const TrafficMismatch& mismatch : mismatches) {
    say_(disagreement(known.interface.name, mismatch));
    const bool is_served = known.serving.origin == TrafficOrigin::bpf;
    if (config_.source != TrafficSourceChoice::automatic || !is_served) continue;
    source_->detach(known.interface);
    known.serving = {.at = now,
                     .interface = reading.report.interface,
                     .how = "BPF counters disagree with the driver"};
    events.emplace_back(known.serving);
  }
  return events;
}

void TrafficWatch::forget(InterfaceIndex interface) {
  const auto known = interfaces_.extract(interface);
  if (known && source_) source_->detach(known.mapped().interface);
}

std::optional<TrafficSourceSet> TrafficWatch::serving(InterfaceIndex interface) const {
  const auto known = interfaces_.find(interface);
  return known == interfaces_.end() ? std::nullopt : std::optional{known->second.serving};
}

std::optional<TrafficSourceSet> TrafficWatch::shortfall(Interface& known,
                                                        const StationReading& reading,
                                                        const TrafficReport& counts) {
  const auto& vlans = known.interface.vlans;
  // Stations on a device that has just come are counted from the next look_after() on.
  const auto soon = std::ranges::count_if(reading.on_vlan, [&](const auto& station) {
    return std::ranges::find(vlans, station.second) == vlans.end();
  });
  const std::size_t present = reading.report.stations.size() - static_cast<std::size_t>(soon);
  const std::size_t uncounted = present - std::min(present, counts.stations.size());
  if (uncounted == known.uncounted) return std::nullopt;
  if (known.uncounted == 0) {
    say_(fmt::format("{}: stations not counted, and taken for active: {} of {}",
                     known.interface.name, uncounted, present));
  }
  known.uncounted = uncounted;
  TrafficSourceSet serving = known.serving;
  serving.at = counts.at;
  if (uncounted > 0) serving.how += fmt::format("; stations not counted: {}", uncounted);
  return serving;
}

std::string TrafficWatch::disagreement(const std::string& name,
                                       const TrafficMismatch& mismatch) const {
  const bool is_tx = mismatch.direction == TrafficMismatch::Direction::to_station;
  const bool is_missed = mismatch.driver_bytes > mismatch.our_bytes;
  return fmt::format(
      "{}: the driver has counted {} bytes {} {}, our BPF programs {}{}{}", name,
      mismatch.driver_bytes, is_tx ? "to" : "from", to_string(mismatch.station), mismatch.our_bytes,
      is_missed ? ": is forwarding offloaded to hardware?" : "",
      config_.source == TrafficSourceChoice::automatic ? "; the driver's counters serve" : "");
}

}  // namespace pianissimo::service
