#include "experiments/testbed/medium/exchange.hpp"

#include <algorithm>
#include <bitset>
#include <cmath>

namespace pianissimo::testbed {
namespace {

constexpr int fcs_bytes = 4;
constexpr int ack_bytes = 14;
constexpr int block_ack_bytes = 32;
constexpr std::size_t largest_aggregate = 64;  // the BlockAck bitmap

Rate rate_of(const Stage& stage, const Transmission& transmission) {
  return decode_rate(stage.index, stage.flags, transmission.frequency_mhz);
}

// Within an aggregate every MPDU has a delimiter and is padded to four bytes.
int psdu_bytes(const Transmission& transmission, int mpdus) {
  const int mpdu = transmission.bytes + fcs_bytes;
  return mpdus == 1 ? mpdu : mpdus * (4 + (mpdu + 3) / 4 * 4);
}

double chance(std::mt19937_64& random) { return std::uniform_real_distribution<double>{}(random); }

double jitter(double sd, std::mt19937_64& random) {
  return sd > 0 ? std::normal_distribution<double>{0, sd}(random) : 0;
}

Micros contention(int window, std::mt19937_64& random) {
  return aifs + slot * std::uniform_int_distribution<int>{0, window}(random);
}

}  // namespace

int aggregate_size(const Transmission& transmission, int wanted) {
  int size = std::clamp(wanted, 1, static_cast<int>(largest_aggregate));
  for (const Stage& stage : transmission.chain) {
    if (stage.index < 0) break;
    const Rate rate = rate_of(stage, transmission);
    while (size > 1 && ppdu_duration(rate, psdu_bytes(transmission, size)) > ppdu_max) --size;
  }
  return size;
}

Outcome draw_unicast(const Transmission& transmission, const LinkState& link,
                     std::mt19937_64& random) {
  Outcome out;
  out.mpdus = std::clamp(transmission.mpdus, 1, static_cast<int>(largest_aggregate));
  const int answer_bytes = out.mpdus > 1 ? block_ack_bytes : ack_bytes;
  const Micros answer = sifs + ppdu_duration(control_rate, answer_bytes);
  std::bitset<largest_aggregate> received;
  int window = contention_window_min;
  for (std::size_t s = 0; s < transmission.chain.size() && !out.acked; ++s) {
    const Stage& stage = transmission.chain.at(s);
    if (stage.index < 0) break;
    const Rate rate = rate_of(stage, transmission);
    const Micros duration = ppdu_duration(rate, psdu_bytes(transmission, out.mpdus));
    out.used.at(s) = {.index = stage.index, .tries = 0, .flags = stage.flags};
    while (out.used.at(s).tries < stage.tries && !out.acked) {
      ++out.used.at(s).tries;
      ++out.attempts;
      // A missing answer costs the transmitter as much time as an answer.
      out.airtime += contention(window, random) + duration + answer;
      window = std::min(2 * window + 1, contention_window_max);

      const double rssi = link.rssi_dbm + jitter(link.packet_sd_db, random);
      const double error = packet_error_rate(rate, stream_snr_db(rate, rssi, link.receiver),
                                             transmission.bytes + fcs_bytes);
      bool heard = false;
      for (int k = 0; k < out.mpdus; ++k) {
        if (chance(random) < error) continue;
        received.set(static_cast<std::size_t>(k));
        heard = true;
      }
      if (!heard) continue;
      const double back = link.ack_rssi_dbm + jitter(link.packet_sd_db, random);
      out.acked = chance(random) >=
                  packet_error_rate(control_rate, stream_snr_db(control_rate, back, link.receiver),
                                    answer_bytes);
    }
  }
  out.mpdus_received = static_cast<int>(received.count());
  return out;
}

Outcome draw_multicast(const Transmission& transmission, std::mt19937_64& random) {
  Outcome out;
  out.mpdus = 1;
  out.attempts = 1;
  out.acked = true;  // nobody answers, and mac80211 wants to hear that it went out
  out.used[0] = {.index = transmission.chain[0].index, .tries = 1};
  out.airtime =
      contention(contention_window_min, random) +
      ppdu_duration(rate_of(transmission.chain[0], transmission), psdu_bytes(transmission, 1));
  return out;
}

bool draw_reception(const Transmission& transmission, const LinkState& link,
                    std::mt19937_64& random) {
  const Rate rate = rate_of(transmission.chain[0], transmission);
  const double rssi = link.rssi_dbm + jitter(link.packet_sd_db, random);
  return chance(random) >= packet_error_rate(rate, stream_snr_db(rate, rssi, link.receiver),
                                             transmission.bytes + fcs_bytes);
}

}  // namespace pianissimo::testbed
