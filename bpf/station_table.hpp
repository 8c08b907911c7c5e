// The user-space side of struct station_table: who is in which slot, written while the kernel
// reads.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "bpf/station_counters.h"
#include "controller/core/identity.hpp"

namespace pianissimo::bpf {

/// STATION_KEY_4_2() of an address.
std::uint64_t station_key(const MacAddress& station);

struct Entry {
  MacAddress station;
  std::uint32_t slot = 0;  ///< STATION_FIRST and above
};

/// Every change is a single store that readers see whole or not at all (on 32 bits: in halves, and
/// half an entry is nobody's).
class StationTable {
 public:
  /// Takes an empty table (all zero) into use. `random` picks the first seed; any value will do.
  StationTable(station_table& memory, std::uint64_t random);

  /// The address must not be in the table. False if none of its places is free: rebuild().
  bool insert(const Entry& entry);

  void erase(const MacAddress& station);

  /// Puts the entries into the other table under another seed, and that table into use. The other
  /// table must have had no readers since the last rebuild: wait for a grace period first. False,
  /// with nothing changed for readers, if there is no seed for them: random addresses always have
  /// one, chosen ones may not.
  bool rebuild(std::span<const Entry> entries);

  /// The slot that the kernel finds; nullopt if the address is not in the table.
  std::optional<std::uint32_t> find(const MacAddress& station) const;

 private:
  /// Where a key may be under a seed.
  std::span<__u64> places(std::uint64_t key, std::uint64_t seed) const;

  station_table* memory_;
  std::uint64_t random_;
};

}  // namespace pianissimo::bpf
