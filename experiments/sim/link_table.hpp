// What a link of given abilities costs and risks at a given signal: tables, since a simulated
// minute asks millions of times.
#pragma once

#include <array>
#include <vector>

#include "controller/core/time.hpp"
#include "experiments/sim/rates.hpp"

namespace pianissimo::sim {

struct LinkParams {
  int frame_bytes = 1238;  ///< on the air, without FCS; 64..2304
  int aggregate = 32;      ///< most MPDUs in one transmission, 1..64; 1: no aggregates
  testbed::Micros longest = testbed::ppdu_max;  ///< no aggregate takes longer
  /// Gain that differs from transmission to transmission, dB (see FadingParams::packet_sd_db).
  double packet_sd_db = 1.2;
  testbed::Receiver receiver;
  friend bool operator==(const LinkParams& a, const LinkParams& b) {
    return a.frame_bytes == b.frame_bytes && a.aggregate == b.aggregate && a.longest == b.longest &&
           a.packet_sd_db == b.packet_sd_db &&
           a.receiver.noise_figure_db == b.receiver.noise_figure_db &&
           a.receiver.stream_penalty_db == b.receiver.stream_penalty_db;
  }
};

class LinkTable {
 public:
  LinkTable(const Capability& capability, const LinkParams& params);

  const RateSet& rates() const { return rates_; }
  const LinkParams& params() const { return params_; }

  /// Chance that an MPDU is lost when the whole signal arrives with `rssi_dbm` (less what
  /// interference adds to the noise).
  double loss(RateId id, double rssi_dbm) const {
    return looked_up(loss_[static_cast<std::size_t>(id % RateSet::group_rates)],
                     rssi_dbm - noise_dbm_[id]);
  }
  /// Chance that the answer (ACK or BlockAck) is lost.
  double answer_loss(double rssi_dbm) const {
    return looked_up(answer_loss_, rssi_dbm - answer_noise_dbm_);
  }

  /// Preamble and data of a transmission.
  Duration data_time(RateId id, int mpdus) const {
    return data_time_[static_cast<std::size_t>(id) * stride_ + static_cast<std::size_t>(mpdus)];
  }
  /// SIFS and answer, which are waited for when none comes, too.
  Duration answer_time(int mpdus) const { return mpdus > 1 ? block_ack_time_ : ack_time_; }
  /// The MPDUs that fit into a transmission at this rate, 1..aggregate.
  int most_mpdus(RateId id) const { return most_mpdus_[id]; }

  /// Delivered bits per microsecond of airtime at the best of all rates: what a rate control that
  /// knew the channel would get. Grows with the signal.
  double capacity_mbps(double rssi_dbm) const;
  /// The weakest signal with this capacity.
  double rssi_for(double capacity_mbps) const;

 private:
  static constexpr double snr_low = -10;
  static constexpr double snr_high = 35;
  static constexpr int per_db = 16;
  using Curve = std::array<float, static_cast<std::size_t>((snr_high - snr_low) * per_db) + 1>;
  static constexpr double rssi_low = -105;
  static constexpr double rssi_high = -25;
  static constexpr int rssi_per_db = 10;

  static double snr_of(std::size_t i) { return snr_low + static_cast<double>(i) / per_db; }
  static double looked_up(const Curve& curve, double snr) {
    const double place = (snr - snr_low + 0.5 / per_db) * per_db;  // the nearest one
    if (place <= 0) return static_cast<double>(curve.front());
    const auto i = static_cast<std::size_t>(place);
    return static_cast<double>(i < curve.size() ? curve[i] : curve.back());
  }
  Curve mean_loss(const Curve& loss) const;
  void fill_capacity();

  RateSet rates_;
  LinkParams params_;
  std::size_t stride_;
  std::array<Curve, RateSet::group_rates> loss_{};
  Curve answer_loss_{};
  double answer_noise_dbm_;
  std::vector<double> noise_dbm_;  // what turns a signal into an SNR per stream
  std::vector<Duration> data_time_;
  std::vector<int> most_mpdus_;
  Duration ack_time_{};
  Duration block_ack_time_{};
  std::vector<float> capacity_;
};

}  // namespace pianissimo::sim
