#include "experiments/policies/transmissions.hpp"

#include <algorithm>

namespace pianissimo::policies {

std::optional<Transmissions> transmissions_between(const StationTotals& from,
                                                   const StationTotals& to) {
  if (!from.tx_packets || !to.tx_packets || !from.tx_retries || !to.tx_retries) return std::nullopt;
  const std::uint64_t packets = *to.tx_packets - *from.tx_packets;
  const std::uint64_t failed = from.tx_failed && to.tx_failed ? *to.tx_failed - *from.tx_failed : 0;
  // The repetitions of a packet are counted before the packet itself.
  return Transmissions{.attempts = packets + (*to.tx_retries - *from.tx_retries),
                       .delivered = packets - std::min(packets, failed)};
}

std::map<MacAddress, Transmissions> TransmissionMeter::on_reading(
    std::span<const StationView> stations) {
  std::map<MacAddress, Transmissions> out;
  std::map<MacAddress, StationTotals> now;
  for (const StationView& view : stations) {
    const auto before = totals_.find(view.station);
    if (before != totals_.end()) {
      if (const auto sent = transmissions_between(before->second, view.totals)) {
        out.emplace(view.station, *sent);
      }
    }
    now.emplace(view.station, view.totals);
  }
  totals_ = std::move(now);
  return out;
}

}  // namespace pianissimo::policies
