// Visits to the ceiling, put together from decisions and the kernel's answers.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "controller/core/decision.hpp"
#include "controller/core/events.hpp"

namespace pianissimo::report {

struct Visit {
  Instant decided;
  Knob knob;
  Dbm level;                        ///< in use before
  Dbm ceiling;                      ///< visited
  std::optional<Instant> began;     ///< the kernel's answer that put the ceiling in force
  std::optional<Instant> ended;     ///< the one that put a lower level in force again
  std::optional<Decision> outcome;  ///< what it showed: absent if nobody said
  bool interrupted = false;         ///< the domain began anew before the visit was over

  /// Absent when an answer is missing.
  std::optional<Duration> length() const;
};

/// Told every decision and answer in the journal's order.
class VisitTracker {
 public:
  void on(const Decision& decision);
  void on(const PowerResult& result);
  const std::vector<Visit>& visits() const { return visits_; }

 private:
  struct Open {
    std::size_t visit;
    bool over = false;  // it was decided to go back
  };
  std::vector<Visit> visits_;
  std::map<Knob, Open> open_;
  std::map<Knob, std::size_t> unjudged_;
};

}  // namespace pianissimo::report
