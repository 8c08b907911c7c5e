// What a law would lower the power to, watched until it is worth an operator's time.
#pragma once

#include <optional>

#include "controller/core/policy.hpp"

namespace pianissimo {

/// A level is proposed when it would have done at every reading of a minute. It stands until its
/// time is over, or until no reading of a minute agrees with it.
class Proposals {
 public:
  static constexpr Duration watched_for = std::chrono::seconds{60};
  /// What differs by less is no news.
  static constexpr Db news = db(2);

  /// What there is to say after a reading: `proposed` or `proposal_over`. Only what is below
  /// `lowest` is worth proposing; it holds for so long. `now`: what the law says.
  std::optional<Because> on_reading(Instant at, Dbm lowest, std::chrono::seconds holds,
                                    const std::optional<Proposal>& now);
  /// Forgets all.
  void reset() { *this = {}; }

  struct Standing {
    Instant since;
    Evidence evidence;  ///< with the level, and how long it holds
    friend bool operator==(const Standing&, const Standing&) = default;
  };
  const std::optional<Standing>& standing() const { return standing_; }

 private:
  std::optional<Because> over();

  std::optional<Standing> standing_;
  // Of the minute that runs.
  std::optional<Instant> began_;
  bool all_say_ = true;
  std::optional<Proposal> most_;
  std::optional<Dbm> least_;
};

}  // namespace pianissimo
