// Desired against applied, for one knob: the fewest commands that make them equal.
#pragma once

#include <optional>

#include "controller/core/events.hpp"

namespace pianissimo {

/// At most one command is under way; a level that is in force already is not asked for again; what
/// the kernel refuses is asked for again later and later (doubling), and not at all once it is no
/// longer wanted.
class KnobPlan {
 public:
  explicit KnobPlan(Dbm in_force) : desired_{in_force}, in_force_{in_force} {}

  void want(Dbm level);
  Dbm desired() const { return desired_; }
  Dbm in_force() const { return in_force_; }
  bool settled() const { return !asked_ && in_force_ == desired_; }

  /// The level to ask the kernel for now, if any. It counts as asked for from here on.
  std::optional<Dbm> next(Instant at);
  /// The kernel's answer to the level asked for.
  void on(const PowerResult& result);
  /// Somebody else moved the knob.
  void moved_to(Dbm level);

  /// When next() is worth asking again after a refusal.
  std::optional<Instant> retry_at() const { return retry_at_; }
  /// Refusals in a row of the level now desired.
  int refusals() const { return refusals_; }

 private:
  Dbm desired_;
  Dbm in_force_;
  std::optional<Dbm> asked_;
  std::optional<Instant> retry_at_;
  int refusals_ = 0;
};

}  // namespace pianissimo
