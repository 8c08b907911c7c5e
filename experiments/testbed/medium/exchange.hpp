// The fate of one frame: its retry chain drawn attempt by attempt.
#pragma once

#include <array>
#include <cstdint>
#include <random>

#include "experiments/testbed/medium/phy.hpp"

namespace pianissimo::testbed {

/// One stage of mac80211's retry chain; `index` < 0 ends the chain.
struct Stage {
  std::int8_t index = -1;
  std::uint8_t tries = 0;
  std::uint16_t flags = 0;
  friend bool operator==(const Stage&, const Stage&) = default;
};
using Chain = std::array<Stage, 4>;

/// What is to be sent.
struct Transmission {
  Chain chain;
  std::uint32_t frequency_mhz = 0;
  int bytes = 0;  ///< of the frame without FCS
  int mpdus = 1;  ///< how many such frames the transmission stands for; > 1: an aggregate
};

/// The link at this moment, without the chance that differs from packet to packet.
struct LinkState {
  double rssi_dbm = 0;      ///< at the receiver
  double ack_rssi_dbm = 0;  ///< of its answer, back at the transmitter
  double packet_sd_db = 0;
  Receiver receiver;
};

struct Outcome {
  Chain used;              ///< tries made per stage
  int attempts = 0;        ///< transmissions on the air
  int mpdus = 0;           ///< MPDUs in one transmission
  int mpdus_received = 0;  ///< distinct ones that reached the receiver
  bool acked = false;      ///< the transmitter knows about at least one
  Micros airtime{};        ///< with interframe spaces, backoff and answers
};

/// How many MPDUs of `bytes` fit into one aggregate, at most `wanted`. The slowest rate of the
/// chain counts, as in ath9k: the hardware retries the whole aggregate at it.
int aggregate_size(const Transmission& transmission, int wanted);

/// Unicast: EDCA, retries with growing windows, ACK or BlockAck that may be lost too.
Outcome draw_unicast(const Transmission& transmission, const LinkState& link,
                     std::mt19937_64& random);

/// One try, no answer; who hears it is drawn per receiver with `draw_reception`.
Outcome draw_multicast(const Transmission& transmission, std::mt19937_64& random);

bool draw_reception(const Transmission& transmission, const LinkState& link,
                    std::mt19937_64& random);

}  // namespace pianissimo::testbed
