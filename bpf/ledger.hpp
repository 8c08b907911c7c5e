// Whose slot is whose: stations come and go, the kernel's counters only grow.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "bpf/counts.hpp"
#include "bpf/error.hpp"
#include "bpf/station_counters.h"
#include "bpf/station_table.hpp"

namespace pianissimo::bpf {

/// Loads a number that another CPU counts up. Where it takes two loads (or two stores), its upper
/// half may be one behind or ahead: 4 GiB off, for the moment between the two. Hence, until two
/// loads follow each other by less than 2 GiB.
template <class Load>
std::uint64_t load_settled(Load load) {
  std::uint64_t earlier = load();
  for (;;) {
    const std::uint64_t later = load();
    if (later - earlier < std::uint64_t{1} << 31) return later;
    earlier = later;
  }
}

/// Works on memory alone, be it the kernel's or a test's.
class Ledger {
 public:
  /// `table` is empty and `planes`, one per possible CPU, are zero. `wait_for_readers` returns when
  /// every program that runs now has ended (a grace period of RCU).
  Ledger(station_table& table, std::span<const station_plane> planes, std::uint64_t random,
         std::function<void()> wait_for_readers);

  /// As StationCounters::set_stations().
  Result<void> set_stations(std::span<const MacAddress> stations);

  void read(Counts& into) const;

 private:
  struct Sum {
    Count from;
    Count to;
  };
  struct Station {
    MacAddress address;
    std::uint32_t slot;
    Sum before;  ///< what the slot had counted when the station got it
  };

  Sum sum(std::uint32_t slot) const;
  void drop_departed(std::span<const MacAddress> wanted);
  void take_in(std::span<const MacAddress> wanted, std::vector<Entry>& homeless);
  bool rebuild();

  StationTable table_;
  std::span<const station_plane> planes_;
  std::function<void()> wait_for_readers_;
  std::vector<Station> stations_;  ///< ordered by address
  /// Oldest first: a program that has just looked up a station that leaves may count for it a
  /// moment later, and that must not be the next one's.
  std::deque<std::uint32_t> free_;
  bool rebuilt_ = false;
};

}  // namespace pianissimo::bpf
