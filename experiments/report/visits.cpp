#include "experiments/report/visits.hpp"

namespace pianissimo::report {

std::optional<Duration> Visit::length() const {
  if (!began || !ended) return std::nullopt;
  return *ended - *began;
}

void VisitTracker::on(const Decision& decision) {
  switch (mark_of(decision.reason)) {
    case Mark::visit_begin:
      open_[decision.knob] = {visits_.size()};
      unjudged_[decision.knob] = visits_.size();
      visits_.push_back({.decided = decision.at,
                         .knob = decision.knob,
                         .level = decision.from,
                         .ceiling = decision.to});
      return;
    case Mark::visit_end:
      if (const auto open = open_.find(decision.knob); open != open_.end()) {
        open->second.over = true;
      }
      return;
    case Mark::visit_passed:
    case Mark::visit_failed:
    case Mark::visit_undecided:
      if (const auto found = unjudged_.find(decision.knob); found != unjudged_.end()) {
        visits_[found->second].outcome = decision;
        unjudged_.erase(found);
      }
      return;
    case Mark::begin:
      if (const auto open = open_.find(decision.knob); open != open_.end()) {
        if (!open->second.over) visits_[open->second.visit].interrupted = true;
        open_.erase(open);
      }
      unjudged_.erase(decision.knob);
      return;
    case Mark::other:
    case Mark::down:
    case Mark::up:
    case Mark::loss:
    case Mark::trouble:
      return;
  }
}

void VisitTracker::on(const PowerResult& result) {
  const auto open = open_.find(result.knob);
  if (open == open_.end() || result.answer != PowerAnswer::accepted) return;
  Visit& visit = visits_[open->second.visit];
  if (!visit.began) {
    if (result.asked == visit.ceiling) visit.began = result.at;
    return;
  }
  if (open->second.over && result.asked < visit.ceiling) {
    visit.ended = result.at;
    open_.erase(open);
  }
}

}  // namespace pianissimo::report
