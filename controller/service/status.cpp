#include "controller/service/status.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "controller/service/version.hpp"

namespace pianissimo::service {

namespace json = boost::json;

void Status::on(const Event& event) {
  std::visit([this](const auto& e) { take(e); }, event);
}

void Status::take(const StationLeft& event) {
  const auto interface = interfaces_.find(event.interface);
  if (interface != interfaces_.end()) interface->second.stations.erase(event.station);
}

void Status::take(const StationReport& event) {
  const auto interface = interfaces_.find(event.interface);
  if (interface == interfaces_.end()) return;
  auto& stations = interface->second.stations;
  for (const StationSample& sample : event.stations) {
    const auto [station, is_new] = stations.try_emplace(sample.station);
    if (is_new) station->second.model.count_by(interface->second.traffic.origin);
    station->second.model.on(sample);
  }
  if (!event.complete) return;
  std::erase_if(stations, [&](const auto& station) {
    return std::ranges::find(event.stations, station.first, &StationSample::station) ==
           event.stations.end();
  });
}

void Status::take(const TrafficSourceSet& event) {
  const auto interface = interfaces_.find(event.interface);
  if (interface == interfaces_.end()) return;
  interface->second.traffic = event;
  for (auto& [mac, station] : interface->second.stations) station.model.count_by(event.origin);
}

void Status::take(const TrafficReport& event) {
  const auto interface = interfaces_.find(event.interface);
  if (interface == interfaces_.end()) return;
  for (const TrafficSample& sample : event.stations) {
    const auto station = interface->second.stations.find(sample.station);
    if (station != interface->second.stations.end()) station->second.model.on(sample);
  }
}

void Status::take(const PowerResult& event) {
  if (event.answer != PowerAnswer::accepted || event.knob.kind == KnobKind::station) return;
  for (auto& [index, interface] : interfaces_) {
    const bool is_meant = event.knob.kind == KnobKind::wiphy
                              ? interface.up.wiphy == event.knob.wiphy
                              : index == event.knob.interface;
    if (is_meant) interface.up.power = event.read_back.value_or(event.asked);
  }
}

std::string Status::text(Instant now, std::int64_t wall_ms) {
  const Duration interval = now - written_.value_or(now);
  written_ = now;
  json::array interfaces;
  for (auto& [index, interface] : interfaces_) {
    json::array stations;
    for (auto& [mac, station] : interface.stations) {
      const auto expected = station.model.expected_throughput();
      const auto load = load_between(station.before, station.model.totals(), interval, expected,
                                     config_.descend.load);
      station.before = station.model.totals();
      json::object shown{{"station", to_string(mac)}};
      if (expected) shown["expected_bps"] = expected->bps();
      if (const auto& last = station.model.last(); last && last->signal) {
        shown["signal_dbm"] = last->signal->value();
      }
      if (load) {
        shown["bytes"] = load->bytes;
        shown["load"] = to_string(load->kind);
      }
      if (load && load->utilisation) {
        shown["utilisation_percent"] = std::lround(std::min(100 * *load->utilisation, 1e6));
      }
      stations.push_back(std::move(shown));
    }
    interfaces.push_back({{"name", interface.up.name},
                          {"frequency_mhz", interface.up.frequency.value()},
                          {"width_mhz", interface.up.width.value()},
                          {"power_dbm", interface.up.power.value()},
                          {"found_dbm", interface.up.found.value()},
                          {"channel_maximum_dbm", interface.up.channel_maximum.value()},
                          {"traffic_source", to_string(interface.traffic.origin)},
                          {"traffic_how", interface.traffic.how},
                          {"stations", std::move(stations)}});
  }
  const json::object all{
      {"version", program_version},
      {"pid", ::getpid()},
      {"wall_ms", wall_ms},
      {"interval_ms", std::chrono::duration_cast<std::chrono::milliseconds>(interval).count()},
      {"policy", to_string(config_.policy)},
      {"dry_run", config_.dry_run},
      {"interfaces", std::move(interfaces)}};
  return json::serialize(all) + '\n';
}

}  // namespace pianissimo::service
