// Puts the power back when the daemon hangs, is stopped, or dies without a word.
#pragma once

#include <sys/types.h>

#include <functional>

#include "controller/core/time.hpp"

namespace pianissimo::service {

/// A child process that waits for the daemon's heartbeat and acts when there has been none for a
/// while. It is forked before anything is opened, so that it holds nothing of the daemon's.
class Watchdog {
 public:
  static constexpr std::chrono::seconds heartbeat_interval{1};
  struct Patience {
    std::chrono::milliseconds silence{5000};  ///< so long after the last heartbeat the child acts
    /// So long after the daemon's end. Somebody else may put the power back meanwhile, or start
    /// anew: then there is nothing to do.
    std::chrono::milliseconds end{5000};
  };

  /// What the child does: `is_dead` says whether the daemon has ended, or only hangs.
  using Act = std::function<void(bool is_dead)>;

  /// Forks. On an error there is no child, and beat() is false.
  explicit Watchdog(const Act& act, Patience patience);
  explicit Watchdog(const Act& act) : Watchdog{act, Patience{}} {}
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  /// Tells the child that all is well, and that the end is meant.
  ~Watchdog();

  /// False: there is no child, or it has ended.
  bool beat() const;
  /// The daemon ends, and has not done what there was to do: the child acts as on its death.
  void hand_over();
  pid_t child() const { return child_; }

 private:
  int pipe_ = -1;
  pid_t child_ = -1;
};

}  // namespace pianissimo::service
