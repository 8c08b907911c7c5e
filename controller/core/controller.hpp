// The core's face: it is told an event and answers with decisions, commands and the time at which
// it wants to be woken. It never asks, never sleeps, never logs: live, in a simulation, in a replay
// and under a fuzzer it is this very object that runs.
#pragma once

#include <map>
#include <set>

#include "controller/core/domain.hpp"
#include "controller/core/events.hpp"

namespace pianissimo {

class Controller {
 public:
  /// `verdict`: whether and how lasting changes of power are judged, and what hurt is reverted.
  Controller(const BoxParams& box, PolicyFactory policy,
             const VerdictParams& verdict = {.enabled = false})
      : box_params_{box}, make_policy_{std::move(policy)}, verdict_{verdict} {}

  /// Same events in the same order, same answers. A report may be about a time before that of the
  /// event told last: it was asked for then and came in now.
  [[nodiscard]] Outcome on(const Event& event);

  struct Interface {
    InterfaceUp up;            ///< with the power that is in force by now, but for station knobs
    TrafficSourceSet traffic;  ///< as last told
    std::map<MacAddress, StationModel> stations;
    /// Time of the last report; absent until all its stations have been read once since the
    /// domain was last shown a reading.
    std::optional<Instant> unread_report;
  };
  using Interfaces = std::map<InterfaceIndex, Interface>;

  /// What is believed now, for showing.
  const Interfaces& interfaces() const { return interfaces_; }
  /// What hurt at an interface's knobs and is taken back for now.
  std::vector<Revert> reverts_of(InterfaceIndex interface) const;
  /// What waits for an operator's approval, as it was proposed.
  std::vector<Decision> proposals() const;

 private:
  void on(const InterfaceUp& event, Outcome& out);
  void on(const InterfaceGone& event, Outcome& out);
  void on(const StationJoined& event, Outcome& out);
  void on(const StationLeft& event, Outcome& out);
  void on(const StationReport& event, Outcome& out);
  void on(const TrafficSourceSet& event, Outcome& out);
  void on(const TrafficReport& event, Outcome& out);
  void on(const PowerResult& event, Outcome& out);
  void on(const HoldSet& event, Outcome& out);
  void on(const CeilingSet& event, Outcome& out);
  void on(const ExternalCeilingSet& event, Outcome& out);
  void on(const LeaveSet& event, Outcome& out);
  void on(const Wake& event, Outcome& out);

  Knob knob_of(const Interface& interface, const MacAddress& station = {}) const;
  Terms terms_of(const Knob& knob) const;
  static void combine(Leave& all, const Leave& one);
  bool belongs(const Interface& interface, const Knob& knob) const;
  PowerDomain& domain_of(const Knob& knob, Dbm in_force);
  void describe(Instant at, PowerDomain& domain, std::optional<Dbm> moved_to, Outcome& out,
                const Because& why = {Reason::box_changed, {}});
  void describe_all(Instant at, InterfaceIndex interface, const Because& why, Outcome& out);
  static StationModel& model_of(Interface& interface, const MacAddress& station);
  void join(Instant at, Interface& interface, const MacAddress& station, Outcome& out);
  void leave(Instant at, Interface& interface, const MacAddress& station, Outcome& out);
  void show_reading(const Interface& reported, Outcome& out);
  void want_reading(const Knob& knob, Outcome& out) const;

  /// What the operator wants of an interface, which may not be up yet.
  struct Wishes {
    std::optional<HoldSet> hold;
    std::optional<Dbm> ceiling;
    std::optional<Dbm> external_ceiling;
    Leave leave;
  };

  BoxParams box_params_;
  PolicyFactory make_policy_;
  VerdictParams verdict_;
  std::map<InterfaceIndex, Wishes> wishes_;
  Interfaces interfaces_;
  std::map<Knob, PowerDomain> domains_;
};

}  // namespace pianissimo
