// The recorded events through the same core, and its decisions beside the recorded ones.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "controller/core/controller.hpp"
#include "experiments/policies/lab_config.hpp"
#include "experiments/replay/recording.hpp"

namespace pianissimo::replay {

/// Where a recording and its replay part. At least one side is there.
struct Difference {
  Place event;                       ///< the event that was answered
  std::optional<Place> place;        ///< of the recorded decision
  std::optional<Decision> recorded;  ///< nullopt: nothing more was decided
  std::optional<Decision> replayed;
};

class Check {
 public:
  /// A run begins: a core without memory, with this configuration.
  void begin(const policies::LabConfig& lab);
  /// What the core answers; valid until the next call. Only within a run.
  const Outcome& tell(const Event& event, const Place& place);
  void recorded(const Decision& decision, const Place& place);
  /// From here on the core's state is not that of the recorded one: differences prove nothing.
  void lose_track();
  /// The run is over, perhaps between an event and its decisions.
  void end();

  std::uint64_t decisions_recorded() const { return recorded_count_; }
  std::uint64_t decisions_replayed() const { return replayed_count_; }
  std::uint64_t decisions_equal() const { return equal_; }
  const std::optional<Difference>& first_difference() const { return first_; }

 private:
  void settle(bool is_end);

  std::optional<Controller> controller_;
  Outcome outcome_;
  Place event_;
  std::size_t answered_ = 0;  // decisions of `outcome_` that the recording has, too
  bool is_exact_ = true;
  std::uint64_t recorded_count_ = 0;
  std::uint64_t replayed_count_ = 0;
  std::uint64_t equal_ = 0;
  std::optional<Difference> first_;
};

}  // namespace pianissimo::replay
