// What the core answers: decisions (each with its reason and the numbers behind it) and commands.
#pragma once

#include <optional>
#include <vector>

#include "controller/core/identity.hpp"
#include "controller/core/reason.hpp"
#include "controller/core/time.hpp"
#include "controller/core/units.hpp"

namespace pianissimo {

/// What a station had before and after a lasting change of power, beside what it was delivered per
/// airtime: medians of a minute.
struct Brought {
  Throughput asked_before;  ///< bytes that it was sent, per time
  Throughput asked;
  Throughput rate_before;  ///< bit rate
  Throughput rate;
  int disconnections = 0;  ///< since the change, of all stations: they left while they were sent to
  int roams = 0;  ///< of these: joined another interface at once, or came back within a minute
  friend bool operator==(const Brought&, const Brought&) = default;
};

/// The numbers behind a decision: those of the station that decided. All of them are whole numbers
/// or short ones, so that a journal holds them exactly.
struct Evidence {
  std::optional<MacAddress> station;
  std::optional<Throughput> observed;   ///< at the level being judged
  std::optional<Throughput> reference;  ///< what it was compared with
  std::optional<double> keep;           ///< threshold: share of the reference, 0..1
  std::optional<int> error;             ///< errno of a refused command
  /// What the station was offered of what it could take (Load::utilisation), percent.
  std::optional<int> utilisation_percent;
  std::optional<Db> signal_change;  ///< how much the station's signal moved: up is positive
  /// Share of the transmissions to the station that it acknowledged, 0..1000: at the level being
  /// judged, and where it is compared with.
  std::optional<int> acknowledged_permille;
  std::optional<int> reference_permille;
  /// Level plus signal: a stand-in for the signal at the station, short of the station's own power.
  std::optional<Dbm> place;
  std::optional<std::chrono::milliseconds> wait;  ///< until it is tried again
  std::optional<Dbm> level;                       ///< the level that the evidence speaks of
  std::optional<Brought> brought{};               ///< of a lasting change of power
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
