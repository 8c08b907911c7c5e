#include "experiments/import/traffic_table.hpp"

#include <algorithm>

namespace pianissimo::capture {

std::optional<double> TrafficTable::Mean::value() const {
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

void TrafficTable::take(Instant at, const Frame& frame) {
  if (!start_) start_ = at;
  if (at < *start_) ++late_;
  if (at >= *start_ + bin_) {
    finish();
    *start_ += (at - *start_) / bin_ * bin_;
  }
  const bool repeats = is_repetition(frame);
  for (const Crossing& crossing : frame.crossings) {
    Sums& sums = sums_[{crossing.station, crossing.direction}];
    if (!repeats) {
      sums.bytes += frame.payload;
      sums.packets += frame.packets;
    }
    if (frame.is_retry) ++sums.retries;
    if (frame.rate) sums.rate_mbps.add(frame.rate->mbps());
    if (frame.signal) sums.signal_dbm.add(frame.signal->value());
  }
}

void TrafficTable::finish() {
  for (const auto& [key, sums] : sums_) {
    row_({.start = *start_,
          .crossing = {key.first, key.second},
          .bytes = sums.bytes,
          .packets = sums.packets,
          .retries = sums.retries,
          .rate_mbps = sums.rate_mbps.value(),
          .signal_dbm = sums.signal_dbm.value()});
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
