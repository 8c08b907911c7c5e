// What rate controls share: the chain of rates a frame is sent with, and what became of it.
#pragma once

#include <array>
#include <cstdint>

#include "controller/core/time.hpp"
#include "experiments/sim/rates.hpp"

namespace pianissimo::sim {

/// One stage of a retry chain; `no_rate` ends the chain.
struct Stage {
  RateId rate = no_rate;
  int tries = 0;
  friend bool operator==(const Stage&, const Stage&) = default;
};
using Chain = std::array<Stage, 4>;

/// What the hardware tells of one frame or aggregate (ieee80211_tx_info.status).
struct TxStatus {
  Chain used;     ///< tries made per stage
  int mpdus = 1;  ///< ampdu_len
  int acked = 0;  ///< ampdu_ack_len: of the last try
};

/// What a station's rate control exports and uses; the station owns one.
class RateControl {
 public:
  virtual ~RateControl() = default;
  /// The rates to send the next frame with.
  virtual Chain next_chain(Instant now) = 0;
  virtual void on_status(Instant now, const TxStatus& status) = 0;
  /// NL80211_STA_INFO_EXPECTED_THROUGHPUT as mac80211 tells it, kbit/s; 0: the attribute is absent.
  virtual std::uint32_t expected_kbps() const = 0;
};

}  // namespace pianissimo::sim
