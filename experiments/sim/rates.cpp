#include "experiments/sim/rates.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace pianissimo::sim {
namespace {

// Data bits per symbol and stream as Minstrel-HT counts them (the last VHT rate rounded down).
constexpr std::array<std::array<std::uint32_t, 10>, 3> symbol_bits{
    {{26, 52, 78, 104, 156, 208, 234, 260, 312, 346},
     {54, 108, 162, 216, 324, 432, 486, 540, 648, 720},
     {117, 234, 351, 468, 702, 936, 1053, 1170, 1404, 1560}}};

constexpr std::uint32_t aggregate = 16;                         // AVG_AMPDU_SIZE
constexpr std::uint32_t aggregate_bits = 1200 * aggregate * 8;  // of AVG_PKT_SIZE bytes

std::size_t width_index(int width_mhz) { return width_mhz == 20 ? 0 : width_mhz == 40 ? 1 : 2; }

// MCS_DURATION().
std::uint32_t exact_duration_ns(std::uint32_t bits_per_symbol, bool short_gi) {
  const std::uint32_t symbols = (aggregate_bits + bits_per_symbol - 1) / bits_per_symbol;
  return (short_gi ? (symbols * 18000 + 4000) / 5 : symbols * 4000) / aggregate;
}

}  // namespace

RateSet::RateSet(const Capability& capability) : capability_{capability} {
  for (const int width : {20, 40, 80}) {
    if (width > capability.width_mhz) continue;
    if (width > 40 && capability.standard == Capability::Standard::ht) continue;
    for (const bool short_gi : {false, true}) {
      if (short_gi && !capability.short_gi) continue;
      for (int streams = 1; streams <= capability.streams; ++streams) {
        add({streams, width, short_gi});
      }
    }
  }
}

void RateSet::add(const Group& group) {
  groups_.push_back(group);
  const auto& bits = symbol_bits.at(width_index(group.width_mhz));
  const auto streams = static_cast<std::uint32_t>(group.streams);
  // The kernel keeps durations in 16 bits, shifted by what the group's slowest rate needs.
  const int shift =
      std::max(0, 16 - std::countl_zero(exact_duration_ns(streams * bits[0], group.short_gi)));
  for (int mcs = 0; mcs < group_rates; ++mcs) {
    const auto b = bits.at(static_cast<std::size_t>(mcs));
    durations_.push_back(exact_duration_ns(streams * b, group.short_gi) >> shift << shift);
    // minstrel_get_valid_vht_rates(): those whose coded bits divide evenly.
    const bool is_ht = capability_.standard == Capability::Standard::ht;
    const bool missing = (is_ht && mcs > 7) ||
                         (group.width_mhz == 20 && group.streams != 3 && mcs == 9) ||
                         (group.width_mhz == 80 && group.streams == 3 && mcs == 6);
    exists_.push_back(!missing);
  }
}

testbed::Rate RateSet::rate(RateId id) const {
  const Group& group = groups_.at(static_cast<std::size_t>(group_of(id)));
  return {.modulation = capability_.standard == Capability::Standard::ht ? testbed::Modulation::ht
                                                                         : testbed::Modulation::vht,
          .mcs = id % group_rates,
          .streams = group.streams,
          .width_mhz = group.width_mhz,
          .short_gi = group.short_gi};
}

}  // namespace pianissimo::sim
