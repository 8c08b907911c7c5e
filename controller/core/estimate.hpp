// What one station is delivered per airtime, from what two readings differ in. A bit rate and the
// share of transmissions that was acknowledged show a loss within one or two readings, where the
// kernel's own estimate needs half a second.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/core/policy.hpp"
#include "controller/core/retry_witness.hpp"

namespace pianissimo {

/// A frame as all estimates take it: 1200 bytes (minstrel_ht's AVG_PKT_SIZE).
inline constexpr double frame_bits = 8.0 * 1200;

/// Where a throughput comes from, and so what it can show.
enum class Provenance : std::uint8_t {
  none,       ///< nothing can be told of this station
  minstrel,   ///< the kernel's estimate alone: slow, and blind to losses below a tenth
  estimated,  ///< the bit rate alone (retries are not counted): it holds no loss
  delivery,   ///< bit rate and the share of transmissions that was acknowledged
  airtime,    ///< packets per airtime as the driver counts both (where it counts no retries)
};

/// What one station was delivered between two readings.
struct Delivery {
  /// The counters stood still since then: what is told happened in between. A driver that polls its
  /// hardware's counters shows nothing for a while, and then a lot.
  Instant from;
  Instant at;
  std::uint64_t transmissions = 0;  ///< first tries and repetitions, never 0
  double acknowledged = 1;          ///< share of them, 0..1
  Throughput rate;                  ///< bit rate of the last transmission
  bool is_top_rate = false;         ///< no faster rate is known of this station
  Throughput throughput;            ///< per airtime, if every frame were one of a full aggregate
  Provenance provenance = Provenance::none;
};

/// Follows one station from reading to reading.
class StationEstimator {
 public:
  /// The next reading; nullopt if nothing was sent to the station since the last, or nothing can be
  /// told of it.
  std::optional<Delivery> on_reading(Instant at, const StationView& view);
  /// The station has associated anew: its counters begin at zero. How its driver counts is known.
  void restart();

 private:
  struct Counted {
    std::uint64_t packets = 0;
    std::uint64_t retries = 0;
    std::uint64_t failed = 0;
  };
  std::optional<Counted> growth(const StationTotals& totals);
  bool believes_failures(const Counted& grown);

  std::optional<StationTotals> before_;
  Instant changed_{};
  Counted sums_;
  RetryWitness witness_;
  Throughput fastest_;
  std::optional<std::chrono::microseconds> airtime_;
};

/// Delivered bits per airtime at this bit rate when `acknowledged` of the transmissions succeed: a
/// frame and its share of what an exchange costs besides
/// (contention, preamble, block acknowledgement) in an aggregate of 32. A retry costs as much as a
/// first try, and twice the rate is less than twice the throughput.
Throughput throughput_of(Throughput rate, double acknowledged);

/// True if no faster MCS exists in this format: HT 7 (of each stream), VHT 9 (8 in 20 MHz), HE 11,
/// EHT 13. A legacy rate never is.
bool is_top_mcs(const BitRate& rate);

}  // namespace pianissimo
