#include "experiments/sim/counters.hpp"

#include <cmath>

namespace pianissimo::sim {

StationCounters::StationCounters(const CountersPlan& plan)
    : plan_{plan},
      burst_{std::llround(plan.burst_ms * 1e6)},
      // Not in step with whoever reads at whole seconds.
      renewed_until_{Instant{} + burst_ / 3} {}

// What is shown is what was counted when the last burst came: before whatever is counted now.
void StationCounters::keep_up(Instant now) {
  if (burst_ == Duration{0} || now < renewed_until_) return;
  shown_ = counts_;
  renewed_until_ += burst_ * ((now - renewed_until_) / burst_ + 1);
}

void StationCounters::tried(Instant now, Duration airtime, int again) {
  keep_up(now);
  counts_.airtime += airtime;
  if (plan_.retries != CountersPlan::Retries::frame) {
    counts_.retries += static_cast<std::uint32_t>(again);
  }
}

void StationCounters::finished(Instant now, int tries, int mpdus, std::uint64_t bytes, int failed) {
  keep_up(now);
  counts_.packets += static_cast<std::uint32_t>(mpdus);
  counts_.bytes += bytes;
  counts_.failed += static_cast<std::uint32_t>(failed);
  if (plan_.retries == CountersPlan::Retries::frame) {
    counts_.retries += static_cast<std::uint32_t>(tries - 1);
  }
}

void StationCounters::show(Instant now, StationSample& out) {
  keep_up(now);
  const Counts& shown = burst_ == Duration{0} ? counts_ : shown_;
  out.tx_bytes = shown.bytes;
  out.tx_packets = shown.packets;
  if (plan_.retries != CountersPlan::Retries::none) out.tx_retries = shown.retries;
  if (plan_.failed != CountersPlan::Failed::none) {
    out.tx_failed = plan_.failed == CountersPlan::Failed::retries ? shown.retries : shown.failed;
  }
  out.tx_duration = std::chrono::duration_cast<std::chrono::microseconds>(shown.airtime);
}

}  // namespace pianissimo::sim
