// What the daemon is doing now, for operators and their tools: what the core believes, as one JSON
// object. `pianissimo status` shows it.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "config/config.hpp"
#include "controller/core/box.hpp"
#include "controller/core/controller.hpp"
#include "controller/core/load.hpp"
#include "controller/service/mitigation.hpp"
#include "controller/service/ports.hpp"
#include "controller/service/state_files.hpp"
#include "controller/service/verdict_days.hpp"

namespace pianissimo::service {

class Status {
 public:
  explicit Status(const Config& config) : config_{config} {}

  /// The last decision of each knob is shown, as the sentence of its reason. A verdict is none: it
  /// does not say why the power is what it is.
  void remember(const Decision& decision) {
    if (!verdict_of(decision.reason)) last_.insert_or_assign(decision.knob, decision);
  }

  /// An interface that is not driven, until the interfaces are looked at anew.
  void leave_alone(const std::string& interface, std::string why) {
    left_alone_.insert_or_assign(interface, std::move(why));
  }
  void forget_left_alone() { left_alone_.clear(); }

  void set_mode(const std::string& interface, InterfaceMode mode) {
    modes_.insert_or_assign(interface, mode);
  }

  void set_air(const std::string& interface, const AirRules& rules) {
    air_.insert_or_assign(interface, rules);
  }

  /// How far below the ceiling it was sent, to be shown from now on.
  void set_mitigation(std::vector<Mitigation::Day> days) { mitigation_ = std::move(days); }

  /// What lasting changes brought, to be shown from now on.
  void set_verdicts(std::vector<VerdictDays::Day> days) { verdicts_ = std::move(days); }

  /// The last power that somebody else has set at an interface, in words.
  void others_set(const std::string& interface, std::string words, Instant at) {
    others_.insert_or_assign(interface, Others{std::move(words), at});
  }

  /// Where an interface's power may be, and whether it was found to do anything; nullopt: the law
  /// does not test that.
  void set_box(const std::string& interface, const Box& box, std::optional<bool> has_effect) {
    boxes_.insert_or_assign(interface, Boxed{box, has_effect});
  }

  /// What operators want of an interface, as it is shown; null: nothing.
  void set_wishes(const std::string& interface, boost::json::value wishes) {
    wishes_.insert_or_assign(interface, std::move(wishes));
  }

  /// How far down the control may go at an interface, as it is shown; null: as far as the box.
  void set_leave(const std::string& interface, boost::json::value leave) {
    leaves_.insert_or_assign(interface, std::move(leave));
  }

  /// What is wrong with the external controller's file, in words; empty: nothing.
  void set_ceiling_trouble(std::string words) { ceiling_trouble_ = std::move(words); }

  /// What the stations had been sent at a text: the loads of the next are those since then.
  struct Seen {
    std::map<std::pair<InterfaceIndex, MacAddress>, StationTotals> totals;
    std::optional<Instant> at;
  };
  /// One JSON object and a newline; loads are those since the last call.
  std::string text(const Controller& controller, Instant now, std::int64_t wall_ms) {
    return text(controller, now, wall_ms, seen_);
  }
  /// The same for a reader with times of its own.
  std::string text(const Controller& controller, Instant now, std::int64_t wall_ms, Seen& seen);

  static std::string path(const std::string& state_directory) {
    return state_directory + '/' + std::string{status_file};
  }

 private:
  struct Others {
    std::string words;
    Instant at;
  };

  struct Boxed {
    Box box;
    std::optional<bool> has_effect;
  };

  Config config_;
  /// The last decision about this station's own knob, or (of nobody) about the interface's.
  const Decision* last_decision(const InterfaceUp& interface, const MacAddress& station = {}) const;

  boost::json::value set_by_others(const std::string& interface) const;

  std::map<Knob, Decision> last_;
  std::map<std::string, std::string> left_alone_;  ///< and why
  std::map<std::string, Others> others_;
  std::map<std::string, InterfaceMode> modes_;
  Seen seen_;
  std::map<std::string, AirRules> air_;
  std::vector<Mitigation::Day> mitigation_;
  std::vector<VerdictDays::Day> verdicts_;
  std::map<std::string, boost::json::value> wishes_;
  std::map<std::string, Boxed> boxes_;
  std::map<std::string, boost::json::value> leaves_;
  std::string ceiling_trouble_;
};

}  // namespace pianissimo::service
