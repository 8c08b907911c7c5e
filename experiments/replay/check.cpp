#include "experiments/replay/check.hpp"

#include "experiments/replay/settings.hpp"

namespace pianissimo::replay {
namespace {

// As the journal has them: it need not hold the last bit of a share.
bool are_equal(const Decision& a, const Decision& b) {
  return a == b || journal::to_line({a.at, 0, a}) == journal::to_line({b.at, 0, b});
}

}  // namespace

void Check::begin(const policies::LabConfig& lab) {
  end();
  controller_.emplace(lab.config.box, policy_of(lab), lab.config.verdict);
  is_exact_ = true;
}

const Outcome& Check::tell(const Event& event, const Place& place) {
  settle(false);
  outcome_ = controller_->on(event);
  answered_ = 0;
  event_ = place;
  return outcome_;
}

void Check::recorded(const Decision& decision, const Place& place) {
  ++recorded_count_;
  const bool has_answer = answered_ < outcome_.decisions.size();
  const Decision* const mine = has_answer ? &outcome_.decisions[answered_] : nullptr;
  if (mine) {
    ++answered_;
    ++replayed_count_;
  }
  if (mine && are_equal(*mine, decision)) {
    ++equal_;
  } else if (is_exact_ && !first_) {
    first_ = Difference{event_.file ? event_ : place, place, decision,
                        mine ? std::optional{*mine} : std::nullopt};
  }
}

void Check::lose_track() {
  is_exact_ = false;
  settle(true);
}

void Check::end() {
  settle(true);
  controller_.reset();
  event_ = {};
}

// What the core has decided and the recording does not have. At the end of a run the recording may
// have been cut.
void Check::settle(bool is_end) {
  const std::size_t unanswered = outcome_.decisions.size() - answered_;
  if (unanswered > 0 && !is_end) {
    replayed_count_ += unanswered;
    if (is_exact_ && !first_) {
      first_ = Difference{event_, std::nullopt, std::nullopt, outcome_.decisions[answered_]};
    }
  }
  outcome_ = {};
  answered_ = 0;
}

}  // namespace pianissimo::replay
