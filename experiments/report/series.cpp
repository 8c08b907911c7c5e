#include "experiments/report/series.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "config/utf8.hpp"
#include "experiments/report/captures.hpp"
#include "experiments/report/figure_table.hpp"

namespace pianissimo::report {
namespace {

using namespace std::chrono_literals;

// The medium may write down the end of a visit a little late.
constexpr Duration around_a_visit = 20ms;

constexpr std::size_t most_drawn_stations = 200;
// Decisions, visits, and changes of power and of its limits, all stations'.
constexpr std::size_t most_shown = 300'000;
constexpr int most_changes_named = 8;  // of who counts the bytes
constexpr std::size_t longest_name = 60;

const JournalStation* journal_station(const Run& run, const MacAddress& station) {
  if (!run.journal) return nullptr;
  const auto found = run.journal->stations.find(station);
  return found == run.journal->stations.end() ? nullptr : &found->second;
}

// Visits of the station's knob, in the order of time. One that the run's end cut off lasts until
// then; of others without an end nobody knows how long they are.
std::vector<Visit> visits_to(const Run& run, const MacAddress& station) {
  std::vector<Visit> visits;
  if (!run.journal) return visits;
  const Concern concerns{run, station};
  for (const Visit& visit : run.journal->visits) {
    if (!visit.began || visit.interrupted || !concerns(visit.knob)) continue;
    if (!visits.empty() && !visits.back().ended) visits.pop_back();
    visits.push_back(visit);
  }
  if (!visits.empty() && !visits.back().ended) visits.back().ended = run.info.measured.end;
  return visits;
}

// The level, or that before the visit which the sample fell into.
class WithoutVisits {
 public:
  WithoutVisits(const Run& run, const MacAddress& station) : visits_{visits_to(run, station)} {}
  double operator()(Instant at, double level) {
    while (next_ < visits_.size() && *visits_[next_].ended + around_a_visit < at) ++next_;
    if (next_ == visits_.size()) return level;
    const Visit& visit = visits_[next_];
    const bool visiting = at >= *visit.began && level >= visit.ceiling.value();
    return visiting ? visit.level.value() : level;
  }

