#include "experiments/replay/counterfactual.hpp"

#include <algorithm>

#include "experiments/replay/settings.hpp"

namespace pianissimo::replay {

void Counterfactual::begin(const policies::LabConfig& lab) {
  end();
  core_.emplace(lab.config.box, policy_of(lab), lab.config.verdict);
  is_apart_ = false;
  now_ = {};
  last_recorded_.reset();
  wake_.reset();
  under_way_.clear();
  latency_ = {};
  answers_.clear();
  mismatched_.clear();
  tainted_.clear();
}

void Counterfactual::end() {
  recorded_.end();
  here_.end();
  core_.reset();
}

void Counterfactual::tell(const Event& recorded, const Outcome* answered, const Place& place) {
  place_ = place;
  if (!answered) is_apart_ = true;
  const Instant at = time_of(recorded);
  const Instant silent_from = last_recorded_.value_or(at) + longest_silence;
  last_recorded_ = at;
  if (is_apart_) {
    left_out_ += std::max(Duration{}, at - silent_from);
    run_until(std::min(at, silent_from));
    follow_recording(recorded);
    recorded_.on(recorded);
    return;
  }
  recorded_.on(recorded);
  if (const auto* const result = std::get_if<PowerResult>(&recorded)) learn(*result);
  const Outcome mine = hear(recorded);
  if (mine.commands == answered->commands && mine.wake == answered->wake &&
      mine.read_now == answered->read_now) {
    return;
  }
  is_apart_ = true;
  if (!first_divergence_) first_divergence_ = place;
}

Outcome Counterfactual::hear(const Event& event) {
  now_ = std::max(now_, time_of(event));
  here_.on(event);
  look_at(event);
  listener_.told(event);
  Outcome outcome = core_->on(event);
  for (const Decision& decision : outcome.decisions) {
    const Ground ground = ground_of(decision.knob);
    ++counts_[static_cast<std::size_t>(ground)];
    listener_.decided(decision, ground);
  }
  for (const auto& [knob, ground] : mismatched_) tainted_.insert(knob);
  for (const SetPower& command : outcome.commands) under_way_.push_back({command, now_});
  wake_ = outcome.wake;
  return outcome;
}

// The answers and wakes of this world until the recording goes on.
void Counterfactual::run_until(Instant at) {
  for (;;) {
    const auto due =
        under_way_.empty() ? std::nullopt : std::optional{under_way_.front().since + latency_};
    if (due && *due <= at && (!wake_ || *due <= *wake_)) {
      const UnderWay command = under_way_.front();
      under_way_.pop_front();
      hear(answer(command));
    } else if (wake_ && *wake_ <= at) {
      const Instant wake = std::max(now_, *wake_);
      wake_.reset();
      hear(Wake{wake});
    } else {
      return;
    }
  }
}

void Counterfactual::follow_recording(const Event& recorded) {
  if (std::holds_alternative<Wake>(recorded)) return;
  if (const auto* const result = std::get_if<PowerResult>(&recorded)) return learn(*result);
  if (const auto* const up = std::get_if<InterfaceUp>(&recorded)) {
    // The power in it is the recorded world's: here it moved only if it did there, too.
    const Knob knob = knob_of(*up, {});
    const auto before = recorded_.level(knob);
    const auto here = here_.level(knob);
    InterfaceUp mine = *up;
    if (here && before && up->power <= *before) {
      mine.power = up->power == *before ? *here : std::min(*here, up->power);
    }
    hear(mine);
    return;
  }
  hear(recorded);
}

void Counterfactual::learn(const PowerResult& result) {
  if (result.answer != PowerAnswer::busy && result.answer != PowerAnswer::gone) {
    answers_.insert_or_assign({result.knob, result.asked}, result);
  }
  const auto command = std::ranges::find_if(under_way_, [&](const UnderWay& under_way) {
    return under_way.command == SetPower{result.knob, result.asked};
  });
  if (is_apart_ || command == under_way_.end()) return;
  latency_ = std::max(Duration{0}, result.at - command->since);
  under_way_.erase(command);
}

PowerResult Counterfactual::answer(const UnderWay& under_way) const {
  const auto& [knob, level] = under_way.command;
  PowerResult result{.knob = knob, .asked = level, .read_back = level};
  if (const auto known = answers_.find({knob, level}); known != answers_.end()) {
    result = known->second;
  }
  result.at = std::max(now_, under_way.since + latency_);
  return result;
}

// Which knobs this event says something wrong about.
void Counterfactual::look_at(const Event& event) {
  mismatched_.clear();
  const auto* const report = std::get_if<StationReport>(&event);
  if (!report || !is_apart_) return;
  for (const Knob& knob : here_.knobs_of(*report)) {
    const auto here = here_.level(knob);
    const auto recorded = recorded_.level(knob);
    if (!here || !recorded || *here == *recorded) continue;
    const bool visited = recorded_.has_visited(knob, *here);
    mismatched_.emplace(knob, visited ? Ground::other_level : Ground::never_visited);
    if (tainted_.contains(knob)) continue;
    const FirstUnsupported first{place_, report->at, knob, *recorded, *here};
    if (!first_unsupported_) first_unsupported_ = first;
    listener_.unsupported(first);
  }
}

Ground Counterfactual::ground_of(const Knob& knob) const {
  const auto mismatch = mismatched_.find(knob);
  if (mismatch != mismatched_.end()) return mismatch->second;
  return tainted_.contains(knob) ? Ground::after : Ground::recorded;
}

}  // namespace pianissimo::replay
