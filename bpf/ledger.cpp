#include "bpf/ledger.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <numeric>
#include <ranges>
#include <set>

namespace pianissimo::bpf {
namespace {

std::uint64_t load(const __u64& counter) {
  const auto once = [&]() -> std::uint64_t { return const_cast<const volatile __u64&>(counter); };
  if constexpr (sizeof(void*) >= sizeof counter)
    return once();
  else
    return load_settled(once);
}

void add(Count& sum, const station_count& part) {
  sum.packets += load(part.packets);
  sum.bytes += load(part.bytes);
}

Count operator-(const Count& a, const Count& b) {
  return {a.packets - b.packets, a.bytes - b.bytes};
}

Count operator+(const Count& a, const Count& b) {
  return {a.packets + b.packets, a.bytes + b.bytes};
}

}  // namespace

Ledger::Ledger(station_table& table, std::span<const station_plane> planes, std::uint64_t random,
               std::function<void()> wait_for_readers)
    : table_{table, random},
      planes_{planes},
      wait_for_readers_{std::move(wait_for_readers)},
      free_(STATION_LIMIT) {
  std::iota(free_.begin(), free_.end(), std::uint32_t{STATION_FIRST});
}

Result<void> Ledger::set_stations(std::span<const MacAddress> stations) {
  std::set<MacAddress> first_ones;
  for (const MacAddress& station : stations)
    if (first_ones.size() < STATION_LIMIT) first_ones.insert(station);
  const std::vector<MacAddress> wanted{first_ones.begin(), first_ones.end()};

  const std::size_t free_before = free_.size();
  const std::size_t stay = static_cast<std::size_t>(std::ranges::count_if(
      stations_, [&](const Station& s) { return first_ones.contains(s.address); }));
  drop_departed(wanted);
  if (wanted.size() - stay > free_before) wait_for_readers_();

  std::vector<Entry> homeless;
  take_in(wanted, homeless);
  if (!homeless.empty() && !rebuild()) {
    for (const Entry& entry : homeless) free_.push_back(entry.slot);
    std::erase_if(stations_, [&](const Station& station) {
      return std::ranges::find(homeless, station.slot, &Entry::slot) != homeless.end();
    });
    return Error{fmt::format("{} of {} stations are not counted: their addresses collide",
                             homeless.size(), wanted.size()),
                 ENOSPC};
  }
  if (!std::ranges::all_of(stations, [&](const auto& s) { return first_ones.contains(s); }))
    return Error{fmt::format("{} stations, of which the first {} are counted", stations.size(),
                             int{STATION_LIMIT}),
                 ENOSPC};
  return {};
}

void Ledger::drop_departed(std::span<const MacAddress> wanted) {
  std::erase_if(stations_, [&](const Station& station) {
    if (std::ranges::binary_search(wanted, station.address)) return false;
    table_.erase(station.address);
    free_.push_back(station.slot);
    return true;
  });
}

void Ledger::take_in(std::span<const MacAddress> wanted, std::vector<Entry>& homeless) {
  std::vector<Station> merged;
  merged.reserve(wanted.size());
  auto known = stations_.begin();
  for (const MacAddress& address : wanted) {
    if (known != stations_.end() && known->address == address) {
      merged.push_back(*known++);
      continue;
    }
    const Entry entry{address, free_.front()};
    free_.pop_front();
    // The sum comes first: what is counted after the insertion is the station's.
    merged.push_back({address, entry.slot, sum(entry.slot)});
    if (!table_.insert(entry)) homeless.push_back(entry);
  }
  stations_ = std::move(merged);
}

bool Ledger::rebuild() {
  std::vector<Entry> entries;
  entries.reserve(stations_.size());
  for (const Station& station : stations_) entries.push_back({station.address, station.slot});
  // The other table may still be read by programs that began before the last rebuild.
  if (rebuilt_) wait_for_readers_();
  const bool done = table_.rebuild(entries);
  rebuilt_ = rebuilt_ || done;
  return done;
}

Ledger::Sum Ledger::sum(std::uint32_t slot) const {
  Sum total;
  for (const station_plane& plane : planes_) {
    add(total.from, plane.slots[slot].from);
    add(total.to, plane.slots[slot].to);
  }
  return total;
}

void Ledger::read(Counts& into) const {
  into.stations.resize(stations_.size());
  // Field by field: a StationCount put together and then copied costs 14 ns more, because wide
  // loads wait for the narrow stores before them.
  auto out = into.stations.begin();
  for (const Station& station : stations_) {
    const Sum now = sum(station.slot);
    out->station = station.address;
    out->from_station = now.from - station.before.from;
    out->to_station = now.to - station.before.to;
    ++out;
  }
  const Sum unknown = sum(STATION_UNKNOWN);
  const Sum group = sum(STATION_GROUP);
  const Sum without_header = sum(STATION_WITHOUT_HEADER);
  into.others = {unknown.from, unknown.to, group.from, group.to,
                 without_header.from + without_header.to};
}

}  // namespace pianissimo::bpf
