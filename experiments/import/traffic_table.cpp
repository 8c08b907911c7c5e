#include "experiments/import/traffic_table.hpp"

#include <algorithm>
#include <utility>

namespace pianissimo::capture {

std::optional<double> TrafficTable::Mean::value() const {
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

void TrafficTable::take(Instant at, const Frame& frame) {
  if (!start_) start_ = now_ = at;
  if (at < *start_) ++late_;
  if (at >= *start_ + bin_) {
    finish();
    *start_ += (at - *start_) / bin_ * bin_;
  }
  now_ = std::max(now_, at);
  // One that was given up may be sent once more, under its old number.
  const bool is_new = !frame.has_failed.value_or(false) && !is_repetition(frame);
  for (const Crossing& crossing : frame.crossings) {
    add(frame, is_new, sums_[{crossing.station, crossing.direction}]);
  }
}

void TrafficTable::add(const Frame& frame, bool is_new, Sums& to) const {
  if (is_new) {
    to.bytes += frame.payload;
    to.packets += frame.packets;
  }
  if (frame.has_failed) {
    to.failed = to.failed.value_or(0) + (*frame.has_failed ? frame.packets : 0);
  }
  // One whose status is known stands for all its transmissions, any other one for itself.
  const std::uint32_t told = frame.data_retries.value_or(0);
  const std::uint32_t retries = frame.is_retry ? std::max(told, 1U) : told;
  to.retries += retries;
  if (frame.wants_ack) {
    to.acknowledgeable += frame.data_retries ? retries + 1 : 1;
    to.acknowledgeable_retries += retries;
  }
  if (frame.rate) {
    to.rate_mbps.add(frame.rate->rate.mbps());
    to.last_rate = frame.rate;
  }
  if (frame.signal) to.signal_dbm.add(frame.signal->value());
  if (frame.power) {
    to.power_dbm.add(frame.power->value());
    if (to.powers.empty() || to.powers.back().power != *frame.power) {
      to.powers.push_back({now_, *frame.power});
    }
  }
}

void TrafficTable::finish() {
  for (auto& [key, sums] : sums_) {
    Row row{.start = *start_,
            .crossing = {key.first, key.second},
            .bytes = sums.bytes,
            .packets = sums.packets,
            .retries = sums.retries,
            .rate_mbps = sums.rate_mbps.value(),
            .signal_dbm = sums.signal_dbm.value(),
            .power_dbm = sums.power_dbm.value(),
            .failed = sums.failed,
            .last_rate = sums.last_rate,
            .powers = std::move(sums.powers)};
    if (sums.acknowledgeable > 0) {
      row.retry_share = static_cast<double>(sums.acknowledgeable_retries) /
                        static_cast<double>(sums.acknowledgeable);
    }
    row_(row);
  }
  sums_.clear();
}

bool TrafficTable::is_repetition(const Frame& frame) {
  if (!frame.sequence) return false;
  Recent& recent = sequences_[{frame.sender, frame.traffic_class}];
  const auto end = recent.numbers.begin() +
                   static_cast<std::ptrdiff_t>(std::min(recent.count, recent.numbers.size()));
  if (frame.is_retry && std::find(recent.numbers.begin(), end, *frame.sequence) != end) return true;
  recent.numbers[recent.count++ % recent.numbers.size()] = *frame.sequence;
  return false;
}

}  // namespace pianissimo::capture
