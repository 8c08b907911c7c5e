#include "controller/core/proposals.hpp"

#include <algorithm>

namespace pianissimo {

std::optional<Because> Proposals::on_reading(Instant at, Dbm lowest, std::chrono::seconds holds,
                                             const std::optional<Proposal>& now) {
  if (standing_ && at - standing_->since >= holds) {
    began_.reset();
    return over();
  }
  if (!began_) {
    began_ = at;
    all_say_ = true;
    most_.reset();
    least_.reset();
  }
  all_say_ = all_say_ && now;
  if (now) {
    if (!most_ || now->level > most_->level) most_ = now;
    least_ = std::min(least_.value_or(now->level), now->level);
  }
  if (at - *began_ < watched_for) return std::nullopt;
  began_.reset();
  const bool is_agreed = standing_ && least_ && *least_ <= *standing_->evidence.level;
  const bool is_worth_it = all_say_ && most_ && most_->level < lowest;
  const bool is_news =
      !standing_ || !is_agreed || (most_ && *standing_->evidence.level - most_->level >= news);
  if (is_worth_it && is_news) {
    Evidence evidence = most_->evidence;
    evidence.level = most_->level;
    evidence.wait = holds;
    standing_ = Standing{at, evidence};
    return Because{Reason::proposed, evidence};
  }
  return standing_ && !is_agreed ? over() : std::nullopt;
}

std::optional<Because> Proposals::over() {
  const std::optional<Dbm> level = standing_->evidence.level;
  standing_.reset();
  return Because{Reason::proposal_over, {.level = level}};
}

}  // namespace pianissimo
