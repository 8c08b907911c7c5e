#include "controller/service/air_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace pianissimo::service {
namespace {

namespace json = boost::json;

constexpr Db least_tpc_range = db(6);
// IEEE 802.11ax-2021, 26.10.2.4: what the offset of OBSS PD is counted from.
constexpr std::int64_t obss_pd_minimum_dbm = -82;

constexpr std::array<std::string_view, 3> dfs_words{"usable", "unavailable", "available"};

template <class T>
json::value decibels_or_null(const std::optional<T>& value) {
  return value ? json::value(value->value()) : json::value(nullptr);
}

std::string words(const json::value& text) { return std::string{text.as_string()}; }

std::string dfs(const json::object& rules) {
  if (!rules.at("dfs").as_bool()) return "not required";
  if (rules.at("dfs_state").is_null()) return "required";
  std::string said = "required, " + words(rules.at("dfs_state"));
  if (!rules.at("dfs_since_s").is_null()) {
    said += fmt::format(" for {:.0f} s", rules.at("dfs_since_s").to_number<double>());
  }
  return said;
}

std::string density(const json::object& rules) {
  if (rules.at("density_dbm_per_mhz").is_null()) return "no limit that the kernel tells";
  return fmt::format("{:g} dBm/MHz at most: {:g} dBm in {} MHz",
                     rules.at("density_dbm_per_mhz").to_number<double>(),
                     rules.at("width_limit_dbm").to_number<double>(),
                     rules.at("sent_width_mhz").to_number<unsigned>());
}

std::string constraint(const json::object& rules) {
  const json::value& beacon = rules.at("beacon");
  if (beacon.is_null()) {
    return rules.at("station_mode").as_bool() ? "not visible (no beacon of the access point)"
                                              : "not visible (the own beacon cannot be read back)";
  }
  const json::object& elements = beacon.as_object();
  const auto& in_force = elements.at("power_constraint_db");
  std::string said =
      in_force.is_null() ? "none" : fmt::format("{:g} dB", in_force.to_number<double>());
  if (!elements.at("envelope_dbm").is_null()) {
    said += fmt::format(", envelope {:g} dBm", elements.at("envelope_dbm").to_number<double>());
  }
  return said + " (by the access point's beacons)";
}

std::string obss_pd(const json::object& rules) {
  const std::string radio = !rules.at("has_he").as_bool() ? "the radio has no 802.11ax"
                            : rules.at("has_spatial_reuse").as_bool()
                                ? "the radio supports PSR-based spatial reuse"
                                : "the radio has no PSR-based spatial reuse";
  const json::value& beacon = rules.at("beacon");
  if (beacon.is_null()) return "not visible (nl80211 only sets it); " + radio;
  const json::value& reuse = beacon.as_object().at("spatial_reuse");
  if (reuse.is_null()) return "not in the access point's beacons; " + radio;
  const json::object& parameters = reuse.as_object();
  std::string said = parameters.at("obss_pd").as_bool() ? "allowed" : "not allowed";
  if (!parameters.at("obss_pd_maximum_dbm").is_null()) {
    said +=
        fmt::format(" up to {:g} dBm", parameters.at("obss_pd_maximum_dbm").to_number<double>());
  }
  return said + " by the access point; " + radio;
}

json::value json_of(const std::optional<nl80211::SpatialReuse>& reuse) {
  if (!reuse) return nullptr;
  json::value most = nullptr;
  if (reuse->obss_pd_offset) most = obss_pd_minimum_dbm + reuse->obss_pd_offset->mb() / 100;
  return json::object{{"obss_pd", reuse->allows_obss_pd},
                      {"obss_pd_maximum_dbm", most},
                      {"psr", reuse->allows_psr}};
}

json::value json_of(const std::optional<nl80211::BeaconElements>& beacon, Mhz width) {
  if (!beacon) return nullptr;
  return json::object{{"power_constraint_db", decibels_or_null(beacon->constraint)},
                      {"envelope_dbm", decibels_or_null(beacon->envelope_at(width))},
                      {"spatial_reuse", json_of(beacon->spatial_reuse)}};
}

}  // namespace

std::optional<Dbm> AirRules::width_limit() const {
  return density ? std::optional{nl80211::power_of(*density, sent_width)} : std::nullopt;
}

AirRules air_rules_of(const nl80211::Interface& interface, const nl80211::Wiphy& wiphy,
                      std::optional<nl80211::BeaconElements> beacon) {
  AirRules rules{.density = wiphy.density(interface),
                 .sent_width = nl80211::sent_width(interface).value_or(Mhz{20}),
                 .has_he = wiphy.has_he,
                 .has_spatial_reuse = wiphy.has_spatial_reuse,
                 .is_station = interface.is_station(),
                 .beacon = std::move(beacon)};
  const auto* const channel = interface.frequency ? wiphy.channel(*interface.frequency) : nullptr;
  if (!channel) return rules;
  rules.radar = channel->radar;
  rules.dfs_state = channel->dfs_state;
  rules.dfs_since = channel->dfs_since;
  rules.no_ir = channel->no_ir;
  rules.indoor_only = channel->indoor_only;
  return rules;
}

json::object json_of(const AirRules& rules) {
  json::value state = nullptr;
  json::value since = nullptr;
  if (rules.dfs_state) state = dfs_words.at(static_cast<std::size_t>(*rules.dfs_state));
  if (rules.dfs_since) since = std::chrono::duration<double>(*rules.dfs_since).count();
  return {{"dfs", rules.radar},
          {"dfs_state", state},
          {"dfs_since_s", since},
          {"no_ir", rules.no_ir},
          {"indoor_only", rules.indoor_only},
          {"density_dbm_per_mhz", decibels_or_null(rules.density)},
          {"sent_width_mhz", rules.sent_width.value()},
          {"width_limit_dbm", decibels_or_null(rules.width_limit())},
          {"has_he", rules.has_he},
          {"has_spatial_reuse", rules.has_spatial_reuse},
          {"station_mode", rules.is_station},
          {"beacon", json_of(rules.beacon, rules.sent_width)}};
}

std::vector<std::pair<std::string, std::string>> words_of(const json::object& rules) {
  std::vector<std::pair<std::string, std::string>> all{{"DFS", dfs(rules)}};
  if (rules.at("indoor_only").as_bool()) all.emplace_back("use", "indoors only");
  if (rules.at("no_ir").as_bool()) all.emplace_back("use", "nobody may begin to send (no-IR)");
  all.emplace_back("power per MHz", density(rules));
  all.emplace_back("power constraint", constraint(rules));
  all.emplace_back("OBSS PD", obss_pd(rules));
  return all;
}

Box box_of(const BoxParams& params, Dbm channel_maximum, Dbm found) {
  const Dbm allowed = std::min(channel_maximum, found);
  return Box{params.floor, std::min(params.ceiling.value_or(allowed), allowed)};
}

std::optional<std::string> tpc_warning(const std::string& interface, Mhz frequency,
                                       const AirRules& rules, const Box& box) {
  const Db range = box.ceiling() - box.floor();
  if (!rules.radar || range >= least_tpc_range) return std::nullopt;
  return fmt::format(
      "{}: {} MHz is a DFS channel, and the box leaves {:g} dB below its ceiling ({:g} to {:g} "
      "dBm); "
      "where transmit power control (TPC) is required, its lowest level is at least 6 dB below the "
      "highest (ETSI EN 301 893, clause 4.2.3)",
      interface, frequency.value(), range.value(), box.floor().value(), box.ceiling().value());
}

}  // namespace pianissimo::service
