// A random but lawful kernel: everything it tells could happen, and all of it is drawn from a seed.
#pragma once

#include <map>
#include <random>
#include <vector>

#include "controller/core/decision.hpp"
#include "controller/core/events.hpp"

namespace pianissimo::test {

class World {
 public:
  /// Two interfaces of one radio, driven through this kind of knob.
  World(std::uint32_t seed, KnobKind path);

  /// What happens next: at any time not before the last, but for reports, which may be about a
  /// little earlier.
  Event next();
  /// What the core answered to it.
  void take(const Outcome& outcome);

  /// From now on nobody joins, leaves or refuses, every interface has 20 levels and every station
  /// has traffic: then next() tells only wakes on time, answers and reports every 100 ms. Each
  /// interface has one station, which was never seen before if `strangers`.
  void calm_down(bool strangers = false);

  /// From now on operators have wishes, too.
  void let_operators_speak() { has_operators_ = true; }

  Instant now() const { return now_; }

 private:
  struct Station {
    StationSample counters;
    bool in_next_report = true;
  };
  struct Interface {
    InterfaceUp up;
    bool is_up = false;
    std::map<MacAddress, Station> stations;
  };

  std::int64_t draw(std::int64_t low, std::int64_t high);
  bool one_in(std::int64_t n) { return draw(1, n) == 1; }
  Interface& any_interface() { return interfaces_[static_cast<std::size_t>(draw(0, 1))]; }
  MacAddress any_station();
  bool is_there(const Knob& knob) const;

  Event come_up(Interface& interface);
  Event change(Interface& interface);
  Event go(Interface& interface);
  Event join(Interface& interface);
  Event leave(Interface& interface);
  Event report(Interface& interface);
  Event answer(std::size_t which);
  Event wish(InterfaceIndex interface);
  Event wake();
  Event next_calm();
  void live(Station& station);
  void live_at_the_edges(StationSample& seen);
  void lose_some(StationSample& seen);
  BitRate any_rate();

  std::mt19937 random_;
  std::vector<Interface> interfaces_;
  Instant now_{};
  std::vector<SetPower> under_way_;
  Dbm last_asked_;
  std::optional<Instant> wake_;
  bool has_operators_ = false;
  bool calm_ = false;
  std::vector<Event> agenda_;  // when calm: what is told first
  std::size_t reports_ = 0;
  Instant next_report_{};
};

}  // namespace pianissimo::test
