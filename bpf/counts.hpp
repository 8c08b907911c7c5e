// What has been counted.
#pragma once

#include <cstdint>
#include <vector>

#include "controller/core/identity.hpp"

namespace pianissimo::bpf {

struct Count {
  std::uint64_t packets = 0;  ///< as on the wire: segments, not aggregates
  std::uint64_t bytes = 0;    ///< with the Ethernet header and VLAN tags, without FCS
  friend bool operator==(const Count&, const Count&) = default;
};

struct StationCount {
  MacAddress station;
  Count from_station;
  Count to_station;
  friend bool operator==(const StationCount&, const StationCount&) = default;
};

/// What no station of the table can be credited with, since the programs were attached.
struct Others {
  Count unknown_in;      ///< from an address that is no station's
  Count unknown_out;     ///< to such an address
  Count group_in;        ///< from a group address, which no sender may have
  Count group_out;       ///< multicast and broadcast
  Count without_header;  ///< no Ethernet header: our own multicast looped back; runts
  friend bool operator==(const Others&, const Others&) = default;
};

struct Counts {
  std::vector<StationCount> stations;  ///< ordered by address
  Others others;
};

}  // namespace pianissimo::bpf
