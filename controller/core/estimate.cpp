#include "controller/core/estimate.hpp"

#include <algorithm>

namespace pianissimo {
namespace {

// AIFS and mean backoff 111 us, preamble and training 44 us, SIFS and block acknowledgement 48 us
// (IEEE 802.11-2020, 5 GHz, EDCA best effort), shared by the 32 frames of a full aggregate.
constexpr double overhead_us = 203.0 / 32;
// With fewer packets aggregates are small, and what they cost is their preambles.
constexpr std::uint64_t enough_packets = 200;
// Fewer than these, and a share of them says little.
constexpr std::uint64_t enough_retries = 50;

std::uint64_t grown_by(const std::optional<std::uint64_t>& before,
                       const std::optional<std::uint64_t>& after) {
  if (!before || !after) return 0;
  return *after - std::min(*after, *before);
}

}  // namespace

Throughput throughput_of(Throughput rate, double acknowledged) {
  if (rate.bps() <= 0) return {};
  const double us = overhead_us + frame_bits / rate.mbps();
  return Throughput::from_bps(static_cast<std::int64_t>(1e6 * acknowledged * frame_bits / us));
}

bool is_top_mcs(const BitRate& rate) {
  if (!rate.mcs) return false;
  switch (rate.format) {
    case RateFormat::legacy:
      return false;
    case RateFormat::ht:
      return *rate.mcs % 8 == 7;
    case RateFormat::vht:
      return *rate.mcs >= (rate.width == Mhz{20} ? 8 : 9);
    case RateFormat::he:
      return *rate.mcs >= 11;
    case RateFormat::eht:
      return *rate.mcs >= 13;
  }
  return false;
}

std::optional<StationEstimator::Counted> StationEstimator::growth(const StationTotals& totals) {
  if (!before_ || !totals.tx_packets) return std::nullopt;
  return Counted{.packets = grown_by(before_->tx_packets, totals.tx_packets),
                 .retries = grown_by(before_->tx_retries, totals.tx_retries),
                 .failed = grown_by(before_->tx_failed, totals.tx_failed)};
}

// A frame fails after all its retries. A driver that shows as many failures as retries counts every
// retry as a failure (mt7986: openwrt/openwrt#18703).
bool StationEstimator::believes_failures(const Counted& grown) {
  sums_.retries += grown.retries;
  sums_.failed += grown.failed;
  if (sums_.retries > 100 * enough_retries) {
    sums_.retries /= 2;
    sums_.failed /= 2;
  }
  return sums_.retries < enough_retries || 10 * sums_.failed < 8 * sums_.retries;
}

void StationEstimator::restart() {
  const RetryWitness witness = witness_;
  *this = {};
  witness_ = witness;
}

std::optional<Delivery> StationEstimator::on_reading(Instant at, const StationView& view) {
  const auto grown = growth(view.totals);
  std::chrono::microseconds airtime{0};
  if (view.last != nullptr && view.last->tx_duration) {
    if (airtime_ && *view.last->tx_duration > *airtime_) {
      airtime = *view.last->tx_duration - *airtime_;
    }
    airtime_ = view.last->tx_duration;
  }
  const bool first = !before_;
  before_ = view.totals;
  if (first) changed_ = at;
  if (!grown || grown->packets + grown->retries == 0) return std::nullopt;
  Delivery out{.from = changed_, .at = at};
  changed_ = at;
  if (view.last == nullptr || !view.last->tx_rate) return std::nullopt;
  const std::uint64_t lost = believes_failures(*grown) ? grown->failed : 0;
  out.transmissions = grown->packets + grown->retries;
  out.acknowledged = static_cast<double>(grown->packets - std::min(grown->packets, lost)) /
                     static_cast<double>(out.transmissions);
  const BitRate& rate = *view.last->tx_rate;
  out.rate = rate.rate;
  fastest_ = std::max(fastest_, out.rate);
  out.is_top_rate = is_top_mcs(rate) && out.rate >= 0.98 * fastest_;
  const auto sent = static_cast<double>(out.transmissions);
  witness_.on_reading(
      {.at = at, .rate = out.rate, .transmissions = sent, .lost = sent * (1 - out.acknowledged)});
  out.provenance = view.totals.tx_retries && witness_.is_believed() ? Provenance::delivery
                                                                    : Provenance::estimated;
  out.throughput = throughput_of(out.rate, out.acknowledged);
  if (out.provenance == Provenance::delivery) return out;
  if (airtime > std::chrono::microseconds{0} && grown->packets >= enough_packets) {
    const double frames = out.acknowledged * static_cast<double>(grown->packets);
    const double us = static_cast<double>(airtime.count()) + frames * overhead_us;
    out.throughput =
        Throughput::from_bps(static_cast<std::int64_t>(1e6 * frames * frame_bits / us));
    out.provenance = Provenance::airtime;
  } else if (view.expected_throughput) {
    out.throughput = *view.expected_throughput;
    out.provenance = Provenance::minstrel;
  }
  return out;
}

}  // namespace pianissimo
