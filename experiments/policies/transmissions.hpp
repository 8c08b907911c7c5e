// What the counters say of frames on the air between two readings.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "controller/core/policy.hpp"

namespace pianissimo::policies {

struct Transmissions {
  std::uint64_t attempts = 0;   ///< first tries and repetitions
  std::uint64_t delivered = 0;  ///< acknowledged; never more than attempts

  /// 1 without any attempt.
  double success() const {
    return attempts == 0 ? 1.0 : static_cast<double>(delivered) / static_cast<double>(attempts);
  }
  Transmissions& operator+=(const Transmissions& other) {
    attempts += other.attempts;
    delivered += other.delivered;
    return *this;
  }
  friend bool operator==(const Transmissions&, const Transmissions&) = default;
};

/// Between two totals of one station; nullopt if packets or retries are not counted. Without a
/// counter of failures all packets count as delivered.
std::optional<Transmissions> transmissions_between(const StationTotals& from,
                                                   const StationTotals& to);

/// Remembers the totals of the last reading, and says what each station was sent since.
class TransmissionMeter {
 public:
  /// Stations that were in the last reading, too, and whose transmissions are counted.
  std::map<MacAddress, Transmissions> on_reading(std::span<const StationView> stations);
  void forget(const MacAddress& station) { totals_.erase(station); }
  void clear() { totals_.clear(); }

 private:
  std::map<MacAddress, StationTotals> totals_;
};

}  // namespace pianissimo::policies
