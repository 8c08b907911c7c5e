#include "controller/core/station_model.hpp"

#include <algorithm>
#include <utility>

namespace pianissimo {
namespace {

// A 64-bit counter that went back has restarted: all it shows is new.
std::uint64_t growth(std::uint64_t before, std::uint64_t after) {
  return after >= before ? after - before : after;
}

// A 32-bit counter that went back has wrapped if it was high and is low (modular difference below
// half the range), else it has restarted.
std::uint64_t growth(std::uint32_t before, std::uint32_t after) {
  if (after >= before) return after - before;
  const std::uint32_t modular = after - before;
  return modular < 0x8000'0000u ? modular : after;
}

template <class Counter>
void add(std::optional<std::uint64_t>& total, const std::optional<Counter>& before,
         const std::optional<Counter>& after) {
  if (!after) return;
  // The first time a counter shows, what it holds belongs to the time before.
  if (!total) total = 0;
  if (before) *total += growth(*before, *after);
}

}  // namespace

std::string_view to_string(TrafficOrigin origin) {
  return origin == TrafficOrigin::bpf ? "bpf" : "nl80211";
}

bool StationModel::on(const StationSample& sample) {
  const bool anew =
      last_ && last_->connected && sample.connected && *sample.connected < *last_->connected;
  // Counters of a new association begin at zero: everything they show is new.
  StationSample zero;
  zero.tx_bytes = 0;
  zero.tx_packets = zero.tx_retries = zero.tx_failed = 0;
  const StationSample before = anew ? zero : last_.value_or(StationSample{});
  if (origin_ == TrafficOrigin::nl80211) {
    add(totals_.tx_bytes, before.tx_bytes, sample.tx_bytes);
  } else if (!std::exchange(is_counted_, false)) {
    // A total that stands still would say that the station is idle.
    totals_.tx_bytes.reset();
    counted_.reset();
  }
  add(totals_.tx_packets, before.tx_packets, sample.tx_packets);
  add(totals_.tx_retries, before.tx_retries, sample.tx_retries);
  add(totals_.tx_failed, before.tx_failed, sample.tx_failed);

  // A counter may be absent from one reading and back in the next: keep the last value seen.
  std::optional<StationSample> kept = last_;
  last_ = sample;
  if (kept && !anew) {
    if (!last_->tx_bytes) last_->tx_bytes = kept->tx_bytes;
    if (!last_->tx_packets) last_->tx_packets = kept->tx_packets;
    if (!last_->tx_retries) last_->tx_retries = kept->tx_retries;
    if (!last_->tx_failed) last_->tx_failed = kept->tx_failed;
  }
  return anew;
}

void StationModel::on(const TrafficSample& sample) {
  if (origin_ != TrafficOrigin::bpf) return;
  is_counted_ = true;
  add(totals_.tx_bytes, counted_, std::optional{sample.tx_bytes});
  counted_ = sample.tx_bytes;
}

void StationModel::count_by(TrafficOrigin origin) {
  if (origin == origin_) return;
  origin_ = origin;
  counted_.reset();
}

std::optional<Throughput> StationModel::expected_throughput() const {
  if (!last_ || !last_->expected_throughput || last_->expected_throughput->is_zero()) {
    return std::nullopt;
  }
  return last_->expected_throughput;
}

std::optional<std::uint64_t> bytes_between(const StationTotals& from, const StationTotals& to) {
  if (!to.tx_bytes) return std::nullopt;
  // Never below zero: a station may turn up on another interface of the radio, counted from there.
  return *to.tx_bytes - std::min(*to.tx_bytes, from.tx_bytes.value_or(0));
}

}  // namespace pianissimo
