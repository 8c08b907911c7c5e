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
  /// So long after the last heartbeat the power is put back.
  static constexpr std::chrono::seconds patience{5};
  static constexpr std::chrono::seconds heartbeat_interval{1};

  /// What the child does: `is_dead` says whether the daemon has ended, or only hangs.
  using Act = std::function<void(bool is_dead)>;

  /// Forks. On an error there is no child, and is_there() is false.
  explicit Watchdog(const Act& act, std::chrono::milliseconds silence = patience);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  /// Tells the child that all is well, and that the end is meant.
  ~Watchdog();

  /// False: there is no child, or it has ended.
  bool beat() const;
  pid_t child() const { return child_; }

 private:
  int pipe_ = -1;
  pid_t child_ = -1;
};

}  // namespace pianissimo::service
