#include "experiments/report/journal.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "controller/core/box.hpp"

namespace pianissimo::report {
namespace {

namespace json = boost::json;

// The journal's key, followed through the sections of the configuration.
std::optional<json::value> config_value(const journal::Header& header, std::string_view key) {
  json::error_code error;
  json::value value = json::parse(header.config, error);
  if (error) return std::nullopt;
  while (!key.empty()) {
    const std::size_t dot = key.find('.');
    if (!value.is_object()) return std::nullopt;
    const json::value* const found = value.as_object().if_contains(key.substr(0, dot));
    if (!found) return std::nullopt;
    value = json::value(*found);
    key = dot == key.npos ? std::string_view{} : key.substr(dot + 1);
  }
  return value;
}

void step(LevelSteps& steps, Instant at, Dbm level) {
  if (steps.empty() || steps.back().level != level) steps.push_back({at, level});
}

class Gatherer {
 public:
  explicit Gatherer(const std::optional<Span>& part) : part_{part} {}

  void on(const journal::Record& record) {
    if (journal_.records++ == 0) {
      journal_.wall_ms = record.wall_ms;
      journal_.covered = {record.at, record.at};
    }
    at_ = record.at;
    journal_.covered.end = std::max(journal_.covered.end, at_);
    if (part_ && at_ >= part_->end) return after_the_end(record);
    std::visit([&](const auto& what) { take(what); }, record.what);
  }
  void torn() { ++journal_.torn_lines; }

  Journal finish() {
    journal_.visits = tracker_.visits();
    std::erase_if(journal_.visits, [&](const Visit& visit) { return !inside(visit.decided); });
    return std::move(journal_);
  }

 private:
  bool inside(Instant at) const { return !part_ || part_->contains(at); }

  // A visit that began in time may end a little late.
  void after_the_end(const journal::Record& record) {
    const auto* const event = std::get_if<Event>(&record.what);
    if (const auto* const result = event ? std::get_if<PowerResult>(event) : nullptr) {
      tracker_.on(*result);
    } else if (const auto* const decision = std::get_if<Decision>(&record.what)) {
      tracker_.on(*decision);
    }
  }

  void take(const journal::Header& header) {
    if (journal_.header && journal_.header->config_hash != header.config_hash && inside(at_)) {
      journal_.config_changed = true;
    }
    journal_.header = header;
    config_ceiling_ = config_number(header, "box.ceiling_dbm");
  }
  void take(const Event& event) {
    std::visit([&](const auto& e) { take(e); }, event);
  }
  void take(const Decision& decision) {
    tracker_.on(decision);
    if (inside(at_)) journal_.decisions.push_back(decision);
  }
  void take(const journal::Lost& lost) { journal_.lost_lines += lost.lines; }
  void take(const journal::Note& note) {
    if (inside(at_)) journal_.notes.push_back({at_, note.text});
  }

  void take(const InterfaceUp& up) {
    journal_.interfaces[up.interface] = up;
    Dbm ceiling = std::min(up.channel_maximum, up.found);
    if (config_ceiling_) {
      ceiling =
          std::min(ceiling, Dbm::from_mbm(static_cast<int>(std::lround(100 * *config_ceiling_))));
    }
    step(journal_.ceilings[up.interface], at_, Box{ceiling, ceiling}.ceiling());
    if (up.path == KnobKind::station) return;
    Knob knob{.kind = up.path, .wiphy = up.wiphy};
    if (up.path == KnobKind::interface) knob.interface = up.interface;
    step(journal_.power[knob], at_, up.power);
  }
  void take(const PowerResult& result) {
    tracker_.on(result);
    if (result.answer != PowerAnswer::accepted) return;
    step(journal_.power[result.knob], at_, result.read_back.value_or(result.asked));
  }
  void take(const StationReport& report) {
    for (const StationSample& sample : report.stations) {
      JournalStation& station = journal_.stations[sample.station];
      station.interface = report.interface;
      Counted& counted = counted_at(report.interface, sample.station);
      counted.model.on(sample);
      const StationTotals totals = counted.model.totals();
      const auto offered = bytes_between(counted.totals, totals);
      counted.totals = totals;
      const Duration interval = counted.read ? at_ - *counted.read : Duration{};
      counted.read = at_;
      if (!inside(at_)) continue;
      if (station.readings.empty()) station.first = totals;
      station.last = totals;
      station.readings.push_back({at_, sample.expected_throughput, sample.tx_rate,
                                  interval > Duration{} ? offered : std::nullopt, interval});
    }
  }
  void take(const StationJoined& joined) {
    journal_.stations[joined.station].interface = joined.interface;
  }
  void take(const InterfaceGone&) {}
  void take(const StationLeft&) {}
  void take(const TrafficSourceSet& set) {
    journal_.traffic_sources[set.interface].push_back({at_, set.origin, set.how});
    for (auto& [key, counted] : counted_) {
      if (key.first == set.interface) counted.model.count_by(set.origin);
    }
  }
  void take(const TrafficReport& report) {
    for (const TrafficSample& sample : report.stations) {
      counted_at(report.interface, sample.station).model.on(sample);
    }
  }
  void take(const HoldSet&) {}
  void take(const CeilingSet&) {}
  void take(const ExternalCeilingSet&) {}
  void take(const LeaveSet&) {}
  void take(const Wake&) {}

