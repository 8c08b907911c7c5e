// Addresses without a pattern, the same in every run.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "bpf/station_table.hpp"

namespace pianissimo::bpf {

/// Unicast addresses, none of them twice.
class RandomStations {
 public:
  explicit RandomStations(std::uint64_t seed) : engine_{seed} {}

  MacAddress one() {
    for (;;) {
      MacAddress address;
      std::uint64_t bits = engine_();
      for (std::uint8_t& octet : address.octets) {
        octet = static_cast<std::uint8_t>(bits);
        bits >>= 8;
      }
      address.octets[0] &= 0xfe;
      if (seen_.insert(address).second) return address;
    }
  }

  std::vector<MacAddress> take(std::size_t count) {
    std::vector<MacAddress> stations;
    while (stations.size() < count) stations.push_back(one());
    return stations;
  }

 private:
  std::mt19937_64 engine_;
  std::set<MacAddress> seen_;
};

/// So many whose first place is the same under a seed.
inline std::vector<MacAddress> colliding_stations(std::uint64_t seed, std::size_t count) {
  RandomStations random{seed};
  std::map<std::uint64_t, std::vector<MacAddress>> by_place;
  for (;;) {
    const MacAddress station = random.one();
    auto& same = by_place[STATION_HASH(station_key(station), seed)];
    same.push_back(station);
    if (same.size() == count) return same;
  }
}

}  // namespace pianissimo::bpf
