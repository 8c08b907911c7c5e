// What must be true of every answer, whatever is told: the promises of the core, checked from the
// outside.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controller/core/box.hpp"
#include "controller/core/decision.hpp"
#include "controller/core/events.hpp"

namespace pianissimo::test {

class Law {
 public:
  /// `dwell` is the shortest time for which a policy keeps a level; zero: it may move at any time.
  /// `explains_all`: every level that is asked for is one that a decision has named.
  Law(const BoxParams& box, Duration dwell, bool explains_all)
      : box_{box}, dwell_{dwell}, explains_all_{explains_all} {}

  /// The promises that this answer to this event breaks, each in a sentence.
  std::vector<std::string> broken_by(const Event& event, const Outcome& outcome);

 private:
  struct Changes {
    std::optional<Instant> last;  // change of level, or outside cause of one
    std::optional<Reason> reason;
  };

  void learn(const Event& event);
  bool belongs(const InterfaceUp& up, const Knob& knob) const;
  std::optional<Box> box_of(const Knob& knob) const;
  bool is_held(const Knob& knob) const;
  std::optional<Dbm> lowest_let(const Knob& knob) const;
  void check(const SetPower& command);
  void check(const Evidence& evidence);
  void check(const Event& event, const Decision& decision);
  void say(const std::string& what) { broken_.push_back(what); }

  BoxParams box_;
  Duration dwell_;
  bool explains_all_;
  std::map<InterfaceIndex, InterfaceUp> interfaces_;
  std::map<InterfaceIndex, HoldSet> holds_;
  std::map<InterfaceIndex, Dbm> ceilings_;
  std::map<InterfaceIndex, Dbm> external_ceilings_;
  std::map<InterfaceIndex, LeaveSet> leaves_;
  std::set<Knob> under_way_;
  std::map<Knob, Dbm> clamped_to_;
  std::map<Knob, Changes> changes_;
  std::map<Knob, Dbm> decided_;
  std::vector<std::string> broken_;
};

}  // namespace pianissimo::test
