// What a station was found to need, by place. A place is level + signal: what the station hears, up
// to a constant. So what was learnt at one place holds when the station is there again.
#pragma once

#include <map>
#include <optional>

#include "controller/core/time.hpp"
#include "controller/core/units.hpp"

namespace pianissimo::anchor {

class Places {
 public:
  /// A level that was not enough is tried again after `first`, then after twice as long each time,
  /// up to `longest`.
  Places(Duration first, Duration longest) : first_{first}, longest_{longest} {}

  /// The signal at which levels mean what they mean from now on, dBm; the first one or another.
  void move_to(double signal);
  bool has_signal() const { return offset_.has_value(); }
  /// How far a signal is from it, dB; 0 before the first.
  double distance(double signal) const { return offset_ ? signal - *offset_ : 0; }
  Dbm place_of(Dbm level) const { return level + db(offset_.value_or(0)); }

  /// The level was enough. `spare`: with so much to spare, 0..3.
  void good(Instant at, Dbm level, int spare);
  /// It was not. Returns how long it has to wait now, `least` or longer.
  Duration bad(Instant at, Dbm level, Duration least = {});
  /// Something was lost, and so much power is asked for: what is known to be enough, as long as no
  /// lower level has been good.
  void ask(Dbm level);
  /// What there was to spare at the level that was good last.
  int spare() const { return spare_; }
  /// Lowest level that was enough, or what was asked for since; nullopt if none is known.
  std::optional<Dbm> needs() const;
  /// How many whole dB below `level` may be tried: not as far as a level that has to wait, and not
  /// beyond one that was not enough when it was tried last. `is_better`: by now there is much more
  /// to spare than there was for a while: what failed when there was little need not wait.
  int room_below(Instant at, Dbm level, bool is_better) const;
  /// How many whole dB below `level` the lowest level is that was enough within the last minutes,
  /// and one more; 0 if none is known.
  int known_room(Instant at, Dbm level) const;
  /// How many whole dB below `level` the power may go while nothing can be measured: to the level
  /// that was enough, or just below; not below what was asked for.
  int room_unseen(Instant at, Dbm level) const;
  /// When the highest level below `level` that has to wait may be tried; nullopt: none has to.
  std::optional<Instant> opens_below(Instant at, Dbm level) const;

 private:
  struct Bar {
    Instant until{};
    Duration wait{};
    Instant held{};  // good since then, in spite of the bar
    int spare = 0;   // at the level above, when it was set
  };
  int key(Dbm level) const { return level.mbm() / 100 + offset_.value_or(0); }

  Duration first_;
  Duration longest_;
  std::optional<int> offset_;
  std::map<int, Bar> bars_;
  std::optional<int> enough_;
  std::optional<int> asked_;
  std::optional<Dbm> asked_level_;  // wherever it seems to have gone since
  Instant enough_at_{};
  int spare_ = 0;
};

}  // namespace pianissimo::anchor
