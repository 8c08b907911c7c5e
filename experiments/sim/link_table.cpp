#include "experiments/sim/link_table.hpp"

#include <algorithm>
#include <cmath>

namespace pianissimo::sim {
namespace {

constexpr int fcs_bytes = 4;
constexpr int ack_bytes = 14;
constexpr int block_ack_bytes = 32;

Duration to_duration(testbed::Micros micros) {
  return Duration{static_cast<std::int64_t>(micros.count() * 1000)};
}

// Within an aggregate every MPDU has a delimiter and is padded to four bytes.
int psdu_bytes(int frame_bytes, int mpdus) {
  const int mpdu = frame_bytes + fcs_bytes;
  return mpdus == 1 ? mpdu : mpdus * (4 + (mpdu + 3) / 4 * 4);
}

}  // namespace

LinkTable::LinkTable(const Capability& capability, const LinkParams& params)
    : rates_{capability},
      params_{params},
      stride_{static_cast<std::size_t>(params.aggregate) + 1},
      answer_noise_dbm_{-testbed::stream_snr_db(testbed::control_rate, 0, params.receiver)} {
  for (int mcs = 0; mcs < RateSet::group_rates; ++mcs) {
    const testbed::Rate rate{.modulation = testbed::Modulation::vht, .mcs = mcs};
    Curve& curve = loss_.at(static_cast<std::size_t>(mcs));
    for (std::size_t i = 0; i < curve.size(); ++i) {
      curve[i] = static_cast<float>(
          testbed::packet_error_rate(rate, snr_of(i), params.frame_bytes + fcs_bytes));
    }
  }
  for (std::size_t i = 0; i < answer_loss_.size(); ++i) {
    answer_loss_[i] = static_cast<float>(testbed::packet_error_rate(
        testbed::control_rate, snr_of(i), params.aggregate > 1 ? block_ack_bytes : ack_bytes));
  }
  for (RateId id = 0; id < rates_.size(); ++id) {
    const testbed::Rate rate = rates_.rate(id);
    noise_dbm_.push_back(-testbed::stream_snr_db(rate, 0, params.receiver));
    int most = 1;
    data_time_.push_back({});
    for (int n = 1; n <= params.aggregate; ++n) {
      const auto time = testbed::ppdu_duration(rate, psdu_bytes(params.frame_bytes, n));
      data_time_.push_back(to_duration(time));
      if (time <= params.longest) most = n;
    }
    most_mpdus_.push_back(most);
  }
  const auto answer = [](int bytes) {
    return to_duration(testbed::sifs + testbed::ppdu_duration(testbed::control_rate, bytes));
  };
  ack_time_ = answer(ack_bytes);
  block_ack_time_ = answer(block_ack_bytes);
  fill_capacity();
}

// What a rate loses on average over the gains of single transmissions: the normal distribution up
// to three standard deviations, in quarters of one.
LinkTable::Curve LinkTable::mean_loss(const Curve& loss) const {
  Curve out{};
  double weights = 0;
  for (int quarter = -12; quarter <= 12; ++quarter) {
    const double weight = std::exp(-0.5 * quarter * quarter / 16);
    weights += weight;
    const auto shift =
        static_cast<std::ptrdiff_t>(std::lround(quarter * params_.packet_sd_db * per_db / 4));
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto last = static_cast<std::ptrdiff_t>(loss.size()) - 1;
      const auto from = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(i) + shift, 0, last);
      out[i] += static_cast<float>(weight) * loss[static_cast<std::size_t>(from)];
    }
  }
  for (float& mean : out) mean = std::min(1.0F, mean / static_cast<float>(weights));
  return out;
}

void LinkTable::fill_capacity() {
  std::array<Curve, RateSet::group_rates> mean{};
  for (std::size_t m = 0; m < mean.size(); ++m) mean[m] = mean_loss(loss_[m]);
  const Duration wait = to_duration(
      testbed::aifs + testbed::slot * (static_cast<double>(testbed::contention_window_min) / 2));
  capacity_.assign(static_cast<std::size_t>((rssi_high - rssi_low) * rssi_per_db) + 1, 0);
  for (RateId id = 0; id < rates_.size(); ++id) {
    if (!rates_.exists(id)) continue;
    const int n = most_mpdus(id);
    const double us =
        std::chrono::duration<double, std::micro>(wait + data_time(id, n) + answer_time(n)).count();
    const double full = 8.0 * params_.frame_bytes * n / us;
    const Curve& curve = mean[static_cast<std::size_t>(id % RateSet::group_rates)];
    for (std::size_t i = 0; i < capacity_.size(); ++i) {
      const double rssi = rssi_low + static_cast<double>(i) / rssi_per_db;
      const double got = full * (1 - looked_up(curve, rssi - noise_dbm_[id]));
      capacity_[i] = std::max(capacity_[i], static_cast<float>(got));
    }
  }
  for (std::size_t i = 1; i < capacity_.size(); ++i) {
    capacity_[i] = std::max(capacity_[i], capacity_[i - 1]);
  }
}

double LinkTable::capacity_mbps(double rssi_dbm) const {
  const double place = std::clamp((rssi_dbm - rssi_low) * rssi_per_db, 0.0,
                                  static_cast<double>(capacity_.size() - 1));
  const auto i = std::min(static_cast<std::size_t>(place), capacity_.size() - 2);
  const double share = place - static_cast<double>(i);
  return (1 - share) * static_cast<double>(capacity_[i]) +
         share * static_cast<double>(capacity_[i + 1]);
}

double LinkTable::rssi_for(double capacity_mbps) const {
  const auto found =
      std::lower_bound(capacity_.begin(), capacity_.end(), static_cast<float>(capacity_mbps));
  return rssi_low + static_cast<double>(found - capacity_.begin()) / rssi_per_db;
}

}  // namespace pianissimo::sim
