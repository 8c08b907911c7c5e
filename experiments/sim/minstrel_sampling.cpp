// Which rates Minstrel-HT tries out, and when: one every 20 ms, out of three sets of five slots.
#include <algorithm>
#include <utility>

#include "experiments/sim/minstrel_ht.hpp"

namespace pianissimo::sim {

RateId MinstrelHt::next_sample() {
  constexpr std::array<Sample, 6> sequence{inc, jump, inc, jump, inc, slow};
  Slots& slots = slots_[sequence.at(static_cast<std::size_t>(sample_turn_))];
  sample_turn_ = (sample_turn_ + 1) % static_cast<int>(sequence.size());
  for (RateId& slot : slots) {
    if (slot != no_rate) return std::exchange(slot, no_rate);
  }
  return no_rate;
}

void MinstrelHt::refill_samples() {
  const std::uint32_t of_best = duration(best_[0]);
  const std::uint32_t of_second = duration(best_[1]);
  const std::uint32_t of_sure = duration(best_probability_);
  const std::uint32_t fastest = std::min({of_best, of_second, of_sure});
  const std::uint32_t slowest = std::max({of_best, of_second, of_sure});

  int used = keep_samples(inc, fastest, slowest);
  for (; used < sample_slots; ++used) {
    const RateId id = next_inc(of_best);
    slots_[inc][static_cast<std::size_t>(used)] = id;
    if (id == no_rate) break;
  }
  used = keep_samples(jump, fastest, slowest);
  int slow_used = keep_samples(slow, fastest, slowest);
  for (; used < sample_slots; ++used) {
    const RateId id = next_jump(fastest, slowest, slow_used);
    slots_[jump][static_cast<std::size_t>(used)] = id;
    if (id == no_rate) break;
  }
}

// Drops what is no longer of the kind, closes the gaps; the number left.
int MinstrelHt::keep_samples(Sample type, std::uint32_t fastest, std::uint32_t slowest) {
  Slots& slots = slots_[type];
  std::size_t kept = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] == no_rate) continue;
    const std::uint32_t needed = duration(slots[i]);
    const bool valid = type == slow ? needed > fastest && needed < slowest : needed < fastest;
    if (!valid) {
      slots[i] = no_rate;
      continue;
    }
    // As in the kernel, a slot that need not move does not count as kept: it may be refilled.
    if (i == kept) continue;
    slots[kept++] = std::exchange(slots[i], no_rate);
  }
  return static_cast<int>(kept);
}

// The slowest rate of a group that is faster than this; -1: none.
int MinstrelHt::first_faster(int group, std::uint32_t duration_ns) const {
  for (int mcs = 0; mcs < RateSet::group_rates; ++mcs) {
    const RateId id = RateSet::id_of(group, mcs);
    if (rates_.exists(id) && duration(id) < duration_ns) return mcs;
  }
  return -1;
}

bool MinstrelHt::is_slotted(Sample type, RateId id) const {
  for (const RateId slot : slots_[type]) {
    if (slot == id) return true;
    if (slot == no_rate) break;
  }
  return false;
}

// Round the groups: the first rate of each that is faster than the best.
RateId MinstrelHt::next_inc(std::uint32_t fastest) {
  int& group = sample_group_[inc];
  for (int i = 0; i < rates_.groups(); ++i) {
    group = (group + 1) % rates_.groups();
    const int mcs = first_faster(group, fastest);
    if (mcs < 0) continue;
    const RateId id = RateSet::id_of(group, mcs);
    if (!is_slotted(inc, id)) return id;
  }
  return no_rate;
}

RateId MinstrelHt::next_of_group(int index, int from) {
  Group& group = groups_[static_cast<std::size_t>(index)];
  for (int i = 0; i < RateSet::group_rates; ++i) {
    const int mcs = sample_table_.at(static_cast<std::size_t>(group.column))
                        .at(static_cast<std::size_t>(group.row));
    if (++group.row >= RateSet::group_rates) {
      group.row = 0;
      group.column = (group.column + 1) % sample_columns;
    }
    const RateId id = RateSet::id_of(index, mcs);
    if (mcs >= from && rates_.exists(id)) return id;
  }
  return no_rate;
}

// Random rates: faster ones are jumps; those between the fastest and the slowest in use go to the
// slow slots while there is room.
RateId MinstrelHt::next_jump(std::uint32_t fastest, std::uint32_t slowest, int& slow_used) {
  int& group = sample_group_[jump];
  std::uint32_t longest = slow_used >= sample_slots ? fastest : slowest;
  for (int i = 0; i < rates_.groups(); ++i) {
    group = (group + 1) % rates_.groups();
    const int from = first_faster(group, longest);
    if (from < 0) continue;
    const RateId id = next_of_group(group, from);
    if (id == no_rate) continue;
    const std::uint32_t needed = duration(id);
    const Sample type = needed < fastest ? jump : slow;
    if (is_slotted(type, id)) continue;
    if (type == jump) return id;
    if (slow_used >= sample_slots || needed >= slowest) continue;
    if (at(id).success.out > (95U << 12U) / 100) continue;
    slots_[slow][static_cast<std::size_t>(slow_used++)] = id;
    if (slow_used >= sample_slots) longest = fastest;
  }
  return no_rate;
}

}  // namespace pianissimo::sim
