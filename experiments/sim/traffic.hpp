// What is to be sent to a station, as a function of the seed and of time alone.
#pragma once

#include <cstdint>

#include "controller/core/time.hpp"
#include "experiments/sim/random.hpp"

namespace pianissimo::sim {

struct TrafficParams {
  enum class Kind : std::uint8_t {
    saturated,  ///< always more than the air can take
    constant,   ///< so many frames per second, evenly
    web,        ///< pages at random: a burst, then a pause
    idle,       ///< a frame now and then (ARP, keep-alives)
  } kind = Kind::saturated;
  double frames_per_second = 300;  ///< constant: 0.1..100000
  int burst = 1;                   ///< constant: so many come at once, 1..64
  double page_kilobytes = 1500;    ///< web: mean size of a page (log-normal, sigma 1), 1..100000
  double pause_s = 3;              ///< web: mean pause between pages (exponential), 0.01..1000
  int bytes = 1200;                ///< UDP payload of a frame, 64..1400
  friend bool operator==(const TrafficParams&, const TrafficParams&) = default;
};

/// The frame on the air, without FCS: 802.11 QoS header, LLC, IP and UDP headers on top.
int frame_bytes(const TrafficParams& traffic);

class Traffic {
 public:
  Traffic(const TrafficParams& params, std::uint64_t seed, Instant from);

  /// Frames that came until `now` since the last call; `now` never decreases. Of saturated traffic:
  /// as many as are asked for, `enough`.
  std::int64_t arrived(Instant now, std::int64_t enough);
  /// When the next frame comes (after the last arrived()).
  Instant next() const { return next_; }
  bool is_saturated() const { return params_.kind == TrafficParams::Kind::saturated; }
  /// Frames that wait at most; what comes on top is dropped. A page waits as a whole (TCP).
  std::int64_t queue_limit() const;

 private:
  std::int64_t take_one();

  TrafficParams params_;
  Random random_;
  Instant next_;
};

}  // namespace pianissimo::sim
