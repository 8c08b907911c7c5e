#include "bpf/station_table.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>

namespace pianissimo::bpf {
namespace {

// Of 2000 sets of 1024 random addresses, 7.5 % fit under a seed.
constexpr int seeds_to_try = 1000;

/// SplitMix64 (Steele, Lea, Flood 2014): any state is a good one.
std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t value = state;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

__u64 seed_for_half(std::uint64_t random, std::uint64_t half) {
  return (random & ~std::uint64_t{3}) | half << 1 | 1;
}

// volatile and not std::atomic: on 64 bits it is one store all the same, and on 32 bits atomics of
// this width are a lock in a library, which the kernel does not take.
void store(__u64& place, std::uint64_t value) { const_cast<volatile __u64&>(place) = value; }

bool is_station_slot(std::uint64_t slot) { return slot >= STATION_FIRST && slot < STATION_SLOTS; }

}  // namespace

std::uint64_t station_key(const MacAddress& station) {
  constexpr std::size_t first = std::endian::native == std::endian::little ? 2 : 0;
  std::array<std::uint8_t, 8> bytes{};
  std::copy(station.octets.begin(), station.octets.end(), bytes.begin() + first);
  return std::bit_cast<std::uint64_t>(bytes);
}

StationTable::StationTable(station_table& memory, std::uint64_t random)
    : memory_{&memory}, random_{random} {
  store(memory_->seed, seed_for_half(next_random(random_), 0));
}

std::span<__u64> StationTable::places(std::uint64_t key, std::uint64_t seed) const {
  const std::uint64_t first = STATION_HALF(seed) * STATION_PLACES + STATION_HASH(key, seed);
  return std::span{memory_->places}.subspan(first, STATION_PROBES);
}

bool StationTable::insert(const Entry& entry) {
  const std::uint64_t key = station_key(entry.station);
  for (__u64& place : places(key, memory_->seed)) {
    if (place != 0) continue;
    store(place, key | entry.slot);
    return true;
  }
  return false;
}

void StationTable::erase(const MacAddress& station) {
  const std::uint64_t key = station_key(station);
  for (__u64& place : places(key, memory_->seed))
    if (is_station_slot(place ^ key)) store(place, 0);
}

bool StationTable::rebuild(std::span<const Entry> entries) {
  const std::uint64_t half = STATION_HALF(memory_->seed) ^ 1;
  const auto other = std::span{memory_->places}.subspan(half * STATION_PLACES, STATION_PLACES);
  const auto fits = [&](__u64 seed) {
    std::ranges::fill(other, 0);
    return std::ranges::all_of(entries, [&](const Entry& entry) {
      const std::uint64_t key = station_key(entry.station);
      const auto candidates = places(key, seed);
      const auto free = std::ranges::find(candidates, 0U);
      if (free == candidates.end()) return false;
      *free = key | entry.slot;
      return true;
    });
  };
  for (int i = 0; i < seeds_to_try; ++i) {
    const __u64 seed = seed_for_half(next_random(random_), half);
    if (!fits(seed)) continue;
    std::atomic_thread_fence(std::memory_order_release);  // the places before the seed
    store(memory_->seed, seed);
    return true;
  }
  return false;
}

std::optional<std::uint32_t> StationTable::find(const MacAddress& station) const {
  const std::uint64_t key = station_key(station);
  for (const __u64 place : places(key, memory_->seed))
    if (is_station_slot(place ^ key)) return static_cast<std::uint32_t>(place ^ key);
  return std::nullopt;
}

}  // namespace pianissimo::bpf
