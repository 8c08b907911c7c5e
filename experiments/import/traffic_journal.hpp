// A capture's table as a journal: counters of stations, without powers and without a law.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "controller/journal/record.hpp"
#include "experiments/import/traffic_table.hpp"

namespace pianissimo::capture {

class TrafficJournal {
 public:
  TrafficJournal(Duration bin, Dbm assumed_power,
                 std::function<void(const journal::Record&)> record)
      : bin_{bin}, assumed_power_{assumed_power}, record_{std::move(record)} {}

  void take(const Row& row);
  void finish();

 private:
  void begin(Instant at);
  void write(Instant at, decltype(journal::Record::what) what);

  Duration bin_;
  Dbm assumed_power_;
  std::function<void(const journal::Record&)> record_;
  std::optional<Instant> start_;
  std::map<MacAddress, StationSample> samples_;
  std::set<MacAddress> changed_;  // in the bin at start_
};

}  // namespace pianissimo::capture
