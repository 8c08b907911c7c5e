// A capture's table as a journal: counters of stations and the powers of their frames, without a
// law.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "controller/journal/record.hpp"
#include "experiments/import/traffic_table.hpp"

namespace pianissimo::capture {

class TrafficJournal {
 public:
  /// `full_power`: what the access point may use at most, and uses where no frame tells it.
  TrafficJournal(Duration bin, Dbm full_power, std::function<void(const journal::Record&)> record)
      : bin_{bin}, full_power_{full_power}, record_{std::move(record)} {}

  /// Rows of one bin come together, and bins in the order of time.
  void take(const Row& row);
  void finish();

  /// How often a station's power became another one, as its frames tell it.
  std::uint64_t power_changes() const { return power_changes_; }
  /// As given, or the highest power that a frame told beyond it.
  Dbm full_power() const { return full_power_; }

 private:
  struct Station {
    StationSample sample;             // the last one reported
    std::optional<Instant> reported;  // when
    std::optional<Dbm> power;
  };
  struct Level {
    Instant at;
    MacAddress station;
    Dbm power;
    bool is_told = false;  // else assumed
  };

  void report_before(Instant start);
  std::vector<Level> levels() const;
  void set_power(const Level& level);
  void report(Instant at, const std::map<MacAddress, StationSample>& samples);
  void come_up(Instant at);
  void write(Instant at, decltype(journal::Record::what) what);

  Duration bin_;
  Dbm full_power_;
  std::function<void(const journal::Record&)> record_;
  bool has_begun_ = false;
  std::vector<Row> rows_;  // of one bin
  std::map<MacAddress, Station> stations_;
  std::uint64_t power_changes_ = 0;
};

}  // namespace pianissimo::capture
