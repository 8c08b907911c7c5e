// Does the power knob do anything? What is read back does not tell (openwrt/mt76 #633, #981,
// openwrt/openwrt #15968 accept every power and change nothing); what stations receive does.
#pragma once

#include "controller/core/station.hpp"

namespace pianissimo::anchor {

/// What a station is taken to send with, dBm; nl80211 does not tell.
inline constexpr double station_power = 17;

/// The weakest signal at which any receiver could be sent to at this rate without many losses: the
/// noise of its bandwidth at 290 K, a noise figure of 3 dB (better than any product's), the SNR
/// that the MCS needs with LDPC (IEEE 802.11-2020 and 802.11ax; ns-3's AWGN tables, half of 1458
/// byte frames lost), shared by the streams. nullopt for a legacy rate.
std::optional<double> weakest_dbm(const BitRate& rate);

/// True if no receiver could be served at this rate by this level: it would hear at least 3 dB less
/// than weakest_dbm(). `signal`, dBm, is that of the station, which is taken to send with
/// station_power over the same path.
bool is_impossible(const BitRate& rate, Dbm level, double signal);

}  // namespace pianissimo::anchor
