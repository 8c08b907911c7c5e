#include "experiments/import/traffic_journal.hpp"

#include <cmath>

namespace pianissimo::capture {
namespace {

constexpr InterfaceIndex interface { 1 };

}  // namespace

void TrafficJournal::take(const Row& row) {
  if (!start_) begin(row.start);
  if (row.start != *start_) finish();
  start_ = row.start;
  changed_.insert(row.crossing.station);
  StationSample& sample = samples_[row.crossing.station];
  sample.station = row.crossing.station;
  const auto packets = static_cast<std::uint32_t>(row.packets);
  if (row.crossing.direction == Direction::to_station) {
    sample.tx_bytes = sample.tx_bytes.value_or(0) + row.bytes;
    sample.tx_packets = sample.tx_packets.value_or(0) + packets;
    sample.tx_retries = sample.tx_retries.value_or(0) + static_cast<std::uint32_t>(row.retries);
  } else {
    sample.rx_bytes = sample.rx_bytes.value_or(0) + row.bytes;
    sample.rx_packets = sample.rx_packets.value_or(0) + packets;
    if (row.signal_dbm) {
      sample.signal = Dbm::from_mbm(static_cast<std::int32_t>(std::lround(100 * *row.signal_dbm)));
    }
  }
}

// The counters as they are at the end of the bin, of those that had frames in it: of many stations,
// all of them in every bin would be more than the capture's square.
void TrafficJournal::finish() {
  if (!start_ || changed_.empty()) return;
  const Instant at = *start_ + bin_;
  StationReport report{at, interface, {}, false};
  for (const MacAddress& station : changed_) report.stations.push_back(samples_[station]);
  changed_.clear();
  write(at, Event{std::move(report)});
}

void TrafficJournal::begin(Instant at) {
  start_ = at;
  write(at, journal::Header{.version = "imported from a capture",
                            .interfaces = {{.name = "capture", .index = value(interface)}}});
  write(at, Event{InterfaceUp{.at = at,
                              .interface = interface,
                              .name = "capture",
                              .path = KnobKind::interface,
                              .channel_maximum = assumed_power_,
                              .found = assumed_power_,
                              .power = assumed_power_}});
}

void TrafficJournal::write(Instant at, decltype(journal::Record::what) what) {
  const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch());
  record_({at, wall.count(), std::move(what)});
}

}  // namespace pianissimo::capture
