// Whether the kernel still answers: told what became of what it was asked. A pure value.
#pragma once

#include <chrono>
#include <map>
#include <optional>

#include "controller/core/identity.hpp"
#include "controller/core/time.hpp"

namespace pianissimo::service {

class Hearing {
 public:
  /// So long without a reading of its stations, and an interface is blind: nobody sees who loses
  /// what at a lowered power.
  static constexpr std::chrono::milliseconds blind_after{1000};
  /// So long without a list of the interfaces, and the daemon is deaf: what it writes does not
  /// arrive either. One request that times out takes as long.
  static constexpr std::chrono::milliseconds deaf_after{2000};

  void listed() { unlisted_since_.reset(); }
  void not_listed(Instant asked) { unlisted_since_ = unlisted_since_.value_or(asked); }
  bool is_deaf(Instant now) const {
    return unlisted_since_ && now - *unlisted_since_ >= deaf_after;
  }

  void read(InterfaceIndex interface) { unread_.erase(interface); }
  void not_read(InterfaceIndex interface, Instant asked) { unread_.try_emplace(interface, asked); }
  /// Whether it has become blind and nothing was done about it.
  bool is_newly_blind(InterfaceIndex interface, Instant now) const {
    const auto unread = unread_.find(interface);
    return unread != unread_.end() && !unread->second.is_known &&
           now - unread->second.since >= blind_after;
  }
  void see_to(InterfaceIndex interface) {
    const auto unread = unread_.find(interface);
    if (unread != unread_.end()) unread->second.is_known = true;
  }
  void forget(InterfaceIndex interface) { unread_.erase(interface); }

 private:
  struct Unread {
    explicit Unread(Instant asked) : since{asked} {}
    Instant since;
    bool is_known = false;
  };
  std::optional<Instant> unlisted_since_;
  std::map<InterfaceIndex, Unread> unread_;
};

}  // namespace pianissimo::service