 private:
  std::vector<Visit> visits_;
  std::size_t next_ = 0;
};

void append(Series& series, double t, Figure value) {
  if (series.empty() || series.back().value != value) series.push_back({t, value});
}

template <class Value>
Series readings_of(const JournalStation& station, const Run& run, Value value) {
  Series series;
  for (const StationReading& reading : station.readings) {
    const double t = run.since_start(reading.at);
    if (!joins(series, t)) series.push_back({series.back().t + reading_holds_s, std::nullopt});
    series.push_back({t, value(reading)});
  }
  return series;
}

}  // namespace

bool joins(const Series& series, double t) {
  return series.empty() || t - series.back().t <= longest_silence_s;
}

Series expected_of(const JournalStation& station, const Run& run) {
  return readings_of(station, run, [](const StationReading& reading) {
    return reading.expected ? Figure{reading.expected->mbps()} : std::nullopt;
  });
}

Series rate_of(const JournalStation& station, const Run& run) {
  return readings_of(station, run, [](const StationReading& reading) {
    return reading.rate ? Figure{reading.rate->rate.mbps()} : std::nullopt;
  });
}

Series steps_of(const LevelSteps& steps, const Run& run) {
  Series series;
  const Span& part = run.info.measured;
  if (const auto level = level_at(steps, part.start)) append(series, 0, level->value());
  for (const LevelStep& step : steps) {
    if (step.at <= part.start || step.at >= part.end) continue;
    append(series, run.since_start(step.at), step.level.value());
  }
  return series;
}

Series level_in_use(const Run& run, const MacAddress& station) {
  Series series;
  WithoutVisits without{run, station};
  if (const auto rows = run.truth.stations.find(station); rows != run.truth.stations.end()) {
    Instant last = run.info.measured.start;
    for (const TruthRow& row : rows->second) {
      // The station was elsewhere, or the medium stopped: nobody knows.
      if (row.span.start > last) append(series, run.since_start(last), std::nullopt);
      // A row's level is that at its end, and was mostly there from its beginning.
      append(series, std::max(0.0, run.since_start(row.span.start)),
             without(row.span.end, row.power_dbm));
      last = row.span.end;
    }
    if (last + 1s < run.info.measured.end) append(series, run.since_start(last), std::nullopt);
    return series;
  }
  const auto knob = run.journal ? run.journal->knob_of(station) : std::nullopt;
  if (!knob) return series;
  for (const LevelStep& step : run.journal->power.at(*knob)) {
    if (step.at >= run.info.measured.end) break;
    const double level = without(step.at, step.level.value());
    if (step.at <= run.info.measured.start) series.clear();
    append(series, std::max(0.0, run.since_start(step.at)), level);
  }
  return series;
}

Series ceiling_of(const Run& run, const MacAddress& station) {
  const JournalStation* const known = journal_station(run, station);
  if (known == nullptr) return {};
  const auto steps = run.journal->ceilings.find(known->interface);
  return steps == run.journal->ceilings.end() ? Series{} : steps_of(steps->second, run);
}

Series enough_of(const Run& run, const MacAddress& station) {
  Series series;
  const auto rows = run.truth.stations.find(station);
  if (rows == run.truth.stations.end()) return series;
  for (const TruthRow& row : rows->second) {
    if (!row.enough_dbm) return {};
    append(series, std::max(0.0, run.since_start(row.span.start)), row.enough_dbm);
  }
  return series;
}

std::vector<LoadSecond> load_of(const Run& run, const MacAddress& station) {
  const JournalStation* const known = journal_station(run, station);
  if (known == nullptr) return {};
  struct Sums {
    double seconds = 0;
    double bits = 0;
    double seconds_judged = 0;
    double bits_judged = 0;
    double bits_possible = 0;
  };
  // A journal may have a year between two readings.
  std::map<double, Sums> sums;
  for (const StationReading& reading : known->readings) {
    if (!reading.offered_bytes) continue;
    const double at = run.since_start(reading.at - reading.interval / 2);
    if (at < 0 || at >= std::ceil(run.seconds())) continue;
    Sums& sum = sums[std::floor(at)];
    const double length = seconds(reading.interval);
    const double bits = 8 * static_cast<double>(*reading.offered_bytes);
    sum.seconds += length;
    sum.bits += bits;
    if (!reading.expected || reading.expected->is_zero()) continue;
    sum.seconds_judged += length;
    sum.bits_judged += bits;
    sum.bits_possible += length * static_cast<double>(reading.expected->bps());
  }
  std::vector<LoadSecond> load;
  for (const auto& [t, sum] : sums) {
    if (!load.empty() && load.back().t + 1 < t) load.push_back({.t = load.back().t + 1});
    LoadSecond& second = load.emplace_back(LoadSecond{.t = t});
    if (sum.seconds > 0) second.offered_mbps = 1e-6 * sum.bits / sum.seconds;
    if (sum.bits_possible > 0) second.utilisation = sum.bits_judged / sum.bits_possible;
  }
  if (!load.empty() && load.back().t + 1 < run.seconds()) load.push_back({.t = load.back().t + 1});
  return load;
}

namespace {

// "bpf (XDP native)": what a journal says there may be of any length.
std::string name_of(const TrafficSourceStep& source) {
  std::string name{to_string(source.origin)};
  if (source.how.empty()) return name;
  std::size_t end = 0;
  while (end < source.how.size() && end < longest_name) {
    end += std::max<std::size_t>(utf8_length(std::string_view{source.how}.substr(end)), 1);
  }
  name += " (" + source.how.substr(0, end);
  return name + (end < source.how.size() ? "...)" : ")");
}

}  // namespace

std::string counted_by(const Run& run, const MacAddress& station) {
  const JournalStation* const known = journal_station(run, station);
  if (known == nullptr) return {};
  const auto& header = run.journal->header;
  if (header && header->version == version_of_captures) return "the capture";
  std::string text{to_string(TrafficOrigin::nl80211)};
  const auto sources = run.journal->traffic_sources.find(known->interface);
  if (sources == run.journal->traffic_sources.end()) return text;
  int changes = 0;
  for (const TrafficSourceStep& source : sources->second) {
    if (source.at >= run.info.measured.end) break;
    if (source.at <= run.info.measured.start) {
      text = name_of(source);
    } else if (++changes <= most_changes_named) {
      text += ", from " + number_text(run.since_start(source.at), 1) + " s " + name_of(source);
    }
  }
  if (changes <= most_changes_named) return text;
  return text + ", and " + std::to_string(changes - most_changes_named) + " more changes";
}

std::vector<MacAddress> stations_of(const Run& run) {
  std::vector<MacAddress> stations;
  for (const auto& [mac, rows] : run.truth.stations) stations.push_back(mac);
  if (!run.journal) return stations;
  for (const auto& [mac, station] : run.journal->stations) {
    if (!run.truth.stations.contains(mac)) stations.push_back(mac);
  }
  return stations;
}

std::vector<MacAddress> drawn_stations(const Run& run, const RunFigures& figures) {
  std::vector<MacAddress> stations;
  std::set<MacAddress> known;
  for (const StationFigures* const station : neediest_first(figures)) {
    known.insert(station->station);
    stations.push_back(station->station);
  }
  for (const MacAddress& station : stations_of(run)) {
    if (known.insert(station).second) stations.push_back(station);
  }
  std::size_t shown = 1;
  if (run.journal) {
    shown += run.journal->decisions.size() + run.journal->visits.size();
    for (const auto& [knob, steps] : run.journal->power) shown = std::max(shown, steps.size());
    for (const auto& [index, steps] : run.journal->ceilings) shown = std::max(shown, steps.size());
  }
  const std::size_t most = std::clamp<std::size_t>(most_shown / shown, 1, most_drawn_stations);
  if (stations.size() > most) stations.resize(most);
  return stations;
}

}  // namespace pianissimo::report
