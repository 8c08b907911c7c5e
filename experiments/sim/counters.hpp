// What a driver counts of its transmissions to a station, and when it shows it.
#pragma once

#include <cstdint>

#include "controller/core/station.hpp"

namespace pianissimo::sim {

struct CountersPlan {
  /// What NL80211_STA_INFO_TX_RETRIES counts.
  enum class Retries : std::uint8_t {
    mpdu,   ///< each MPDU that has to be sent again, also of a partly received aggregate
    frame,  ///< each repeated try of a frame or aggregate: mac80211's own counter
    none,   ///< the attribute is absent
  } retries = Retries::mpdu;
  /// What NL80211_STA_INFO_TX_FAILED counts.
  enum class Failed : std::uint8_t {
    mpdu,     ///< each MPDU that is given up
    retries,  ///< every retry (mt7986: openwrt/openwrt #18703)
    none,     ///< the attribute is absent
  } failed = Failed::mpdu;
  /// Counters are renewed only so often, all at once: drivers that ask their firmware. 0: always
  /// fresh; 0..60000.
  double burst_ms = 0;
};

/// One association's worth.
class StationCounters {
 public:
  explicit StationCounters(const CountersPlan& plan);

  /// One try of some MPDUs: time on the air, and those that have to be sent again.
  void tried(Instant now, Duration airtime, int again);
  /// The exchange is over after so many tries; of the MPDUs that left the queue some failed.
  void finished(Instant now, int tries, int mpdus, std::uint64_t bytes, int failed);
  /// Fills in packets, bytes, retries, failures and airtime as they are shown now.
  void show(Instant now, StationSample& out);

 private:
  struct Counts {
    std::uint64_t bytes = 0;
    std::uint32_t packets = 0;
    std::uint32_t retries = 0;
    std::uint32_t failed = 0;
    Duration airtime{};
  };

  void keep_up(Instant now);

  CountersPlan plan_;
  Duration burst_;
  Instant renewed_until_{};  // of bursts: when the next one comes
  Counts counts_;
  Counts shown_;  // of bursts
};

}  // namespace pianissimo::sim
