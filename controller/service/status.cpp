#include "controller/service/status.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "controller/core/sentence.hpp"
#include "controller/service/version.hpp"

namespace pianissimo::service {

namespace json = boost::json;

namespace {

// Nothing goes below these for now, since that has hurt.
json::array shown(const std::vector<Revert>& reverts) {
  json::array all;
  for (const Revert& revert : reverts) {
    all.push_back({{"level_dbm", revert.level.value()},
                   {"until_t_ns", revert.until.time_since_epoch().count()}});
  }
  return all;
}

json::array shown(const std::vector<VerdictDays::Day>& days) {
  json::array all;
  for (const VerdictDays::Day& day : days) {
    json::object of_day{{"interface", day.interface}, {"day", day.day}};
    for (std::size_t i = 0; i < verdict_words.size(); ++i) {
      of_day[verdict_words.at(i)] = day.counts.at(i);
    }
    of_day["last"] = sentence(day.last);
    of_day["last_t_ns"] = day.last.at.time_since_epoch().count();
    all.push_back(std::move(of_day));
  }
  return all;
}

}  // namespace

const Decision* Status::last_decision(const InterfaceUp& interface,
                                      const MacAddress& station) const {
  const auto found = std::ranges::find_if(last_, [&](const auto& entry) {
    const Knob& knob = entry.first;
    return knob.kind == interface.path && knob.wiphy == interface.wiphy &&
           (knob.kind == KnobKind::wiphy || knob.interface == interface.interface) &&
           (knob.kind != KnobKind::station || knob.station == station);
  });
  return found == last_.end() ? nullptr : &found->second;
}

json::value Status::set_by_others(const std::string& interface) const {
  const auto known = others_.find(interface);
  if (known == others_.end()) return nullptr;
  const auto& [words, at] = known->second;
  return json::object{{"words", words}, {"t_ns", at.time_since_epoch().count()}};
}

std::string Status::text(const Controller& controller, Instant now, std::int64_t wall_ms,
                         Seen& seen) {
  const Duration interval = now - seen.at.value_or(now);
  seen.at = now;
  auto before = std::exchange(seen.totals, {});
  json::array interfaces;
  for (const auto& [index, interface] : controller.interfaces()) {
    json::array stations;
    for (const auto& [mac, model] : interface.stations) {
      const auto expected = model.expected_throughput();
      const std::pair seat{index, mac};
      const auto load =
          load_between(before[seat], model.totals(), interval, expected, config_.descend.load);
      seen.totals[seat] = model.totals();
      json::object shown{{"station", to_string(mac)}};
      if (expected) shown["expected_bps"] = expected->bps();
      if (const auto& last = model.last(); last && last->signal) {
        shown["signal_dbm"] = last->signal->value();
      }
      if (const auto& last = model.last(); last && last->tx_rate) {
        shown["rate_bps"] = last->tx_rate->rate.bps();
        if (last->tx_rate->mcs) shown["mcs"] = *last->tx_rate->mcs;
        if (last->tx_rate->nss) shown["nss"] = *last->tx_rate->nss;
      }
      if (load) {
        shown["bytes"] = load->bytes;
        shown["load"] = to_string(load->kind);
      }
      if (load && load->utilisation) {
        shown["utilisation_percent"] = std::lround(std::min(100 * *load->utilisation, 1e6));
      }
      if (interface.up.path == KnobKind::station) {
        if (const auto* const last = last_decision(interface.up, mac)) {
          shown["why"] = sentence(*last);
        }
      }
      stations.push_back(std::move(shown));
    }
    const Decision* const last = last_decision(interface.up);
    const auto boxed = boxes_.find(interface.up.name);
    const bool is_boxed = boxed != boxes_.end();
    const auto effect = is_boxed ? boxed->second.has_effect : std::nullopt;
    interfaces.push_back(
        {{"name", interface.up.name},
         {"wiphy", value(interface.up.wiphy)},
         {"mode", to_string(modes_[interface.up.name])},
         {"frequency_mhz", interface.up.frequency.value()},
         {"width_mhz", interface.up.width.value()},
         {"power_dbm", interface.up.power.value()},
         {"floor_dbm", is_boxed ? json::value(boxed->second.box.floor().value()) : nullptr},
         {"ceiling_dbm", is_boxed ? json::value(boxed->second.box.ceiling().value()) : nullptr},
         {"effect_verified", effect ? json::value(*effect) : nullptr},
         {"found_dbm", interface.up.found.value()},
         {"channel_maximum_dbm", interface.up.channel_maximum.value()},
         {"air", json_of(air_[interface.up.name])},
         {"others_set", set_by_others(interface.up.name)},
         {"operator", wishes_[interface.up.name]},
         {"leave", leaves_[interface.up.name]},
         {"reverts", shown(controller.reverts_of(index))},
         {"why", last ? json::value(sentence(*last)) : nullptr},
         {"traffic_source", to_string(interface.traffic.origin)},
         {"traffic_how", interface.traffic.how},
         {"stations", std::move(stations)}});
  }
  // Stations that left take their knobs with them.
  std::erase_if(last_, [&](const auto& entry) {
    const auto& [knob, decision] = entry;
    return knob.kind == KnobKind::station && !seen.totals.contains({knob.interface, knob.station});
  });
  json::array left_alone;
  for (const auto& [name, why] : left_alone_) left_alone.push_back({{"name", name}, {"why", why}});
  json::array mitigation;
  for (const Mitigation::Day& day : mitigation_) {
    mitigation.push_back({{"frequency_mhz", day.frequency.value()},
                          {"width_mhz", day.width.value()},
                          {"day", day.day},
                          {"mean_db", day.mean.value()},
                          {"covered_s", std::chrono::duration<double>(day.covered).count()}});
  }
  const json::object all{
      {"version", program_version},
      {"pid", ::getpid()},
      {"wall_ms", wall_ms},
      {"t_ns", now.time_since_epoch().count()},
      {"interval_ms", std::chrono::duration_cast<std::chrono::milliseconds>(interval).count()},
      {"policy", to_string(config_.policy)},
      {"mode", to_string(config_.dry_run ? Mode::dry_run : config_.mode)},
      {"dry_run", config_.dry_run},
      {"ceiling_file_trouble",
       ceiling_trouble_.empty() ? json::value{} : json::value(ceiling_trouble_)},
      {"interfaces", std::move(interfaces)},
      {"mitigation", std::move(mitigation)},
      {"verdicts", shown(verdicts_)},
      {"not_driven", std::move(left_alone)}};
  return json::serialize(all) + '\n';
}

}  // namespace pianissimo::service
