// What another configuration would have decided on the same recording, as far as that can tell.
//
// For as long as the other core wants what the recorded one wanted, it is told every recorded
// event. From the first other command, wake or reading on it lives in a world of its own: its
// commands are answered as the recording answers such a level, it is woken when it wishes (in a
// silence of the recording only for its first ten seconds), and of the recording it is told the
// rest. The readings stay those that were taken: they hold for it only
// where the recorded power was the one that it has in force.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "controller/core/controller.hpp"
#include "experiments/policies/lab_config.hpp"
#include "experiments/replay/power.hpp"
#include "experiments/replay/recording.hpp"

namespace pianissimo::replay {

/// What a decision rests on.
enum class Ground : std::uint8_t {
  recorded,       ///< readings at the very power that is in force here
  other_level,    ///< a reading at another power; this one had been visited until then
  never_visited,  ///< a reading at another power; this one had never been visited until then
  after,          ///< no such reading itself, but one before it in this run
};
inline constexpr std::size_t grounds = 4;

/// The first reading that does not hold here.
struct FirstUnsupported {
  Place place;
  Instant at;
  Knob knob;
  Dbm recorded;
  Dbm here;
};

class Counterfactual {
 public:
  /// Sees what this world is told and decides: the counterfactual journal.
  struct Listener {
    std::function<void(const Event&)> told;
    std::function<void(const Decision&, Ground)> decided;
    std::function<void(const FirstUnsupported&)> unsupported;  ///< once per knob and run
  };
  explicit Counterfactual(Listener listener) : listener_{std::move(listener)} {}

  void begin(const policies::LabConfig& lab);
  /// `answered`: what the recorded core did; nullptr if there is none (an imported trace).
  void tell(const Event& recorded, const Outcome* answered, const Place& place);
  void end();

  std::uint64_t decisions(Ground ground) const { return counts_[static_cast<std::size_t>(ground)]; }
  const std::optional<FirstUnsupported>& first_unsupported() const { return first_unsupported_; }
  const std::optional<Place>& first_divergence() const { return first_divergence_; }
  std::optional<double> mean_dbm() const { return here_.mean_dbm(); }
  /// How much of the recording's silences was left out.
  Duration left_out() const { return left_out_; }

  /// A daemon reads stations many times a second. After a longer silence there was none, or its
  /// world stood still: what a law would have done meanwhile is left out. Otherwise two events
  /// years apart would be years of decisions.
  static constexpr Duration longest_silence = std::chrono::seconds{10};

 private:
  struct UnderWay {
    SetPower command;
    Instant since;
  };
  Outcome hear(const Event& event);
  void run_until(Instant at);
  void follow_recording(const Event& recorded);
  void learn(const PowerResult& result);
  PowerResult answer(const UnderWay& command) const;
  void look_at(const Event& event);
  Ground ground_of(const Knob& knob) const;

  Listener listener_;
  std::optional<Controller> core_;
  bool is_apart_ = false;
  Instant now_{};
  std::optional<Instant> last_recorded_;
  Duration left_out_{};
  std::optional<Instant> wake_;
  std::deque<UnderWay> under_way_;
  Duration latency_{};                                   // of the last answered command
  std::map<std::pair<Knob, Dbm>, PowerResult> answers_;  // the last one to each level
  PowerInForce recorded_;
  PowerInForce here_;
  Place place_;
  std::map<Knob, Ground> mismatched_;  // by the event in hand
  std::set<Knob> tainted_;             // by an earlier one
  std::array<std::uint64_t, grounds> counts_{};
  std::optional<FirstUnsupported> first_unsupported_;
  std::optional<Place> first_divergence_;
};

}  // namespace pianissimo::replay
