// The radiotap header before a captured 802.11 frame (radiotap.org). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "controller/core/station.hpp"
#include "controller/core/units.hpp"

namespace pianissimo::capture {

struct Radiotap {
  std::uint32_t length = 0;  ///< of the header
  bool has_fcs = false;      ///< the frame ends with its FCS
  bool has_bad_fcs = false;
  bool has_data_pad = false;    ///< zeros between MAC header and payload, to a multiple of 4 bytes
  std::optional<BitRate> rate;  ///< legacy, HT, VHT, HE or EHT
  std::optional<Dbm> signal;    ///< of all antennas together, else of the first
  std::optional<Dbm> power;     ///< dBm TX power; the attenuations are relative, and no power
  bool has_impossible_power = false;  ///< it tells one that is not plausible, and left out
  /// Of a frame that was sent by who captured it: its status (Linux: ieee80211_tx_monitor()).
  std::optional<std::uint8_t> data_retries;  ///< how often it was sent after the first time
  std::optional<bool> has_failed;            ///< TX flags: it was never acknowledged
  bool is_without_ack = false;               ///< TX flags: no acknowledgement was asked for
};

/// What lies beyond these is no power.
inline constexpr Dbm lowest_power = dbm(-100);
inline constexpr Dbm highest_power = dbm(100);

/// nullopt: no radiotap header, or not all of one.
std::optional<Radiotap> read_radiotap(std::span<const std::uint8_t> bytes);

}  // namespace pianissimo::capture
