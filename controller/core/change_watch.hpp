// A verdict on lasting changes of one knob's power. Two windows that differ only say that something
// is worse. Whether the power is why, a trial tells: back to the level before, for a while, and the
// same station is compared with itself. So a station that walks away by itself, a neighbour's
// traffic or a page that is over is nobody's fault.
#pragma once

#include <map>
#include <span>

#include "controller/core/box.hpp"
#include "controller/core/change_window.hpp"
#include "controller/core/signal.hpp"
#include "controller/core/verdict.hpp"

namespace pianissimo {

/// Nothing goes below this level until then: a change from it has hurt.
struct Revert {
  Dbm level;
  Instant until;
  friend bool operator==(const Revert&, const Revert&) = default;
};

class ChangeWatch {
 public:
  explicit ChangeWatch(const VerdictParams& params) : params_{params} {}

  struct Finding {
    Because because;
    bool moves_floor = false;  ///< floor() is another one now
  };
  /// The next reading of all stations. `level`: in force, and no other one is under way; nullopt
  /// else. At most one finding.
  std::optional<Finding> on_reading(Instant at, std::span<const StationView> views,
                                    std::optional<Dbm> level, const Box& box);
  void on_station_left(Instant at, const MacAddress& station);
  void on_station_joined(Instant at, const MacAddress& station);
  /// It has joined another interface that is driven.
  void on_seen_elsewhere(Instant at, const MacAddress& station);
  /// The channel is another one, or an operator holds the power: what was seen says nothing any
  /// more. A revert stays in force.
  void forget();

  /// Nothing goes below it: a trial is under way, or what hurt is reverted. nullopt: no such limit.
  std::optional<Dbm> floor() const;
  const std::optional<Revert>& revert() const { return revert_; }

 private:
  using Windows = std::map<MacAddress, ChangeWindow>;
  /// A level and its neighbours within 1 dB, with short trips elsewhere.
  struct Stay {
    Dbm level;
    Instant since;
    Windows windows{};
    int disconnections = 0;
    int roams = 0;
    int broken = 0;  ///< left while it was sent to, and came back here
    std::optional<MacAddress> last_broken{};
    bool has_lasted = false;
    bool is_judged = false;
  };
  struct Seen {
    StationEstimator estimator;
    SignalTracker signal;
    Provenance provenance = Provenance::none;
    std::optional<StationTotals> counted;  ///< at the last delivery
    Instant active{};
  };
  struct Found {
    MacAddress station;
    Comparison numbers;
  };

  Windows* windows_at(Instant at, std::optional<Dbm> level);
  void follow_level(Instant at, std::optional<Dbm> level);
  void follow_stay(Instant at, Dbm level);
  void take_in(Instant at, const StationView& view, Windows* windows);
  void end_stay(Instant at, Dbm next);
  std::optional<Finding> judge(Instant at, const Box& box);
  std::optional<Finding> begin_trial(Instant at, const Box& box, const Found& worst);
  Finding end_trial(Instant at);
  Finding take_back(Instant at, Because because);
  static std::vector<Found> compared(const Windows& before, const LeastHeld& least_before,
                                     const Windows& after);
  Evidence evidence_of(const Found& found, Dbm before) const;

  VerdictParams params_;
  std::map<MacAddress, Seen> stations_;
  std::map<MacAddress, Instant> left_;  ///< while they were sent to
  std::optional<Stay> before_;
  std::optional<Stay> now_;
  std::optional<Instant> away_since_;   ///< from the level of now_
  Instant there_{};                     ///< the last reading at it
  std::optional<Dbm> level_;            ///< in force at the last reading that knew it
  std::optional<Instant> counts_from_;  ///< rates follow a change; absent: there was none yet
  std::optional<Revert> trial_;         ///< for as long as it takes to see what it brings
  Windows trial_windows_;
  std::optional<Revert> revert_;
  Instant may_try_{};
  Instant looks_{};
};

}  // namespace pianissimo
