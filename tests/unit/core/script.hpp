// A policy that answers what the test says and remembers what it was told.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "controller/core/controller.hpp"
#include "tests/unit/core/words.hpp"

namespace pianissimo::test {

struct Script {
  // What it answers.
  std::optional<Dbm> wants;             ///< absent: the ceiling
  bool dwells = false;                  ///< wants to know when its level is in force
  bool reads_now = false;               ///< wants a reading, whenever it is asked
  std::optional<Duration> wakes_after;  ///< wants to be woken that long after every call
  std::optional<Reason> says;           ///< its reason, whenever it is asked; absent: start()'s
  std::optional<Dbm> proposes;          ///< what would do

  // What it was told: "start box_changed @140".
  std::vector<std::string> told;
  std::optional<Box> box;
  std::vector<std::vector<StationView>> readings;
};

class ScriptedPolicy final : public Policy {
 public:
  explicit ScriptedPolicy(std::shared_ptr<Script> script) : script_{std::move(script)} {}

  Advice start(Instant at, const Box& box, Reason reason) override {
    script_->box = box;
    Advice advice = answer("start " + std::string{to_string(reason)}, at);
    advice.dwell = script_->dwells;
    if (!advice.because) advice.because = Because{reason, {}};
    return advice;
  }
  Advice on_applied(Instant at) override { return answer("applied", at); }
  Advice on_wake(Instant at) override { return answer("wake", at); }
  Advice on_reading(Instant at, std::span<const StationView> stations) override {
    script_->readings.emplace_back(stations.begin(), stations.end());
    Advice advice = answer("reading", at);
    advice.dwell = script_->dwells;
    return advice;
  }
  Advice on_station_left(Instant at, const MacAddress& station) override {
    return answer("left " + to_string(station), at);
  }
  std::optional<Proposal> proposal(Instant) const override {
    if (!script_->proposes) return std::nullopt;
    return Proposal{*script_->proposes, {}};
  }

 private:
  Advice answer(const std::string& call, Instant at) {
    script_->told.push_back(call + " @" + std::to_string(ms_of(at)));
    Advice advice{.level = script_->wants.value_or(script_->box->ceiling())};
    advice.read_now = script_->reads_now;
    if (script_->wakes_after) advice.wake = at + *script_->wakes_after;
    if (script_->says) advice.because = Because{*script_->says, {}};
    return advice;
  }

  std::shared_ptr<Script> script_;
};

/// A factory whose n-th domain follows scripts[n]; more are made as they are needed.
struct Scripts {
  std::vector<std::shared_ptr<Script>> scripts;

  PolicyFactory factory() {
    return [this] {
      if (made_ == scripts.size()) scripts.push_back(std::make_shared<Script>());
      return std::make_unique<ScriptedPolicy>(scripts[made_++]);
    };
  }
  Script& operator[](std::size_t n) {
    while (scripts.size() <= n) scripts.push_back(std::make_shared<Script>());
    return *scripts[n];
  }
  std::size_t made() const { return made_; }

 private:
  std::size_t made_ = 0;
};

inline std::vector<Dbm> levels_asked(const Outcome& outcome) {
  std::vector<Dbm> levels;
  for (const SetPower& command : outcome.commands) levels.push_back(command.level);
  return levels;
}

inline std::vector<Reason> reasons(const Outcome& outcome) {
  std::vector<Reason> all;
  for (const Decision& decision : outcome.decisions) all.push_back(decision.reason);
  return all;
}

}  // namespace pianissimo::test
