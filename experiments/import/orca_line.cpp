#include "experiments/import/orca_line.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace pianissimo::orca {
namespace {

using Fields = std::vector<std::string_view>;
using What = decltype(Line::what);

constexpr std::size_t stages = 4;
constexpr RateIndex no_rate = 0xffff;
// No radio has a level, and no relative level is, further from zero: 100 dBm, 100 dB.
constexpr int farthest_quarters = 4 * 100;

Fields split(std::string_view text, char separator) {
  Fields fields;
  for (;;) {
    const std::size_t end = text.find(separator);
    fields.push_back(text.substr(0, end));
    if (end == text.npos) return fields;
    text.remove_prefix(end + 1);
  }
}

// A name goes into the journal: no control characters, nothing that is not ASCII.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

template <class N>
std::optional<N> number(std::string_view text, int base) {
  N value{};
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || after != end) return std::nullopt;
  return value;
}
template <class N>
std::optional<N> hex(std::string_view text) {
  return number<N>(text, 16);
}

// Two's complement in eight bits.
std::optional<std::int8_t> hex_signed(std::string_view text) {
  const auto bits = hex<std::uint8_t>(text);
  if (!bits) return std::nullopt;
  return static_cast<std::int8_t>(*bits);
}

// A power index; above 0x7fff (-1) and "ffff": the driver's choice.
bool read_power(std::string_view text, std::optional<std::uint8_t>& power) {
  power.reset();
  if (text.empty()) return true;
  const auto index = hex<std::uint16_t>(text);
  if (!index || (*index > 0xff && *index <= 0x7fff)) return false;
  if (*index <= 0xff) power = static_cast<std::uint8_t>(*index);
  return true;
}

// False if it is none. An unused stage is left out.
bool add_stage(std::string_view rate, std::string_view count, std::string_view power,
               std::vector<Stage>& to) {
  Stage stage;
  if (rate.empty() && count.empty() && power.empty()) return true;
  const auto index = hex<RateIndex>(rate);
  const auto times = hex<std::uint16_t>(count);
  if (!index || !times || !read_power(power, stage.power)) return false;
  if (*index == no_rate || *times == 0) return true;
  stage.rate = *index;
  stage.count = *times;
  to.push_back(stage);
  return true;
}

// The ways in which the versions wrote the stages down.
bool read_stages(const Fields& fields, std::vector<Stage>& to) {
  if (fields.size() == 2) {  // 277,276;2,1
    const Fields rates = split(fields[0], ',');
    const Fields counts = split(fields[1], ',');
    if (rates.size() != counts.size() || rates.size() > stages) return false;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      if (rates[i].empty() || !add_stage(rates[i], counts[i], "", to)) return false;
    }
    return true;
  }
  if (fields.size() == stages) {  // 266,2,1f;272,1,21;,,;,,
    return std::ranges::all_of(fields, [&](std::string_view field) {
      const Fields parts = split(field, ',');
      return parts.size() == 3 && add_stage(parts[0], parts[1], parts[2], to);
    });
  }
  const std::size_t each = fields.size() / stages;
  if (fields.size() % stages != 0 || (each != 2 && each != 3)) return false;
  for (std::size_t i = 0; i < fields.size(); i += each) {  // 266;2;272;1;ffff;0;ffff;0
    if (!add_stage(fields[i], fields[i + 1], each == 3 ? fields[i + 2] : "", to)) return false;
  }
  return true;
}

std::optional<RateKind> kind_of(std::string_view word) {
  if (word == "ht") return RateKind::ht;
  if (word == "vht") return RateKind::vht;
  if (word == "cck") return RateKind::cck;
  if (word == "ofdm") return RateKind::ofdm;
  return std::nullopt;
}

// index;offset;type;nss;bw;gi;airtimes, in one field or in ten
What read_group(const Fields& fields) {
  if (fields.size() < 7) return Torn{};
  const auto first = hex<RateIndex>(fields[1]);
  const auto kind = kind_of(fields[2]);
  const auto nss = hex<std::uint8_t>(fields[3]);
  const auto width = hex<std::uint8_t>(fields[4]);
  const auto gi = hex<std::uint8_t>(fields[5]);
  if (!first || !kind || !nss || !width || !gi) return Torn{};
  if (*first > 0x3ff || *first % 16 != 0 || *nss < 1 || *nss > 4 || *width > 2 || *gi > 1) {
    return Torn{};
  }
  Group group{*first, *kind, *nss, *width, *gi == 1, {}};
  const Fields airtimes =
      fields.size() == 7 ? split(fields[6], ',') : Fields{fields.begin() + 6, fields.end()};
  if (airtimes.size() > group.airtime_ns.size()) return Torn{};
  for (std::size_t i = 0; i < airtimes.size(); ++i) {
    if (airtimes[i].empty()) continue;
    const auto airtime = hex<std::uint32_t>(airtimes[i]);
    if (!airtime) return Torn{};
    group.airtime_ns[i] = *airtime;
  }
  return group;
}

