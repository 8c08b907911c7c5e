// What the core answers: decisions (each with its reason and the numbers behind it) and commands.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/time.hpp"
#include "controller/core/units.hpp"

namespace pianissimo {

/// Why a level was chosen. The names are what the journal says.
enum class Reason : std::uint8_t {
  start,               ///< a domain begins, at the level its policy begins with
  station_joined,      ///< a station appeared: its needs are unknown, begin anew
  box_changed,         ///< the ceiling or floor moved
  single_level,        ///< the box holds one level: nothing to decide
  step_down,           ///< nobody lost throughput: one level lower
  throughput_fell,     ///< a station fell below its threshold: one level up, and hold
  floor_reached,       ///< lowest level and nobody lost throughput: hold
  visit,               ///< to the ceiling, to compare
  visit_over,          ///< back to the level in use
  visit_passed,        ///< the level in use is as good as the ceiling: go on
  visit_failed,        ///< the ceiling is better: restart
  visit_inconclusive,  ///< nothing moved, or nothing could be read, during the visit
  idle,                ///< no active station: nothing can be measured
  no_estimate,         ///< an active station without an estimate: nothing can be judged
  fixed,               ///< the operator chose this level
  knob_refused,        ///< the kernel refuses this level: hold what is in force
  knob_clamped,        ///< the kernel set less than asked: that is the ceiling now
};

/// The journal's word for a reason.
std::string_view to_string(Reason reason);

/// The numbers behind a decision: those of the station that decided.
struct Evidence {
  std::optional<MacAddress> station;
  std::optional<Throughput> observed;   ///< at the level being judged
  std::optional<Throughput> reference;  ///< what it was compared with
  std::optional<double> keep;           ///< threshold: share of the reference, 0..1
  std::optional<int> error;             ///< errno of a refused command
  /// What the station was offered of what it could take (Load::utilisation), percent. Whole, so
  /// that a journal holds it exactly.
  std::optional<int> utilisation_percent;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Decision {
  Instant at;
  Knob knob;
  Dbm from;
  Dbm to;
  Reason reason = Reason::start;
  Evidence evidence;
  friend bool operator==(const Decision&, const Decision&) = default;
};

/// Set this knob to this level, now.
struct SetPower {
  Knob knob;
  Dbm level;
  friend bool operator==(const SetPower&, const SetPower&) = default;
};

/// Everything the core answers to one event.
struct Outcome {
  std::vector<Decision> decisions;
  std::vector<SetPower> commands;
  std::optional<Instant> wake;  ///< send a Wake at this time (replaces any earlier wish)
  /// Read the stations of these interfaces at once, after the commands: a dwell has just ended.
  std::vector<InterfaceIndex> read_now;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace pianissimo
