// When packets leave: arithmetic on times since the start, without a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "controller/core/time.hpp"
#include "experiments/traffic/error.hpp"

namespace pianissimo::traffic {

/// Traffic and silence in turns, traffic first. Without `off` there is no silence.
struct OnOff {
  Duration on{0};
  Duration off{0};
};

/// The time since the start at which the pattern has been on for `active`; a moment at which it
/// turns off belongs to the next turn.
Duration elapsed_after(const OnOff& pattern, Duration active);

/// The first moment at or after `elapsed` at which the pattern is on.
Duration next_on(const OnOff& pattern, Duration elapsed);

enum class RateUnit : std::uint8_t {
  packets,
  bits,  ///< of payload, as iperf3 has it
};

struct Rate {
  std::uint64_t per_second = 0;  ///< 1..10^10
  RateUnit unit = RateUnit::packets;
};

/// One stream of packets, evenly spaced.
struct Flow {
  Rate rate;                         ///< while the pattern is on
  std::vector<std::uint32_t> sizes;  ///< bytes of payload, taken in turns
  OnOff pattern;
  Duration phase{0};  ///< when it begins
};

/// Whether departure() is defined for this flow; else which value cannot be.
Result<void> check(const Flow& flow);

/// When packet `number` (from 0) leaves. For up to 10^13 packets and 292 years.
Duration departure(const Flow& flow, std::uint64_t number);

/// `count` flows like `one` that do not run in step: all but the first begin somewhere in the first
/// turn of the pattern, or, without a pattern, in the first turn of the sizes. The same for a seed.
std::vector<Flow> spread(const Flow& one, std::size_t count, std::uint64_t seed);

struct Departure {
  Duration at{0};
  std::size_t flow = 0;
  std::uint32_t bytes = 0;
  friend bool operator==(const Departure&, const Departure&) = default;
};

/// The departures of several flows in the order of time; at the same moment, in the order of flows.
class Schedule {
 public:
  /// Ends before `end`; 0: never.
  Schedule(std::vector<Flow> flows, Duration end);

  std::optional<Departure> next();

 private:
  struct Head {
    Duration at;
    std::size_t flow;
    std::uint64_t number;
    bool operator>(const Head& other) const {
      return at != other.at ? at > other.at : flow > other.flow;
    }
  };

  std::vector<Flow> flows_;
  Duration end_;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads_;
};

}  // namespace pianissimo::traffic
