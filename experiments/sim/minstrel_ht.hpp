// Minstrel-HT as Linux 6.x has it (net/mac80211/rc80211_minstrel_ht.c): the same statistics in the
// same integer arithmetic, the same sampling, the same chains. Written from its behaviour.
#pragma once

#include <vector>

#include "experiments/sim/random.hpp"
#include "experiments/sim/rate_control.hpp"

namespace pianissimo::sim {

/// Probabilities are fractions of this (MINSTREL_SCALE).
inline constexpr std::uint32_t minstrel_one = 1U << 12U;

struct MinstrelParams {
  /// Kernel ticks per second: statistics are renewed every hz / 20 + 1 ticks (52 ms at 250, 60 ms
  /// at 100), and only when a frame is finished. 100..1000.
  int hz = 250;
  /// Intervals that one input of the filter covers: 1 upstream; 2 with OpenWrt's patch 303.
  int windows = 1;
  /// False for mt7603 and mt7615 (TX_STATUS_NO_AMPDU_LEN): a fixed guess instead of the average.
  bool knows_aggregate_length = true;
  /// Most tries of one rate: max_rate_tries of the driver.
  int max_tries = 11;
  friend bool operator==(const MinstrelParams&, const MinstrelParams&) = default;
};

/// The success filter: two poles, 20 % overshoot.
struct SuccessFilter {
  std::uint16_t out = 0;     ///< prob_avg; 0: nothing was ever put in
  std::uint16_t before = 0;  ///< prob_avg_1
  void add(std::uint32_t in);
};

/// minstrel_ht_get_tp_avg(): packets per second / 10.
std::uint32_t minstrel_throughput(std::uint32_t probability, std::uint32_t aggregate_length,
                                  std::uint32_t duration_ns);
/// minstrel_ht_get_expected_throughput(), of that.
std::uint32_t minstrel_kbps(std::uint32_t throughput);

class MinstrelHt final : public RateControl {
 public:
  /// `rates` must outlive it.
  MinstrelHt(const RateSet& rates, const MinstrelParams& params, std::uint64_t seed);

  Chain next_chain(Instant now) override;
  void on_status(Instant now, const TxStatus& status) override;
  std::uint32_t expected_kbps() const override;

  // For tests and for the curious.
  std::uint32_t probability(RateId id) const { return at(id).success.out; }
  RateId best_throughput(int place = 0) const { return best_[static_cast<std::size_t>(place)]; }
  RateId best_probability() const { return best_probability_; }

 private:
  static constexpr int list_length = 4;      // MAX_THR_RATES
  static constexpr int sample_columns = 10;  // SAMPLE_COLUMNS
  static constexpr int sample_slots = 5;     // MINSTREL_SAMPLE_RATES
  using List = std::array<RateId, list_length>;
  using Slots = std::array<RateId, sample_slots>;
  enum Sample : std::uint8_t { inc, jump, slow };

  struct RateStats {
    SuccessFilter success;
    std::uint32_t attempts = 0;
    std::uint32_t successes = 0;
    std::uint32_t last_attempts = 0;
    std::uint32_t last_successes = 0;
    bool ever_tried = false;
    int tries = 0;  // retry_count, alone at the head of a chain
    int tries_with_rts = 0;
    bool tries_known = false;
    // The throughput of `throughput_at`, which is a division that is often asked for again.
    std::uint32_t throughput_at = minstrel_one + 1;
    std::uint32_t throughput = 0;
  };
  struct Group {
    List best{};
    RateId best_probability = 0;
    int column = 0;
    int row = 0;
  };

  RateStats& at(RateId id) { return stats_[id]; }
  const RateStats& at(RateId id) const { return stats_[id]; }
  std::int64_t ticks(Instant now) const;
  std::uint32_t aggregate_length() const;
  std::uint32_t throughput(RateId id);
  std::uint32_t duration(RateId id) const { return rates_.duration_ns(id); }

  void update_statistics(std::int64_t tick);
  void update_rate(RateStats& stats) const;
  void sort_in(RateId id, List& list);
  void consider_for_probability(RateId id, RateId& best);
  void prefer_fewer_streams();
  void downgrade(RateId& id, bool primary) const;
  void update_chain();
  Stage stage(RateId id, bool first);
  void count_tries(RateId id);

  void refill_samples();
  int keep_samples(Sample type, std::uint32_t fastest, std::uint32_t slowest);
  RateId next_inc(std::uint32_t fastest);
  RateId next_jump(std::uint32_t fastest, std::uint32_t slowest, int& slow_used);
  int first_faster(int group, std::uint32_t duration_ns) const;
  RateId next_of_group(int group, int from);
  bool is_slotted(Sample type, RateId id) const;
  RateId next_sample();

  const RateSet& rates_;
  MinstrelParams params_;
  std::vector<RateStats> stats_;
  std::vector<Group> groups_;
  std::array<std::array<std::uint8_t, RateSet::group_rates>, sample_columns> sample_table_{};
  List best_{};
  RateId best_probability_ = 0;
  Chain chain_{};
  std::int64_t tick_phase_;  // ns: the kernel's ticks do not begin with our time
  std::int64_t last_update_ = 0;
  std::int64_t sample_at_ = 0;
  std::uint32_t frames_ = 0;  // ampdu_packets, ampdu_len
  std::uint32_t mpdus_ = 0;
  std::uint32_t average_length_ = minstrel_one;
  std::uint32_t length_in_use_ = 1;
  std::array<Slots, 3> slots_{};
  std::array<int, 3> sample_group_{};
  int sample_turn_ = 0;
};

}  // namespace pianissimo::sim
