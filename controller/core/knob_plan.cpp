#include "controller/core/knob_plan.hpp"

#include <algorithm>

namespace pianissimo {
namespace {

using namespace std::chrono_literals;

// A busy driver (mt7615 drains its queue for up to 200 ms) is free again soon; a refusal on
// principle may end when somebody changes the set-up, so it is worth a rare try.
Duration back_off(PowerAnswer answer, int refusals) {
  const bool busy = answer == PowerAnswer::busy;
  const Duration first = busy ? Duration{50ms} : Duration{1s};
  const Duration longest = busy ? Duration{5s} : Duration{60s};
  return std::min(first * (1 << std::min(refusals - 1, 10)), longest);
}

}  // namespace

void KnobPlan::want(Dbm level) {
  if (level == desired_) return;
  desired_ = level;
  refusals_ = 0;
  retry_at_.reset();
}

std::optional<Dbm> KnobPlan::next(Instant at) {
  if (in_force_ == desired_) retry_at_.reset();  // somebody else has moved it there
  if (asked_ || in_force_ == desired_) return std::nullopt;
  if (retry_at_ && at < *retry_at_) return std::nullopt;
  retry_at_.reset();
  asked_ = desired_;
  return asked_;
}

void KnobPlan::on(const PowerResult& result) {
  const bool about_desired = asked_ == desired_;
  asked_.reset();
  if (result.answer == PowerAnswer::accepted) {
    in_force_ = result.asked;
    refusals_ = 0;
    return;
  }
  if (!about_desired) return;
  ++refusals_;
  retry_at_ = result.at + back_off(result.answer, refusals_);
}

void KnobPlan::moved_to(Dbm level) {
  if (!asked_) in_force_ = level;
}

}  // namespace pianissimo
