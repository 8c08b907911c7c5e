#include "experiments/import/traffic_journal.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "experiments/report/captures.hpp"

namespace pianissimo::capture {
namespace {

constexpr InterfaceIndex interface { 1 };

template <class Counter>
void add(std::optional<Counter>& counter, std::uint64_t more) {
  counter = counter.value_or(0) + static_cast<Counter>(more);
}

void count(const Row& row, StationSample& into) {
  into.station = row.crossing.station;
  if (row.crossing.direction == Direction::to_station) {
    add(into.tx_bytes, row.bytes);
    add(into.tx_packets, row.packets);
    add(into.tx_retries, row.retries);
    if (row.failed) add(into.tx_failed, *row.failed);
    if (row.last_rate) into.tx_rate = row.last_rate;
    return;
  }
  add(into.rx_bytes, row.bytes);
  add(into.rx_packets, row.packets);
  if (row.last_rate) into.rx_rate = row.last_rate;
  if (row.signal_dbm) {
    into.signal = Dbm::from_mbm(static_cast<std::int32_t>(std::lround(100 * *row.signal_dbm)));
  }
}

// What is counted in the row, and nothing of it yet.
Row empty_of(const Row& row) {
  Row empty{.start = row.start, .crossing = row.crossing};
  if (row.failed) empty.failed = 0;
  return empty;
}

}  // namespace

void TrafficJournal::take(const Row& row) {
  if (!rows_.empty() && rows_.front().start != row.start) finish();
  rows_.push_back(row);
}

// The counters as they are at the end of the bin, of those that had frames in it: of many stations,
// all of them in every bin would be more than the capture's square.
void TrafficJournal::finish() {
  if (rows_.empty()) return;
  const Instant start = rows_.front().start;
  if (!std::exchange(has_begun_, true)) {
    write(start, journal::Header{.version = std::string{report::version_of_captures},
                                 .interfaces = {{.name = "capture", .index = value(interface)}}});
    come_up(start);
  }
  report_before(start);
  for (const Level& level : levels()) set_power(level);
  const Instant end = start + bin_;
  std::map<MacAddress, StationSample> samples;
  for (const Row& row : rows_) {
    Station& station = stations_[row.crossing.station];
    station.reported = end;
    count(row, station.sample);
    samples[row.crossing.station] = station.sample;
  }
  report(end, samples);
  rows_.clear();
}

// What a station had in this bin came in it, and not in the silence before.
void TrafficJournal::report_before(Instant start) {
  std::map<MacAddress, StationSample> samples;
  for (const Row& row : rows_) {
    const Station& station = stations_[row.crossing.station];
    if (station.reported == start) continue;
    count(empty_of(row), samples.try_emplace(row.crossing.station, station.sample).first->second);
  }
  if (!samples.empty()) report(start, samples);
}

// Of this bin, in the order of time.
std::vector<TrafficJournal::Level> TrafficJournal::levels() const {
  std::vector<Level> levels;
  for (const Row& row : rows_) {
    if (row.crossing.direction != Direction::to_station) continue;
    for (const PowerChange& change : row.powers) {
      levels.push_back({change.at, row.crossing.station, change.power, true});
    }
    const auto known = stations_.find(row.crossing.station);
    const bool is_known = known != stations_.end() && known->second.power;
    if (row.powers.empty() && !is_known) {
      levels.push_back({row.start, row.crossing.station, full_power_, false});
    }
  }
  std::ranges::stable_sort(levels, {}, &Level::at);
  return levels;
}

void TrafficJournal::set_power(const Level& level) {
  std::optional<Dbm>& power = stations_[level.station].power;
  if (power == level.power) return;
  power = level.power;
  if (level.is_told) ++power_changes_;
  if (level.power > full_power_) {
    full_power_ = level.power;
    come_up(level.at);
  }
  write(level.at,
        Event{PowerResult{
            .at = level.at,
            .knob = {.kind = KnobKind::station, .interface = interface, .station = level.station},
            .asked = level.power,
            .read_back = level.power}});
}

void TrafficJournal::report(Instant at, const std::map<MacAddress, StationSample>& samples) {
  StationReport report{at, interface, {}, false};
  for (const auto& [address, sample] : samples) report.stations.push_back(sample);
  write(at, Event{std::move(report)});
}

void TrafficJournal::come_up(Instant at) {
  write(at, Event{InterfaceUp{.at = at,
                              .interface = interface,
                              .name = "capture",
                              .path = KnobKind::station,
                              .channel_maximum = full_power_,
                              .found = full_power_,
                              .power = full_power_}});
}

void TrafficJournal::write(Instant at, decltype(journal::Record::what) what) {
  const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch());
  record_({at, wall.count(), std::move(what)});
}

}  // namespace pianissimo::capture
