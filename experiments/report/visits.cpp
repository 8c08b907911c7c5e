#include "experiments/report/visits.hpp"

namespace pianissimo::report {

std::optional<Duration> Visit::length() const {
  if (!began || !ended) return std::nullopt;
  return *ended - *began;
}

void VisitTracker::on(const Decision& decision) {
  switch (decision.reason) {
    case Reason::visit:
      open_[decision.knob] = {visits_.size()};
      unjudged_[decision.knob] = visits_.size();
      visits_.push_back({.decided = decision.at,
                         .knob = decision.knob,
                         .level = decision.from,
                         .ceiling = decision.to});
      return;
    case Reason::visit_over:
      if (const auto open = open_.find(decision.knob); open != open_.end()) {
        open->second.over = true;
      }
      return;
    case Reason::visit_passed:
    case Reason::visit_failed:
    case Reason::visit_inconclusive:
      if (const auto found = unjudged_.find(decision.knob); found != unjudged_.end()) {
        visits_[found->second].outcome = decision.reason;
        visits_[found->second].evidence = decision.evidence;
        unjudged_.erase(found);
      }
      return;
    case Reason::start:
    case Reason::station_joined:
    case Reason::box_changed:
    case Reason::single_level:
    case Reason::fixed:
      if (const auto open = open_.find(decision.knob); open != open_.end()) {
        if (!open->second.over) visits_[open->second.visit].interrupted = true;
        open_.erase(open);
      }
      unjudged_.erase(decision.knob);
      return;
    default:
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
