// A bit rate set by hand, as nl80211's bit rate mask does it (NL80211_CMD_SET_TX_BITRATE_MASK): the
// baseline beside a rate control that chooses.
#pragma once

#include <optional>
#include <string_view>

#include "experiments/sim/rate_control.hpp"

namespace pianissimo::sim {

/// A mask that leaves one rate: MCS, streams and guard interval. The width is the link's.
struct MaskedRate {
  int mcs = 0;                 ///< of each stream, 0..9, for HT as well
  std::optional<int> streams;  ///< 1..3; nullopt: as many as access point and station have
  bool short_gi = true;        ///< where the station can
  friend bool operator==(const MaskedRate&, const MaskedRate&) = default;
};

inline constexpr MaskedRate slowest_bit_rate{.mcs = 0, .streams = 1, .short_gi = false};

/// "slowest", "7" (MCS 7, all streams), "7x1" (MCS 7, one stream); nullopt: none of these.
std::optional<MaskedRate> parse_bit_rate(std::string_view text);

/// The one rate of `rates` that the mask leaves. A station that has not so many streams is sent
/// with those it has; a rate that does not exist (VHT MCS 9 in 20 MHz, HT above MCS 7) gives way to
/// the next slower one, as in mac80211 (rate_idx_match_mask()).
RateId rate_of(const RateSet& rates, const MaskedRate& rate);

/// Sends with that rate and learns nothing.
class FixedRate final : public RateControl {
 public:
  FixedRate(const RateSet& rates, const MaskedRate& rate);

  /// Seven tries: dot11ShortRetryLimit, wiphy::retry_short of mac80211.
  Chain next_chain(Instant now) override;
  void on_status(Instant, const TxStatus&) override {}
  /// Nobody estimates.
  std::uint32_t expected_kbps() const override { return 0; }

 private:
  RateId rate_;
};

}  // namespace pianissimo::sim
