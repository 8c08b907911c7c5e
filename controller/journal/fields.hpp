// The fields of every record, once for both directions: a `json` that is a JsonOut writes them, a
// JsonIn reads them. Keys carry their unit.
#pragma once

#include <array>

#include "controller/journal/json.hpp"
#include "controller/journal/record.hpp"

namespace pianissimo::journal {

template <class E, std::size_t n>
constexpr std::string_view word_of(const std::array<std::string_view, n>& words, E value) {
  return words[static_cast<std::size_t>(value)];
}

template <class E, std::size_t n>
constexpr std::optional<E> value_of(const std::array<std::string_view, n>& words,
                                    std::string_view word) {
  for (std::size_t i = 0; i < n; ++i) {
    if (words[i] == word) return static_cast<E>(i);
  }
  return std::nullopt;
}

// In the order of the enumerators.
template <>
struct Words<KnobKind> {
  static std::string_view word(KnobKind v) { return to_string(v); }
  static auto value(std::string_view w) { return knob_kind_from_string(w); }
};
template <>
struct Words<TrafficOrigin> {
  static std::string_view word(TrafficOrigin v) { return to_string(v); }
  static std::optional<TrafficOrigin> value(std::string_view w) {
    for (const auto v : {TrafficOrigin::nl80211, TrafficOrigin::bpf}) {
      if (w == to_string(v)) return v;
    }
    return std::nullopt;
  }
};
template <>
struct Words<PowerAnswer> {
  static constexpr std::array<std::string_view, 5> words{"accepted", "busy", "gone",
                                                         "not_permitted", "unsupported"};
  static std::string_view word(PowerAnswer v) { return word_of(words, v); }
  static auto value(std::string_view w) { return value_of<PowerAnswer>(words, w); }
};
template <>
struct Words<RateFormat> {
  static constexpr std::array<std::string_view, 5> words{"legacy", "ht", "vht", "he", "eht"};
  static std::string_view word(RateFormat v) { return word_of(words, v); }
  static auto value(std::string_view w) { return value_of<RateFormat>(words, w); }
};
template <>
struct Words<Reason> {
  static std::string_view word(Reason v) { return to_string(v); }
  static auto value(std::string_view w) { return reason_from_string(w); }
};

// One list of fields for both directions: T is const when writing.
template <class T, class U>
concept Is = std::is_same_v<std::remove_const_t<T>, U>;

void fields(auto&& json, Is<Knob> auto& v) {
  json("kind", v.kind);
  json("wiphy", v.wiphy);
  if (v.kind != KnobKind::wiphy) json("interface", v.interface);
  if (v.kind == KnobKind::station) json("station", v.station);
}

void fields(auto&& json, Is<BitRate> auto& v) {
  json("bps", v.rate);
  json("format", v.format);
  json("mcs", v.mcs);
  json("nss", v.nss);
  json("width_mhz", v.width);
  json("short_gi", v.short_gi);
}

void fields(auto&& json, Is<StationSample> auto& v) {
  json("station", v.station);
  json("expected_bps", v.expected_throughput);
  json("tx_bytes", v.tx_bytes);
  json("rx_bytes", v.rx_bytes);
  json("tx_packets", v.tx_packets);
  json("rx_packets", v.rx_packets);
  json("tx_retries", v.tx_retries);
  json("tx_failed", v.tx_failed);
  json("tx_duration_us", v.tx_duration);
  json("tx_rate", v.tx_rate);
  json("rx_rate", v.rx_rate);
  json("signal_dbm", v.signal);
  json("signal_avg_dbm", v.signal_avg);
  json("ack_signal_dbm", v.ack_signal);
  json("ack_signal_avg_dbm", v.ack_signal_avg);
  json("inactive_ms", v.inactive);
  json("connected_s", v.connected);
}

void fields(auto&& json, Is<PowerSetter> auto& v) {
  json("name", v.name);
  json("pid", v.pid);
}

void fields(auto&& json, Is<InterfaceUp> auto& v) {
  json("interface", v.interface);
  json("wiphy", v.wiphy);
  json("name", v.name);
  json("path", v.path);
  json("frequency_mhz", v.frequency);
  json("width_mhz", v.width);
  json("channel_maximum_dbm", v.channel_maximum);
  json("found_dbm", v.found);
  json("power_dbm", v.power);
  json("set_by", v.set_by);
}

void fields(auto&& json, Is<InterfaceGone> auto& v) { json("interface", v.interface); }

void fields(auto&& json, Is<StationJoined> auto& v) {
  json("interface", v.interface);
  json("station", v.station);
}

void fields(auto&& json, Is<StationLeft> auto& v) {
  json("interface", v.interface);
  json("station", v.station);
}

void fields(auto&& json, Is<StationReport> auto& v) {
  json("interface", v.interface);
  json("complete", v.complete);
  json("stations", v.stations);
}

void fields(auto&& json, Is<TrafficSourceSet> auto& v) {
  json("interface", v.interface);
  json("origin", v.origin);
  json("how", v.how);
}

void fields(auto&& json, Is<TrafficSample> auto& v) {
  json("station", v.station);
  json("tx_packets", v.tx_packets);
  json("tx_bytes", v.tx_bytes);
  json("rx_packets", v.rx_packets);
  json("rx_bytes", v.rx_bytes);
}

void fields(auto&& json, Is<TrafficReport> auto& v) {
  json("interface", v.interface);
  json("stations", v.stations);
}

void fields(auto&& json, Is<PowerResult> auto& v) {
  json("knob", v.knob);
  json("asked_dbm", v.asked);
  json("answer", v.answer);
  json("read_back_dbm", v.read_back);
  json("errno", v.error);
}

void fields(auto&& json, Is<Asker> auto& v) {
  json("uid", v.uid);
  json("pid", v.pid);
}

void fields(auto&& json, Is<HoldSet> auto& v) {
  json("interface", v.interface);
  json("holds", v.holds);
  json("level_dbm", v.level);
  json("until_t_ns", v.until);
  json("by", v.by);
}

void fields(auto&& json, Is<CeilingSet> auto& v) {
  json("interface", v.interface);
  json("ceiling_dbm", v.ceiling);
  json("by", v.by);
}

void fields(auto&& json, Is<ExternalCeilingSet> auto& v) {
  json("interface", v.interface);
  json("ceiling_dbm", v.ceiling);
}

void fields(auto&& json, Is<LeaveSet> auto& v) {
  json("interface", v.interface);
  json("is_open", v.is_open);
  json("proposals_hold_s", v.proposals_hold);
  json("approved_dbm", v.approved);
  json("by", v.by);
}

void fields(auto&&, Is<Wake> auto&) {}

void fields(auto&& json, Is<Brought> auto& v) {
  json("asked_before_bps", v.asked_before);
  json("asked_bps", v.asked);
  json("rate_before_bps", v.rate_before);
  json("rate_bps", v.rate);
  json("disconnections", v.disconnections);
  json("roams", v.roams);
}

void fields(auto&& json, Is<Evidence> auto& v) {
  json("station", v.station);
  json("observed_bps", v.observed);
  json("reference_bps", v.reference);
  json("keep", v.keep);
  json("errno", v.error);
  json("utilisation_percent", v.utilisation_percent);
  json("signal_change_db", v.signal_change);
  json("acknowledged_permille", v.acknowledged_permille);
  json("reference_permille", v.reference_permille);
  json("place_dbm", v.place);
  json("wait_ms", v.wait);
  json("level_dbm", v.level);
  json("brought", v.brought);
}

void fields(auto&& json, Is<Decision> auto& v) {
  json("knob", v.knob);
  json("reason", v.reason);
  json("from_dbm", v.from);
  json("to_dbm", v.to);
  json("evidence", v.evidence);
}

void fields(auto&& json, Is<HeaderInterface> auto& v) {
  json("name", v.name);
  json("index", v.index);
  json("driver", v.driver);
  json("frequency_mhz", v.frequency_mhz);
  json("width_mhz", v.width_mhz);
}

void fields(auto&& json, Is<Header> auto& v) {
  json("schema", v.schema);
  json("version", v.version);
  json("kernel", v.kernel);
  json("regulatory_domain", v.regulatory_domain);
  json("config_hash", v.config_hash);
  json("interfaces", v.interfaces);
  json("stations", v.stations);
}

void fields(auto&& json, Is<Lost> auto& v) { json("lines", v.lines); }

void fields(auto&& json, Is<Note> auto& v) { json("text", v.text); }

}  // namespace pianissimo::journal
