// What an access point receives of a station, and what mac80211 remembers of it. A station's own
// frames are measurements only: they take no airtime and carry nothing.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/core/time.hpp"
#include "controller/core/units.hpp"
#include "experiments/sim/random.hpp"

namespace pianissimo::sim {

struct UplinkParams {
  /// Keep-alives, ARP, power-save frames: at random times, whatever else goes on, 0..1000.
  double frames_per_second = 2;
  /// And so many for each MPDU that is delivered to the station (TCP's answers), 0..1.
  double share = 0.05;
  double signal_noise_db = 1.5;  ///< standard deviation of one frame's reading, 0..10
  /// Standard deviation of the slow difference between up- and downlink, 0..10.
  double reciprocity_sd_db = 1.5;
  double reciprocity_tau_s = 60;  ///< and its time constant, 0.1..10000
  friend bool operator==(const UplinkParams&, const UplinkParams&) = default;
};

/// The signal of one kind of frames as mac80211 keeps it (sta_info.h: DECLARE_EWMA(signal, 10, 8)
/// and DECLARE_EWMA(avg_signal, 10, 8)).
class SignalReading {
 public:
  void take(double level_dbm);
  /// Of the last frame, whole dBm.
  std::optional<Dbm> last() const { return last_; }
  /// An eighth of each new one, in 1024ths of a dB; cut to whole dBm.
  std::optional<Dbm> average() const;

 private:
  std::optional<Dbm> last_;
  std::uint32_t average_ = 0;  // 1024ths of a dB below 0 dBm
};

/// When a station sends, and how its way back differs from the way to it. The times of its own
/// frames and the difference are functions of the seed and of time alone.
class Uplink {
 public:
  /// `start`: of the measured part; the difference is held before. `station`: from 0.
  Uplink(const UplinkParams& params, std::uint64_t seed, int station, Instant start);

  /// When the next frame comes that nothing has asked for.
  Instant next_frame() const { return next_frame_; }
  void frame_sent();
  /// Whole frames that are due now that so many more MPDUs have been delivered.
  int answers(int delivered);

  /// dB by which the way back is better. `now` never decreases.
  double offset_db(Instant now) {
    while (now >= next_offset_) draw_offset();
    return offset_db_;
  }
  /// dB to be added to the level of the frame that is read now.
  double reading_noise_db() { return params_.signal_noise_db * noise_.gauss(); }
  /// Is a frame lost that is lost with this chance?
  bool is_lost(double chance) { return chance > 0 && noise_.unit() < chance; }

 private:
  void draw_offset();

  UplinkParams params_;
  Random frames_;
  Random offsets_;
  Random noise_;
  Instant next_frame_ = Instant::max();
  double owed_ = 0;
  double offset_db_ = 0;
  double kept_ = 0;  // of the offset, from one second to the next
  Instant next_offset_;
};

}  // namespace pianissimo::sim
