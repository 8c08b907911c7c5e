#include "experiments/sim/minstrel_ht.hpp"

#include <algorithm>

namespace pianissimo::sim {
namespace {

constexpr std::uint32_t fraction(std::uint32_t part, std::uint32_t whole) {
  return (part << 12U) / whole;
}

// us on 5 GHz: two headers at 6 Mbit/s (48 + 60), and RTS and CTS on top of them.
constexpr std::uint32_t overhead_us = 108;
constexpr std::uint32_t overhead_rts_us = overhead_us + 2 * 60;
// What a chain's stage may take, us.
constexpr std::uint32_t segment_us = 6000;

}  // namespace

void SuccessFilter::add(std::uint32_t in) {
  const auto input = static_cast<std::int32_t>(std::max(in, 1U));
  if (out == 0) {
    out = before = static_cast<std::uint16_t>(input);
    return;
  }
  // MINSTREL_AVG_COEFF1..3.
  std::int32_t value = (1173 * input + 5273 * out - 2350 * before) >> 12;
  value = std::min(value, static_cast<std::int32_t>(minstrel_one));
  if (value < 0) value = 1;
  before = out;
  out = static_cast<std::uint16_t>(value);
}

std::uint32_t minstrel_throughput(std::uint32_t probability, std::uint32_t aggregate_length,
                                  std::uint32_t duration_ns) {
  if (probability < fraction(10, 100)) return 0;
  const std::uint32_t nsecs = 1000 * overhead_us / aggregate_length + duration_ns;
  // Below 2^32: the probability counts as 90 % at most.
  const std::uint32_t capped = std::min(probability, fraction(90, 100));
  return 100 * (capped * 1'000'000 / nsecs) >> 12U;
}

std::uint32_t minstrel_kbps(std::uint32_t throughput) { return throughput * 10 * 1200 * 8 / 1024; }

MinstrelHt::MinstrelHt(const RateSet& rates, const MinstrelParams& params, std::uint64_t seed)
    : rates_{rates},
      params_{params},
      stats_(static_cast<std::size_t>(rates.size())),
      groups_(static_cast<std::size_t>(rates.groups())) {
  for (Slots& slots : slots_) slots.fill(no_rate);
  Random random{seed};
  tick_phase_ = static_cast<std::int64_t>(random.unit() * 1e9 / params_.hz);
  for (auto& column : sample_table_) {
    column.fill(0xff);
    for (std::uint8_t i = 0; i < RateSet::group_rates; ++i) {
      auto place = static_cast<std::size_t>((i + random.below(256)) % RateSet::group_rates);
      while (column.at(place) != 0xff) place = (place + 1) % RateSet::group_rates;
      column.at(place) = i;
    }
  }
  update_statistics(ticks(Instant{}));
  update_chain();
}

std::int64_t MinstrelHt::ticks(Instant now) const {
  return (now.time_since_epoch().count() + tick_phase_) / (1'000'000'000 / params_.hz);
}

Chain MinstrelHt::next_chain(Instant now) {
  const std::int64_t tick = ticks(now);
  if (sample_at_ > tick) return chain_;
  sample_at_ = tick + params_.hz / 50;
  const RateId sample = next_sample();
  if (sample == no_rate) return chain_;
  // The first rate alone is another: the rest of the chain is what catches a failed sample.
  Chain out = chain_;
  out[0] = {.rate = sample, .tries = 1};
  return out;
}

void MinstrelHt::on_status(Instant now, const TxStatus& status) {
  ++frames_;
  mpdus_ += static_cast<std::uint32_t>(status.mpdus);
  RateStats* last = nullptr;
  for (const Stage& stage : status.used) {
    if (stage.rate == no_rate || stage.tries == 0) break;
    last = &at(stage.rate);
    last->attempts += static_cast<std::uint32_t>(stage.tries * status.mpdus);
  }
  if (last != nullptr) last->successes += static_cast<std::uint32_t>(status.acked);

  // Sudden death: do not wait for the statistics.
  bool changed = false;
  for (const int place : {0, 1}) {
    RateId& best = best_[static_cast<std::size_t>(place)];
    const RateStats& stats = at(best);
    if (stats.attempts > 30 && stats.successes < stats.attempts / 4) {
      downgrade(best, place == 0);
      changed = true;
    }
  }
  const std::int64_t tick = ticks(now);
  if (tick > last_update_ + params_.hz / 20) {
    update_statistics(tick);
    changed = true;
  }
  if (changed) update_chain();
}

std::uint32_t MinstrelHt::expected_kbps() const {
  return minstrel_kbps(
      minstrel_throughput(at(best_[0]).success.out, aggregate_length(), duration(best_[0])));
}

std::uint32_t MinstrelHt::aggregate_length() const {
  if (average_length_ != 0) return average_length_ >> 12U;
  const std::uint32_t needed = duration(best_[0]);
  return needed > 400'000 ? 2 : needed > 250'000 ? 4 : needed > 150'000 ? 8 : 16;
}

std::uint32_t MinstrelHt::throughput(RateId id) {
  RateStats& stats = at(id);
  if (stats.throughput_at != stats.success.out) {
    stats.throughput_at = stats.success.out;
    stats.throughput = minstrel_throughput(stats.success.out, length_in_use_, duration(id));
  }
  return stats.throughput;
}

// minstrel_ht_calc_rate_stats(): a rate that was not tried keeps what it had, for ever.
void MinstrelHt::update_rate(RateStats& stats) const {
  if (stats.attempts > 0) {
    const std::uint32_t more_successes = params_.windows > 1 ? stats.last_successes : 0;
    const std::uint32_t more_attempts = params_.windows > 1 ? stats.last_attempts : 0;
    stats.success.add(fraction(stats.successes + more_successes, stats.attempts + more_attempts));
    stats.ever_tried = true;
  }
  stats.last_attempts = stats.attempts;
  stats.last_successes = stats.successes;
  stats.attempts = stats.successes = 0;
  stats.tries_known = false;
}

void MinstrelHt::update_statistics(std::int64_t tick) {
  if (frames_ > 0) {
    if (params_.knows_aggregate_length) {
      const auto old = static_cast<std::int32_t>(average_length_);
      const auto now = static_cast<std::int32_t>(fraction(mpdus_, frames_));
      average_length_ = static_cast<std::uint32_t>(old + 32 * (now - old) / 128);
    } else {
      average_length_ = 0;
    }
    frames_ = mpdus_ = 0;
  }
  if (length_in_use_ != aggregate_length()) {
    length_in_use_ = aggregate_length();
    for (RateStats& stats : stats_) stats.throughput_at = minstrel_one + 1;
  }

  List best{};
  for (int group = 0; group < rates_.groups(); ++group) {
    List group_best;
    group_best.fill(RateSet::id_of(group, 0));
    std::uint16_t faster = 0;
    for (int mcs = RateSet::group_rates - 1; mcs >= 0; --mcs) {
      const RateId id = RateSet::id_of(group, mcs);
      if (!rates_.exists(id)) continue;
      RateStats& stats = at(id);
      update_rate(stats);
      // What works at a faster rate works at this one too, as long as nobody has tried.
      if (stats.ever_tried) {
        faster = std::max(faster, stats.success.out);
      } else {
        stats.success.out = std::max(faster, stats.success.out);
      }
      if (throughput(id) == 0) continue;
      sort_in(id, best);
      sort_in(id, group_best);
    }
    groups_[static_cast<std::size_t>(group)].best = group_best;
  }
  best_ = best;

  RateId probability = 0;
  for (int group = 0; group < rates_.groups(); ++group) {
    groups_[static_cast<std::size_t>(group)].best_probability = RateSet::id_of(group, 0);
    for (int mcs = 0; mcs < RateSet::group_rates; ++mcs) {
      const RateId id = RateSet::id_of(group, mcs);
      if (rates_.exists(id)) consider_for_probability(id, probability);
    }
  }
  best_probability_ = probability;
  prefer_fewer_streams();
  refill_samples();
  last_update_ = sample_at_ = tick;
}

// Into a list that is sorted by throughput, and by probability where that is equal.
void MinstrelHt::sort_in(RateId id, List& list) {
  const std::uint32_t mine = throughput(id);
  const std::uint16_t probability = at(id).success.out;
  std::size_t place = list.size();
  while (place > 0) {
    const RateId other = list[place - 1];
    const std::uint32_t theirs = throughput(other);
    if (mine < theirs || (mine == theirs && probability <= at(other).success.out)) break;
    --place;
  }
  if (place == list.size()) return;
  for (std::size_t i = list.size() - 1; i > place; --i) list[i] = list[i - 1];
  list[place] = id;
}

// minstrel_ht_set_best_prob_rate(): above 75 % the faster rate wins, else the surer one.
void MinstrelHt::consider_for_probability(RateId id, RateId& best) {
  const std::uint16_t probability = at(id).success.out;
  if (duration(best_[0]) > duration(id) && probability < at(best_[0]).success.out) return;
  Group& group = groups_[static_cast<std::size_t>(RateSet::group_of(id))];
  if (probability > fraction(75, 100)) {
    const std::uint32_t mine = throughput(id);
    if (mine > throughput(best)) best = id;
    if (mine > throughput(group.best_probability)) group.best_probability = id;
  } else {
    if (probability > at(best).success.out) best = id;
    if (probability > at(group.best_probability).success.out) group.best_probability = id;
  }
}

void MinstrelHt::prefer_fewer_streams() {
  const int most = rates_.streams(RateSet::group_of(best_[0]));
  std::uint32_t highest = 0;
  for (int group = 0; group < rates_.groups(); ++group) {
    if (rates_.streams(group) >= most) continue;
    const RateId id = groups_[static_cast<std::size_t>(group)].best_probability;
    if (highest >= throughput(id)) continue;
    highest = throughput(id);
    best_probability_ = id;
  }
}

void MinstrelHt::downgrade(RateId& id, bool primary) const {
  const int from = RateSet::group_of(id);
  for (int group = from - 1; group >= 0; --group) {
    if (rates_.streams(group) > rates_.streams(from)) continue;
    id = groups_[static_cast<std::size_t>(group)].best[primary ? 0 : 1];
    return;
  }
}

void MinstrelHt::update_chain() {
  chain_ = {stage(best_[0], true), stage(best_[1], false), stage(best_[2], false),
            stage(best_probability_, false)};
}

Stage MinstrelHt::stage(RateId id, bool first) {
  RateStats& stats = at(id);
  if (!stats.tries_known) count_tries(id);
  const bool unlikely = stats.success.out < fraction(20, 100);
  return {.rate = id, .tries = unlikely ? 2 : first ? stats.tries : stats.tries_with_rts};
}

// minstrel_calc_retransmit(): as many tries as fit into a segment. Fallback rates are sent behind
// RTS and CTS, which fit in less often.
void MinstrelHt::count_tries(RateId id) {
  RateStats& stats = at(id);
  if (stats.success.out < fraction(1, 10)) {
    stats.tries = stats.tries_with_rts = 1;
    return;
  }
  stats.tries = stats.tries_with_rts = 2;
  stats.tries_known = true;
  constexpr std::uint32_t slot_us = 9;
  std::uint32_t window = 15;
  const auto contention = [&window] {
    const std::uint32_t mean = slot_us * window >> 1U;
    window = std::min(window << 1U | 1U, 1023U);
    return mean;
  };
  const std::uint32_t data = duration(id) * aggregate_length() / 1000;
  std::uint32_t waited = contention();
  waited += contention();
  std::uint32_t time = waited + 2 * (overhead_us + data);
  std::uint32_t time_with_rts = waited + 2 * (overhead_rts_us + data);
  do {
    const std::uint32_t wait = contention();
    time += wait + overhead_us + data;
    time_with_rts += wait + overhead_rts_us + data;
    if (time_with_rts < segment_us) ++stats.tries_with_rts;
  } while (time < segment_us && ++stats.tries < params_.max_tries);
}

}  // namespace pianissimo::sim
