#include "experiments/testbed/medium/phy.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace pianissimo::testbed {
namespace {

// SNR in dB at which 1458 bytes are lost with these probabilities, per MCS: ns-3's AWGN tables
// (src/wifi/model/reference/error-rate-tables.cc), read at four points. LDPC serves HT and VHT
// (hwsim's netlink does not say which code a frame uses; hostapd offers LDPC), BCC serves OFDM.
constexpr int reference_bytes = 1458;
constexpr std::array<double, 4> reference_per{.9, .5, .1, .01};
using Waterfall = std::array<double, 4>;
constexpr std::array<Waterfall, 10> ldpc{{{-1.20, -0.94, -0.62, -0.29},
                                          {1.80, 2.07, 2.39, 2.71},
                                          {4.31, 4.57, 4.86, 5.15},
                                          {7.28, 7.55, 7.92, 8.25},
                                          {10.33, 10.61, 10.93, 11.23},
                                          {14.51, 14.78, 15.13, 15.47},
                                          {15.83, 16.15, 16.48, 16.86},
                                          {17.33, 17.65, 18.00, 18.42},
                                          {20.99, 21.29, 21.68, 22.05},
                                          {22.78, 23.09, 23.48, 23.93}}};
// 9 Mbit/s (BPSK 3/4) has no MCS of its own and needs about what QPSK 1/2 needs.
constexpr std::array<Waterfall, 8> bcc_ofdm{{{-0.23, 0.30, 0.92, 1.56},
                                             {2.74, 3.30, 3.94, 4.60},
                                             {2.74, 3.30, 3.94, 4.60},
                                             {5.20, 5.78, 6.43, 7.11},
                                             {8.31, 8.92, 9.70, 10.48},
                                             {11.53, 12.02, 12.80, 13.56},
                                             {15.58, 16.22, 17.04, 17.98},
                                             {16.91, 17.52, 18.38, 19.31}}};

constexpr std::array<double, 8> ofdm_mbps{6, 9, 12, 18, 24, 36, 48, 54};
// Data bits per 20 MHz OFDM symbol and stream; the last two exist for VHT only.
constexpr std::array<double, 10> bits_per_symbol{26,  52,  78,  104, 156,
                                                 208, 234, 260, 312, 1040.0 / 3};

double logit(double p) { return std::log(p / (1 - p)); }

const Waterfall& waterfall(const Rate& rate) {
  const auto mcs = static_cast<std::size_t>(rate.mcs);
  return rate.modulation == Modulation::ofdm ? bcc_ofdm.at(mcs) : ldpc.at(mcs);
}

double tones_ratio(int width_mhz) {
  switch (width_mhz) {
    case 40:
      return 108.0 / 52;
    case 80:
      return 234.0 / 52;
    case 160:
      return 468.0 / 52;
    default:
      return 1;
  }
}

double symbol_bits(const Rate& rate) {
  if (rate.modulation == Modulation::ofdm)
    return 4 * ofdm_mbps.at(static_cast<std::size_t>(rate.mcs));
  return std::floor(bits_per_symbol.at(static_cast<std::size_t>(rate.mcs)) *
                    tones_ratio(rate.width_mhz) * rate.streams);
}

double symbol_us(const Rate& rate) { return rate.short_gi ? 3.6 : 4.0; }

}  // namespace

Rate decode_rate(int index, std::uint16_t flags, std::uint32_t frequency_mhz) {
  Rate rate;
  rate.short_gi = (flags & RateFlags::short_gi) != 0;
  rate.width_mhz = (flags & RateFlags::mhz160) != 0  ? 160
                   : (flags & RateFlags::mhz80) != 0 ? 80
                   : (flags & RateFlags::mhz40) != 0 ? 40
                                                     : 20;
  index = std::max(index, 0);
  if ((flags & RateFlags::vht) != 0) {
    rate.modulation = Modulation::vht;
    rate.mcs = std::min(index & 15, 9);
    rate.streams = std::min((index >> 4) + 1, 4);
  } else if ((flags & RateFlags::ht) != 0) {
    rate.modulation = Modulation::ht;
    rate.mcs = index & 7;
    rate.streams = std::min((index >> 3) + 1, 4);
  } else {
    // On 2.4 GHz the four CCK rates come first; we let them be as robust as 6 Mbit/s.
    rate.short_gi = false;
    rate.mcs = std::clamp(frequency_mhz > 4000 ? index : index - 4, 0, 7);
  }
  return rate;
}

double noise_dbm(int width_mhz, const Receiver& receiver) {
  return -174 + 10 * std::log10(width_mhz * 1e6) + receiver.noise_figure_db;
}

double stream_snr_db(const Rate& rate, double rssi_dbm, const Receiver& receiver) {
  return rssi_dbm - noise_dbm(rate.width_mhz, receiver) - 10 * std::log10(rate.streams) -
         receiver.stream_penalty_db * (rate.streams - 1);
}

double packet_error_rate(const Rate& rate, double snr_db, int bytes) {
  // Between the points (and beyond them, with the outer slopes) logit(PER) is a straight line.
  const Waterfall& snr = waterfall(rate);
  std::size_t right = 1;
  while (right + 1 < snr.size() && snr_db > snr.at(right)) ++right;
  const double share = (snr_db - snr.at(right - 1)) / (snr.at(right) - snr.at(right - 1));
  const double from = logit(reference_per.at(right - 1));
  const double to = logit(reference_per.at(right));
  const double reference = 1 / (1 + std::exp(-(from + share * (to - from))));
  // IEEE 802.11-14/0803r1, as ns-3 does it: bits are lost independently of each other.
  return 1 - std::pow(1 - reference, static_cast<double>(bytes) / reference_bytes);
}

double data_rate_mbps(const Rate& rate) { return symbol_bits(rate) / symbol_us(rate); }

Micros ppdu_duration(const Rate& rate, int bytes) {
  // Legacy preamble and SIG: 20 us; HT adds SIG 8 + STF 4, VHT adds SIG-A 8 + STF 4 + SIG-B 4;
  // both add one training field of 4 us per stream (three streams train with four).
  const int training = 4 * (rate.streams == 3 ? 4 : rate.streams);
  const double preamble = rate.modulation == Modulation::ofdm ? 20
                          : rate.modulation == Modulation::ht ? 32 + training
                                                              : 36 + training;
  constexpr int service_and_tail_bits = 22;
  const double symbols = std::ceil((8.0 * bytes + service_and_tail_bits) / symbol_bits(rate));
  return Micros{preamble + symbols * symbol_us(rate)};
}

}  // namespace pianissimo::testbed