  // As the controller keeps them, so that its loads and ours are the same.
  struct Counted {
    StationModel model;
    StationTotals totals;  // at the last reading: our own counters come before the next one
    std::optional<Instant> read;
  };
  Counted& counted_at(InterfaceIndex interface, const MacAddress& station) {
    const auto [entry, is_new] = counted_.try_emplace({interface, station});
    const auto sources = journal_.traffic_sources.find(interface);
    if (is_new && sources != journal_.traffic_sources.end()) {
      entry->second.model.count_by(sources->second.back().origin);
    }
    return entry->second;
  }

  std::optional<Span> part_;
  Journal journal_;
  VisitTracker tracker_;
  std::map<std::pair<InterfaceIndex, MacAddress>, Counted> counted_;
  std::optional<double> config_ceiling_;
  Instant at_;
};

void gather(const std::filesystem::path& file, StationNames* names, Gatherer& gatherer) {
  LineReader lines{file};
  while (const auto line = lines.next()) {
    auto read = journal::from_line(*line);
    if (auto* const record = std::get_if<journal::Record>(&read)) {
      if (names) names->hide(*record);
      gatherer.on(*record);
    } else if (lines.unfinished()) {
      gatherer.torn();
    } else {
      lines.fail(std::get<journal::ParseError>(read).message);
    }
  }
}

}  // namespace

std::optional<Dbm> level_at(const LevelSteps& steps, Instant at) {
  const auto after = std::ranges::upper_bound(steps, at, {}, &LevelStep::at);
  if (after == steps.begin()) return std::nullopt;
  return std::prev(after)->level;
}

std::optional<Knob> Journal::knob_of(const MacAddress& station) const {
  const auto known = stations.find(station);
  if (known == stations.end()) return std::nullopt;
  const auto up = interfaces.find(known->second.interface);
  for (const auto& [knob, steps] : power) {
    const bool ours = knob.kind == KnobKind::station     ? knob.station == station
                      : knob.kind == KnobKind::interface ? knob.interface == known->second.interface
                      : up != interfaces.end() && knob.wiphy == up->second.wiphy;
    if (ours) return knob;
  }
  return std::nullopt;
}

std::vector<std::filesystem::path> journal_files(const std::filesystem::path& newest) {
  std::vector<std::filesystem::path> files{newest};
  for (int age = 1;; ++age) {
    std::filesystem::path older = newest;
    older += '.' + std::to_string(age);
    std::error_code ignored;  // such as a name that is too long: there is no such file
    if (!std::filesystem::exists(older, ignored)) break;
    files.push_back(std::move(older));
  }
  std::ranges::reverse(files);
  return files;
}

Journal read_journal(const std::filesystem::path& newest, const std::optional<Span>& part,
                     StationNames* names) {
  Gatherer gatherer{part};
  for (const auto& file : journal_files(newest)) gather(file, names, gatherer);
  return gatherer.finish();
}

std::optional<double> config_number(const journal::Header& header, std::string_view key) {
  const auto value = config_value(header, key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::optional<std::string> config_word(const journal::Header& header, std::string_view key) {
  const auto value = config_value(header, key);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string{value->as_string()};
}

}  // namespace pianissimo::report
