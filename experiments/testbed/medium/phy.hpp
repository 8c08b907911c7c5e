// The physical layer as formulas: what a rate costs in time, and what it risks at a given SNR.
#pragma once

#include <chrono>
#include <cstdint>

namespace pianissimo::testbed {

using Micros = std::chrono::duration<double, std::micro>;

enum class Modulation : std::uint8_t { ofdm, ht, vht };

/// A transmission rate. For `ofdm`, `mcs` counts 6, 9, 12, 18, 24, 36, 48, 54 Mbit/s from 0.
struct Rate {
  Modulation modulation = Modulation::ofdm;
  int mcs = 0;
  int streams = 1;
  int width_mhz = 20;
  bool short_gi = false;
  friend bool operator==(const Rate&, const Rate&) = default;
};

/// MAC80211_HWSIM_TX_RC_*: how hwsim describes the rates of a frame.
struct RateFlags {
  static constexpr std::uint16_t ht = 1U << 3;
  static constexpr std::uint16_t mhz40 = 1U << 5;
  static constexpr std::uint16_t short_gi = 1U << 7;
  static constexpr std::uint16_t vht = 1U << 8;
  static constexpr std::uint16_t mhz80 = 1U << 9;
  static constexpr std::uint16_t mhz160 = 1U << 10;
};

/// What `index` and `flags` of a frame sent at `frequency_mhz` mean; indices beyond the tables are
/// taken down to the last entry, so that no frame of the kernel can break the medium.
Rate decode_rate(int index, std::uint16_t flags, std::uint32_t frequency_mhz);

/// The rate of ACK and BlockAck answers: hostapd's basic rates end at 24 Mbit/s.
constexpr Rate control_rate{.modulation = Modulation::ofdm, .mcs = 4};

struct Receiver {
  /// Noise added by the receiver, dB, 0..20: 7 gives -94 dBm in 20 MHz (ns-3's default too).
  double noise_figure_db = 7;
  /// What separating one more spatial stream costs beyond the shared power, dB, 0..10. Our
  /// assumption: there is no single measured figure, it depends on the antennas.
  double stream_penalty_db = 3;
};

/// Thermal noise plus noise figure in `width_mhz`.
double noise_dbm(int width_mhz, const Receiver& receiver);

/// SNR that each spatial stream of `rate` sees when the whole signal arrives with `rssi_dbm`.
double stream_snr_db(const Rate& rate, double rssi_dbm, const Receiver& receiver);

/// Probability that a frame of `bytes` (with FCS) is lost at this SNR per stream.
double packet_error_rate(const Rate& rate, double snr_db, int bytes);

/// Data bits per second, in Mbit/s, without any overhead.
double data_rate_mbps(const Rate& rate);

/// Preamble and data of one transmission of `bytes` (with FCS, delimiters and padding).
Micros ppdu_duration(const Rate& rate, int bytes);

/// 5 GHz OFDM timing (also used on 2.4 GHz: short slots).
constexpr Micros slot{9};
constexpr Micros sifs{16};
/// EDCA of an AP's best effort queue, as hostapd sets it: AIFSN 3, windows 15..63. (With DCF's
/// 1023 a link that got worse would spend its time waiting: 20 tries of one frame take 75 ms.)
constexpr Micros aifs = sifs + 3 * slot;
constexpr int contention_window_min = 15;
constexpr int contention_window_max = 63;
/// aPPDUMaxTime of VHT: no aggregate may be longer.
constexpr Micros ppdu_max{5484};

}  // namespace pianissimo::testbed
