#include "experiments/sim/hardware_rate.hpp"

#include <algorithm>
#include <utility>

namespace pianissimo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration window = 50ms;
constexpr int windows_before_up = 6;

}  // namespace

HardwareRate::HardwareRate(const RateSet& rates) : rates_{rates} {
  // SNR over all streams that a rate needs: rates that are slower and need more are left out.
  std::vector<std::pair<double, RateId>> by_need;
  for (RateId id = 0; id < rates.size(); ++id) {
    if (!rates.exists(id)) continue;
    const testbed::Rate rate = rates.rate(id);
    const double needs = -testbed::stream_snr_db(rate, 0, {});
    double snr = -10;
    while (testbed::packet_error_rate(rate, snr, 1500) > 0.1) snr += 0.25;
    by_need.emplace_back(needs + snr, id);
  }
  std::ranges::sort(by_need);
  for (const auto& [need, id] : by_need) {
    if (ladder_.empty() || rates.duration_ns(id) < rates.duration_ns(ladder_.back())) {
      ladder_.push_back(id);
    }
  }
  rung_ = ladder_.size() / 2;
}

Chain HardwareRate::next_chain(Instant) {
  Chain chain;
  chain[0] = {.rate = ladder_[rung_], .tries = 4};
  chain[1] = {.rate = ladder_[rung_ - std::min<std::size_t>(rung_, 2)], .tries = 4};
  chain[2] = {.rate = ladder_[0], .tries = 4};
  return chain;
}

void HardwareRate::on_status(Instant now, const TxStatus& status) {
  used_ = true;
  const Stage& first = status.used[0];
  const bool reached_first = status.used[1].tries == 0;
  attempts_ += first.tries * status.mpdus;
  acked_ += reached_first ? status.acked : 0;
  if (now < window_end_ || attempts_ == 0) return;
  const double loss = 1 - static_cast<double>(acked_) / attempts_;
  if (loss > 0.3) {
    rung_ -= std::min<std::size_t>(rung_, 1);
    good_windows_ = 0;
  } else if (loss > 0.1) {
    good_windows_ = 0;
  } else if (++good_windows_ >= windows_before_up && rung_ + 1 < ladder_.size()) {
    ++rung_;
    good_windows_ = 0;
  }
  attempts_ = acked_ = 0;
  window_end_ = now + window;
}

std::uint32_t HardwareRate::expected_kbps() const {
  if (!used_) return 0;
  const double mbps = testbed::data_rate_mbps(rates_.rate(ladder_[rung_]));
  auto airtime_ns = static_cast<std::uint64_t>(1024 * 8 * 1000 / mbps);
  airtime_ns += airtime_ns / 16;
  return static_cast<std::uint32_t>(std::uint64_t{1024} * 8 * 1'000'000 / airtime_ns);
}

}  // namespace pianissimo::sim
