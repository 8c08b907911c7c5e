// The power in force, knob by knob, as events tell it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "controller/core/events.hpp"

namespace pianissimo::replay {

class PowerInForce {
 public:
  void on(const Event& event);
  /// The run is over: what is in force ends with its last event.
  void end();

  /// nullopt: no such knob (yet, or any more).
  std::optional<Dbm> level(const Knob& knob) const;
  /// What a station is sent with; nullopt: unknown.
  std::optional<Dbm> level(InterfaceIndex interface, const MacAddress& station) const;
  /// The level was in force at some time until now.
  bool has_visited(const Knob& knob, Dbm level) const;
  /// The knobs that the stations of a report depend on.
  std::vector<Knob> knobs_of(const StationReport& report) const;

  /// Mean of the levels in dBm, weighted by time, over all knobs and all runs that have ended;
  /// nullopt without any time.
  std::optional<double> mean_dbm() const;

 private:
  struct Course {
    Dbm level;
    Instant since;
    std::set<Dbm> visited;
  };
  void take(const InterfaceUp& up);
  void take(const PowerResult& result);
  void take(const StationReport& report);
  void take(const StationLeft& left);
  void take(const InterfaceGone& gone);
  void take(const auto&) {}
  void set(const Knob& knob, Dbm level);
  void add_up(const Course& course);
  void close_if(auto wanted);

  std::map<InterfaceIndex, InterfaceUp> interfaces_;
  std::map<Knob, Course> courses_;
  Instant now_{};
  double level_seconds_ = 0;
  double seconds_ = 0;
};

/// The knob of an interface, or of one of its stations.
Knob knob_of(const InterfaceUp& up, const MacAddress& station);

}  // namespace pianissimo::replay
