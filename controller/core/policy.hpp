// The interface between the machinery and a control law. A policy drives one power domain. It is
// told what happens and answers with the level that should be; applying it, clamping it to the box
// and repeating what the kernel refused is the domain's work.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "controller/core/box.hpp"
#include "controller/core/decision.hpp"
#include "controller/core/station_model.hpp"
#include "controller/core/time.hpp"

namespace pianissimo {

/// A station of the domain as a policy sees it, after the reading in hand.
struct StationView {
  MacAddress station;
  std::optional<Throughput> expected_throughput;  ///< nullopt: absent or zero
  StationTotals totals;
  /// The reading in full, for laws that look at rates and signals; valid during the call.
  const StationSample* last = nullptr;
};

/// Why the level is what it is, when something was decided.
struct Because {
  Reason reason = Reason::start;
  Evidence evidence;
};

/// What a policy answers.
struct Advice {
  Dbm level;                       ///< the level that should be in force
  bool dwell = false;              ///< call on_applied() once it is in force (now, if it is)
  std::optional<Instant> wake;     ///< call on_wake() then; replaces any earlier wish
  bool read_now = false;           ///< a dwell has ended: its reading is wanted at once
  std::optional<Because> because;  ///< a decision was made (also one to stay)
};

/// What would be enough, by readings at the level in force alone.
struct Proposal {
  Dbm level;
  Evidence evidence;  ///< of the station that needs most
};

class Policy {
 public:
  virtual ~Policy() = default;

  /// Begins, or begins anew: the box is new, or a station appeared (`reason` says which).
  virtual Advice start(Instant at, const Box& box, Reason reason) = 0;
  /// The level advised with `dwell` is in force since `at`: the dwell begins here and not at the
  /// decision, since a driver may take long to obey.
  virtual Advice on_applied(Instant at) = 0;
  /// The time asked for has come.
  virtual Advice on_wake(Instant at) = 0;
  /// Every station of the domain has been read.
  virtual Advice on_reading(Instant at, std::span<const StationView> stations) = 0;
  /// A station is gone: what was remembered of it must not decide any more.
  virtual Advice on_station_left(Instant at, const MacAddress& station) = 0;
  /// The box has another floor, and nothing else of it changed: what is lower is not let any more,
  /// or let again. What was learnt stays. A law that does not know how begins anew.
  virtual Advice on_floor(Instant at, const Box& box) {
    return start(at, box, Reason::box_changed);
  }
  /// What would be enough; nullopt: nobody can say so without trying, or this law cannot.
  virtual std::optional<Proposal> proposal(Instant) const { return std::nullopt; }
};

using PolicyFactory = std::function<std::unique_ptr<Policy>()>;

}  // namespace pianissimo
