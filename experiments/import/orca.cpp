#include "experiments/import/orca.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "experiments/import/minstrel.hpp"

namespace pianissimo::orca {
namespace {

using namespace std::chrono_literals;

// Lines of different CPUs may be told a little out of order.
constexpr std::uint64_t backwards_ns = 1'000'000'000;
// What lies further ahead is a torn time, unless the lines after it say the same.
constexpr std::uint64_t ahead_ns = 3'600'000'000'000;
constexpr std::uint32_t witnesses = 3;
// A longer silence is not filled with reports, and not with what was said of a station before it.
constexpr Duration silence = 10s;
constexpr std::uint64_t latest = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::size_t radios_at_most = 64;
constexpr Dbm lowest = dbm(-100);

Dbm quarters(int quarters_of_db) { return Dbm::from_mbm(25 * quarters_of_db); }

bool is_relative(const RadioAdded& can) {
  return std::ranges::any_of(can.powers, [](const PowerRange& range) { return range.start < 0; });
}

bool near(std::uint64_t time, std::uint64_t last) {
  return time + backwards_ns >= last && time <= last + ahead_ns;
}

}  // namespace

std::optional<std::string> Importer::take(std::string_view text) {
  ++counts_.lines;
  const Line line = read_line(text);
  if (std::holds_alternative<Torn>(line.what)) {
    ++counts_.torn;
    return std::nullopt;
  }
  if (line.time != 0) {
    const Timing timing = check_time(line.time);
    if (timing == Timing::backwards) {
      return "the time goes back by more than a second: import the part before it on its own";
    }
    if (timing == Timing::out_of_time) {
      ++counts_.torn;
      return std::nullopt;
    }
  }
  if (const auto* const version = std::get_if<Version>(&line.what)) version_ = version->major;
  if (const auto* const group = std::get_if<Group>(&line.what)) groups_[group->first / 16] = *group;
  if (line.phy == "*") return std::nullopt;
  if (!radios_.contains(line.phy) && radios_.size() == radios_at_most) {
    ++counts_.torn;
    return std::nullopt;
  }
  Radio& radio = radio_of(line.phy);
  if (line.time != 0 && (!radio.is_up || radio.is_changed)) come_up(radio, line.phy);
  std::visit([&](const auto& what) { take(radio, what); }, line.what);
  return std::nullopt;
}

std::optional<std::string> Importer::finish() {
  if (!has_header_) return "no line of it is one of an ORCA trace that has a time";
  report_until(now_ + options_.interval);
  return std::nullopt;
}

Importer::Timing Importer::check_time(std::uint64_t time) {
  if (time > latest) return Timing::out_of_time;
  if (last_time_ && !near(time, *last_time_)) {
    astray_count_ = near(time, astray_) ? astray_count_ + 1 : 1;
    astray_ = time;
    if (astray_count_ < witnesses) return Timing::out_of_time;
    if (time < *last_time_) return Timing::backwards;
  }
  astray_count_ = 0;
  last_time_ = std::max(time, last_time_.value_or(0));
  report_until(Instant{Duration{static_cast<std::int64_t>(time)}});
  return Timing::in_time;
}

// As the daemon would have read it until now; the journal's time does not go back.
void Importer::report_until(Instant at) {
  if (at < now_) return;
  if (!has_header_ || at - now_ > silence) next_report_ = at;
  while (next_report_ < at) {
    now_ = std::max(now_, next_report_);
    for (auto& [name, radio] : radios_) {
      if (radio.is_up) report(radio, now_);
    }
    next_report_ += options_.interval;
  }
  now_ = at;
}

void Importer::report(Radio& radio, Instant at) {
  StationReport report{at, radio.interface, {}};
  // A torn line makes a station of its own: all of them in every report would be the trace's
  // square.
  std::erase_if(radio.heard, [&](const MacAddress& address) {
    const auto station = radio.stations.find(address);
    return station == radio.stations.end() || at - station->second.heard > silence;
  });
  for (const MacAddress& address : radio.heard) {
    report.stations.push_back(radio.stations.at(address).sample);
  }
  report.complete = radio.heard.size() == radio.stations.size();
  ++counts_.reports;
  tell(std::move(report));
}

void Importer::take(Radio& radio, const RadioAdded& added) {
  if (!added.powers.empty()) counts_.has_powers = true;
  if (radio.can == added) return;
  radio.can = added;
  radio.is_changed = true;  // told anew with the next line that has a time
}

void Importer::take(Radio& radio, const RadioRemoved&) {
  if (radio.is_up) tell(InterfaceGone{now_, radio.interface});
  radio.is_up = false;
  radio.stations.clear();
}

void Importer::take(Radio& radio, const StationAdded& added) {
  station_of(radio, added.station).overheads = added;
}

void Importer::take(Radio& radio, const StationRemoved& removed) {
  if (radio.stations.erase(removed.station) == 0 || !radio.is_up) return;
  tell(StationLeft{now_, radio.interface, removed.station});
}

void Importer::take(Radio& radio, const TxStatus& status) {
  ++counts_.transmissions;
  Station& station = station_of(radio, status.station);
  StationSample& sample = station.sample;
  std::uint32_t attempts = 0;
  for (const Stage& stage : status.stages) attempts += status.frames * stage.count;
  sample.tx_packets = sample.tx_packets.value_or(0) + status.acked;
  sample.tx_failed = sample.tx_failed.value_or(0) + status.frames - status.acked;
  sample.tx_retries = sample.tx_retries.value_or(0) + attempts - std::min(attempts, status.frames);
  // Minstrel's own probes are sent at another power, and tell nothing of the rate in use.
  if (status.is_probe || status.stages.empty()) return;
  const RateIndex rate = status.stages.back().rate;
  if (const Group* const group = group_of(rate)) sample.tx_rate = bit_rate(*group, rate);
  const auto known =
      std::ranges::find_if(status.stages, [](const Stage& s) { return s.power.has_value(); });
  if (known != status.stages.end()) set_power(radio, station, *known->power);
}

void Importer::take(Radio& radio, const RxStatus& status) {
  Station& station = station_of(radio, status.station);
  if (status.signal_dbm) station.sample.signal = dbm(*status.signal_dbm);
}

void Importer::take(Radio& radio, const RateStats& stats) {
  Station& station = station_of(radio, stats.station);
  ++counts_.statistics;
  const Group* const group = group_of(stats.rate);
  if (group && is_explained(stats, *group, station.overheads)) ++counts_.statistics_explained;
  station.estimates[stats.rate] = stats.throughput;
  if (station.estimate) return;
  // Version 0 and 1 do not say which rate is the best: it is the one with the highest estimate.
  std::uint32_t estimate = 0;
  for (const auto& [rate, throughput] : station.estimates)
    estimate = std::max(estimate, throughput);
  if (station.best) {
    const auto best = station.estimates.find(*station.best);
    if (best == station.estimates.end()) return;
    estimate = best->second;
  }
  station.sample.expected_throughput = expected_throughput(estimate);
}

void Importer::take(Radio& radio, const BestRates& best) {
  Station& station = station_of(radio, best.station);
  station.best = best.best;
  const auto known = station.estimates.find(best.best);
  if (station.estimate || known == station.estimates.end()) return;
  station.sample.expected_throughput = expected_throughput(known->second);
}

void Importer::take(Radio& radio, const EstimatedThroughput& estimate) {
  Station& station = station_of(radio, estimate.station);
  station.estimate = estimate.throughput;
  station.sample.expected_throughput = expected_throughput(estimate.throughput);
}

void Importer::take(Radio& radio, const PowerSet& set) {
  set_power(radio, station_of(radio, set.station), set.power);
}

Importer::Radio& Importer::radio_of(std::string_view phy) {
  const auto found = radios_.find(phy);
  if (found != radios_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(radios_.size());
  Radio& radio = radios_[std::string{phy}];
  radio.wiphy = WiphyIndex{number};
  radio.interface = InterfaceIndex{number + 1};
  return radio;
}

Importer::Station& Importer::station_of(Radio& radio, const MacAddress& address) {
  const auto [entry, is_new] = radio.stations.try_emplace(address);
  Station& station = entry->second;
  station.heard = now_;
  radio.heard.insert(address);
  if (!is_new) return station;
  counts_.stations.insert(address);
  station.sample.station = address;
  station.overheads.station = address;
  if (radio.is_up) tell(StationJoined{now_, radio.interface, address});
  return station;
}

void Importer::come_up(Radio& radio, std::string_view name) {
  const Dbm maximum = highest(radio);
  tell(InterfaceUp{.at = now_,
                   .interface = radio.interface,
                   .wiphy = radio.wiphy,
                   .name = std::string{name},
                   .path = KnobKind::station,
                   .channel_maximum = maximum,
                   .found = maximum,
                   .power = maximum});
  radio.is_changed = false;
  if (std::exchange(radio.is_up, true)) return;
  for (const auto& [address, station] : radio.stations) {
    tell(StationJoined{now_, radio.interface, address});
  }
}

void Importer::set_power(Radio& radio, Station& station, std::uint8_t index) {
  const auto level = level_of(radio, index);
  if (!level || station.power == level || !radio.is_up) return;
  station.power = level;
  ++counts_.powers;
  tell(PowerResult{.at = now_,
                   .knob = {.kind = KnobKind::station,
                            .wiphy = radio.wiphy,
                            .interface = radio.interface,
                            .station = station.sample.station},
                   .asked = *level,
                   .read_back = level});
}

Dbm Importer::highest(const Radio& radio) const {
  if (radio.can.limit_half_dbm) return Dbm::from_mbm(50 * *radio.can.limit_half_dbm);
  Dbm level = lowest;
  for (const PowerRange& range : radio.can.powers) {
    for (int i = 0; i < range.levels; ++i) {
      const auto index = static_cast<std::uint8_t>(range.first + i);
      level = std::max(level, level_of(radio, index).value_or(lowest));
    }
  }
  return level == lowest ? options_.assumed_power : level;
}

std::optional<Dbm> Importer::level_of(const Radio& radio, std::uint8_t index) const {
  for (const PowerRange& range : radio.can.powers) {
    const int place = index - range.first;
    if (place < 0 || place >= range.levels) continue;
    Dbm level = quarters(range.start + place * range.step);
    if (is_relative(radio.can)) level = base(radio) + (level - Dbm{});
    if (!radio.can.limit_half_dbm) return level;
    return std::min(level, Dbm::from_mbm(50 * *radio.can.limit_half_dbm));
  }
  return std::nullopt;
}

// What the relative powers are relative to.
Dbm Importer::base(const Radio& radio) const {
  if (radio.can.user_power_dbm) return dbm(*radio.can.user_power_dbm);
  if (radio.can.limit_half_dbm) return Dbm::from_mbm(50 * *radio.can.limit_half_dbm);
  return options_.assumed_power;
}

const Group* Importer::group_of(RateIndex rate) const {
  const auto found = groups_.find(static_cast<RateIndex>(rate / 16));
  return found == groups_.end() ? nullptr : &found->second;
}

void Importer::tell(Event event) {
  const Instant at = time_of(event);
  write(at, std::move(event));
}

void Importer::write(Instant at, decltype(journal::Record::what) what) {
  const auto wall_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
  if (!has_header_) {
    has_header_ = true;
    journal::Header header{.version = "imported from ORCA " + std::to_string(version_)};
    for (const auto& [name, radio] : radios_) {
      header.interfaces.push_back(
          {.name = name, .index = value(radio.interface), .driver = radio.can.driver});
    }
    record_({at, wall_ms, std::move(header)});
  }
  record_({at, wall_ms, std::move(what)});
}

}  // namespace pianissimo::orca