// first index,number of levels,start,step
std::optional<PowerRange> read_range(std::string_view text) {
  const Fields parts = split(text, ',');
  if (parts.size() != 4) return std::nullopt;
  const auto first = hex<std::uint8_t>(parts[0]);
  const auto levels = hex<std::uint8_t>(parts[1]);
  const auto start = hex_signed(parts[2]);
  const auto step = hex_signed(parts[3]);
  if (!first || !levels || !start || !step) return std::nullopt;
  const int end = *start + std::max(*levels - 1, 0) * *step;
  if (std::abs(end) > farthest_quarters) return std::nullopt;
  return PowerRange{*first, *levels, *start, *step};
}

// number of features;name,state...;type of power control[;number of ranges;range...];limit
bool read_features(Fields fields, RadioAdded& radio) {
  const auto next = [&] {
    const std::string_view field = fields.empty() ? "" : fields.front();
    if (!fields.empty()) fields.erase(fields.begin());
    return field;
  };
  const auto features = hex<std::uint8_t>(next());
  if (!features || fields.size() < *features) return false;
  for (int i = 0; i < *features; ++i) {
    const Fields feature = split(next(), ',');
    const auto state = feature.size() == 2 ? hex<std::uint16_t>(feature[1]) : std::nullopt;
    if (!state) return false;
    if (feature[0] == "pwr-user" && *state <= 100) radio.user_power_dbm = state;
  }
  const std::string_view control = next();
  if (control == "pkt" || control == "mrr") {
    const auto ranges = number<std::uint8_t>(next(), 10);
    if (!ranges || fields.size() < *ranges) return false;
    for (int i = 0; i < *ranges; ++i) {
      const auto range = read_range(next());
      if (!range) return false;
      radio.powers.push_back(*range);
    }
  } else if (control != "not") {
    return false;
  }
  if (fields.size() > 1) return false;
  const std::string_view limit = next();
  if (limit.empty()) return true;
  radio.limit_half_dbm = hex<std::uint8_t>(limit);
  return radio.limit_half_dbm.has_value();
}

What read_radio(const Fields& fields) {
  if (fields.empty()) return RadioAdded{};
  if (!is_name(fields[0])) return Torn{};
  RadioAdded radio{
      .driver = std::string{fields[0]}, .powers = {}, .limit_half_dbm = {}, .user_power_dbm = {}};
  // Version 2 has interfaces and monitors before the features.
  for (const std::ptrdiff_t skipped : {1, 3}) {
    RadioAdded attempt = radio;
    if (static_cast<std::size_t>(skipped) < fields.size() &&
        read_features({fields.begin() + skipped, fields.end()}, attempt)) {
      return attempt;
    }
  }
  return Torn{};
}

// action;mac;... with the overheads where the version has them
What read_station(const Fields& fields) {
  const auto station = fields.size() < 2 ? std::nullopt : mac_from_string(fields[1]);
  if (!station) return Torn{};
  if (fields[0] == "remove") return StationRemoved{*station};
  if (fields[0] != "add" && fields[0] != "dump" && fields[0] != "update") return Other{};
  StationAdded added{.station = *station};
  // Before version 2: overhead, overhead_legacy, masks. Since: interface, two modes, overheads, ...
  const std::size_t at = fields.size() >= 7 && !hex<std::uint32_t>(fields[3]) ? 5 : 2;
  if (fields.size() < at + 2) return Torn{};
  const auto overhead = hex<std::uint32_t>(fields[at]);
  const auto legacy = hex<std::uint32_t>(fields[at + 1]);
  if (!overhead || !legacy || *overhead > 10'000 || *legacy > 10'000) return Torn{};
  added.overhead_us = *overhead;
  added.overhead_legacy_us = *legacy;
  return added;
}

What read_tx(const MacAddress& station, const Fields& fields) {
  if (fields.size() < 5) return Torn{};
  const auto frames = hex<std::uint16_t>(fields[0]);
  const auto acked = hex<std::uint16_t>(fields[1]);
  const auto probe = hex<std::uint8_t>(fields[2]);
  if (!frames || !acked || !probe || *acked > *frames || *probe > 1) return Torn{};
  TxStatus status{station, *frames, *acked, *probe == 1, {}};
  if (!read_stages({fields.begin() + 3, fields.end()}, status.stages)) return Torn{};
  return status;
}

