// A power domain: the stations that share one knob, the policy that drives them, and what is in
// force.
#pragma once

#include <memory>
#include <vector>

#include "controller/core/change_watch.hpp"
#include "controller/core/knob_plan.hpp"
#include "controller/core/leave.hpp"
#include "controller/core/policy.hpp"
#include "controller/core/proposals.hpp"

namespace pianissimo {

/// The operator wants a domain to stay at its level.
struct Hold {
  std::optional<Dbm> level;  ///< nullopt: where the domain is when it is told
  friend bool operator==(const Hold&, const Hold&) = default;
};

/// What its surroundings want of a domain.
struct Terms {
  Box box{Dbm{}, Dbm{}};     ///< what the operator, the channel and the power found allow
  std::optional<Hold> hold;  ///< nullopt: the policy drives it
  Leave leave;               ///< how far down the policy may go
  friend bool operator==(const Terms&, const Terms&) = default;
};

class PowerDomain {
 public:
  /// `verdict`: whether and how lasting changes are judged.
  PowerDomain(const Knob& knob, std::unique_ptr<Policy> policy, Dbm in_force,
              const VerdictParams& verdict = {.enabled = false})
      : knob_{knob}, policy_{std::move(policy)}, plan_{in_force}, box_{in_force, in_force} {
    if (verdict.enabled) watch_.emplace(verdict);
  }

  const Knob& knob() const { return knob_; }
  const Box& box() const { return box_; }
  std::optional<Revert> revert() const { return watch_ ? watch_->revert() : std::nullopt; }
  std::optional<Instant> wake() const;
  /// What waits for an operator's approval.
  const std::optional<Proposals::Standing>& proposal() const { return proposals_.standing(); }
  Dbm desired() const { return plan_.desired(); }

  // Each appends what it decides to `out`; read_now is left to the caller, who knows the
  // interfaces. True if a reading is wanted at once.
  /// The domain as its interfaces now are: `in_force` is given when the power has moved without us.
  /// `why` is the reason to give if the box has changed.
  bool describe(Instant at, const Terms& terms, std::optional<Dbm> in_force, const Because& why,
                Outcome& out);
  bool on_station_joined(Instant at, Outcome& out);
  bool on_station_left(Instant at, const MacAddress& station, Outcome& out);
  bool on_reading(Instant at, std::span<const StationView> stations, Outcome& out);
  bool on_result(const PowerResult& result, Outcome& out);
  bool on_wake(Instant at, Outcome& out);

  // Of interest to verdicts alone.
  void note_joined(Instant at, const MacAddress& station);
  void note_elsewhere(Instant at, const MacAddress& station);
  void note_other_channel();

 private:
  bool follow(Instant at, const Advice& advice, Outcome& out);
  bool pump(Instant at, Outcome& out);
  bool restart(Instant at, const Because& why, Outcome& out);
  bool stay(Instant at, Outcome& out);
  std::optional<bool> judge(Instant at, std::span<const StationView> stations, Outcome& out);
  Box allowed() const;
  bool take_leave(Instant at, const Leave& before, Outcome& out);
  void note_visit(const Because& because);
  void keep();
  Box limits() const;
  void propose(Instant at, Outcome& out);
  void decide(Instant at, Dbm from, Dbm to, const Because& because, Outcome& out) const;

  Knob knob_;
  std::unique_ptr<Policy> policy_;
  KnobPlan plan_;
  Box box_;                     ///< what policies move in: that given, less what the kernel clamps
  std::optional<Terms> terms_;  ///< as last told
  std::optional<Dbm> held_;     ///< the level to stay at; no policy is asked meanwhile
  std::optional<ChangeWatch> watch_;
  std::optional<Dbm> kept_;  ///< while the power may only go up: not below this, but for visits
  std::optional<Dbm> visited_from_;  ///< a visit to a higher level is under way, and leads back
  Box told_{Dbm{}, Dbm{}};           ///< the box that the policy knows
  Proposals proposals_;
  bool dwell_pending_ = false;
  std::optional<Instant> policy_wake_;
};

}  // namespace pianissimo