What read_rx(const MacAddress& station, const Fields& fields) {
  if (fields.size() < 2 || fields.size() > 5) return Torn{};
  const auto signal = hex<std::uint8_t>(fields[0]);
  if (!signal) return Torn{};
  // 7f: absent; ff: no value.
  if (*signal == 0x7f || *signal == 0xff) return RxStatus{station, std::nullopt};
  return RxStatus{station, static_cast<std::int8_t>(*signal)};
}

What read_stats(const MacAddress& station, const Fields& fields) {
  if (fields.size() != 7) return Torn{};
  const auto rate = hex<RateIndex>(fields[0]);
  const auto success = hex<std::uint32_t>(fields[1]);
  const auto throughput = hex<std::uint32_t>(fields[2]);
  const bool counts = std::all_of(fields.begin() + 3, fields.end(), [](std::string_view field) {
    return hex<std::uint64_t>(field).has_value();
  });
  if (!rate || !success || !throughput || !counts || *rate > 0x3ff || *success > 1000 ||
      *throughput > 1'000'000) {
    return Torn{};
  }
  return RateStats{station, *rate, *success, *throughput};
}

What read_best(const MacAddress& station, const Fields& fields) {
  if (fields.size() != 5) return Torn{};
  const auto best = hex<RateIndex>(fields[0]);
  if (!best || *best > 0x3ff) return Torn{};
  return BestRates{station, *best};
}

What read_estimate(const MacAddress& station, const Fields& fields) {
  const auto throughput = fields.size() == 1 ? hex<std::uint32_t>(fields[0]) : std::nullopt;
  if (!throughput || *throughput > 1'000'000) return Torn{};
  return EstimatedThroughput{station, *throughput};
}

// set_power: powers; set_rates_power: rate,count,power. Of the first stage.
What read_power_command(std::string_view type, const MacAddress& station, const Fields& fields) {
  if (fields.empty()) return Torn{};
  const Fields parts = split(fields[0], ',');
  if (parts.size() != (type == "set_power" ? 1 : 3)) return Torn{};
  std::optional<std::uint8_t> power;
  if (!read_power(parts.back(), power)) return Torn{};
  if (!power) return Other{};
  return PowerSet{station, *power};
}

What read_version(const Fields& fields) {
  const auto major = fields.size() == 3 ? hex<std::uint32_t>(fields[0]) : std::nullopt;
  if (!major) return Torn{};
  return Version{*major};
}

// A line may end anywhere: what has a letter too little looks like another type.
bool is_word(std::string_view type) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_' || c == '#' || c == '-' || (c >= '0' && c <= '9');
  };
  return !type.empty() && std::ranges::all_of(type, is_letter) && (type[0] < '0' || type[0] > '9');
}

What read_what(std::string_view phy, std::string_view type, const Fields& fields) {
  if (type == "orca_version") return read_version(fields);
  if (type == "group") return read_group(fields);
  if (phy == "*") return is_word(type) ? What{Other{}} : What{Torn{}};
  if (type == "add") return read_radio(fields);
  if (type == "remove") return RadioRemoved{};
  if (type == "sta") return read_station(fields);
  const auto is_one_of = [&](auto... words) { return ((type == words) || ...); };
  if (!is_one_of("txs", "rxs", "stats", "best_rates", "est_tp", "set_power", "set_rates_power")) {
    return is_word(type) ? What{Other{}} : What{Torn{}};
  }
  const auto station = fields.empty() ? std::nullopt : mac_from_string(fields[0]);
  if (!station) return Torn{};
  const Fields rest{fields.begin() + 1, fields.end()};
  if (type == "txs") return read_tx(*station, rest);
  if (type == "rxs") return read_rx(*station, rest);
  if (type == "stats") return read_stats(*station, rest);
  if (type == "best_rates") return read_best(*station, rest);
  if (type == "est_tp") return read_estimate(*station, rest);
  return read_power_command(type, *station, rest);
}

}  // namespace

Line read_line(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  const Fields fields = split(text, ';');
  Line line;
  if (fields.size() < 3 || !is_name(fields[0])) return line;
  const auto time = hex<std::uint64_t>(fields[1]);
  if (!time) return line;
  line.phy = fields[0];
  line.time = *time;
  line.what = read_what(fields[0], fields[2], {fields.begin() + 3, fields.end()});
  return line;
}

}  // namespace pianissimo::orca
