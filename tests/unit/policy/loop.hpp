// A closed loop without a kernel: a policy in a Controller, stations whose throughput is a function
// of the level, a knob, and a virtual clock. What comes out is a table of decisions.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "controller/core/controller.hpp"
#include "tests/unit/core/words.hpp"

namespace pianissimo::test {

/// One line of the table: at this time this level was chosen, for this reason.
struct Line {
  std::int64_t ms;
  std::int32_t dbm;
  Reason reason;
  friend bool operator==(const Line&, const Line&) = default;
  friend void PrintTo(const Line& line, std::ostream* out) {
    *out << "\n{" << line.ms << ", " << line.dbm << ", " << to_string(line.reason) << "}";
  }
};
using Table = std::vector<Line>;

/// What the kernel expects of a station at a level (dBm) and a time (ms); absent: no estimate.
using Estimate = std::function<std::optional<Throughput>(std::int32_t dbm, std::int64_t ms)>;

/// Throughput in kbps per level. A level that is not in the list has the highest of the lower ones.
Estimate by_level(std::map<std::int32_t, std::int64_t> kbps);
/// The same at every level.
Estimate flat(std::int64_t kbps = 100'000);

class Loop {
 public:
  /// An access point found at `ceiling`. Nothing happens before run_until().
  Loop(PolicyFactory policy, std::int32_t floor, std::int32_t ceiling);

  /// It is in every report from now on.
  void add(const MacAddress& station, Estimate estimate);
  /// Bytes sent to it per millisecond from now on; 1000 at first.
  void load(const MacAddress& station, std::int64_t bytes_per_ms);
  /// The kernel says that it has joined, or left, now.
  void joins(const MacAddress& station, Estimate estimate);
  void leaves(const MacAddress& station);
  void tell(const Event& event);
  /// How long the knob takes to obey; nothing at first.
  void set_knob_delay(std::chrono::milliseconds delay) { delay_ = delay; }

  /// Wakes, reads every 50 ms and whenever it is wanted, and answers commands, up to this time and
  /// all that happens at it.
  void run_until(std::int64_t ms);

  Instant now() const { return now_; }
  Table table() const;
  const std::vector<Decision>& decisions() const { return decisions_; }
  std::int64_t commands() const { return commands_; }

 private:
  struct Station {
    Estimate estimate;
    std::uint64_t bytes = 0;  // up to `since`
    Instant since{};
    std::int64_t bytes_per_ms = 1000;
    std::uint64_t bytes_at(Instant at) const;
  };

  void perform(const Outcome& outcome);
  void answer();
  void report();

  Controller controller_;
  std::int32_t ceiling_;
  std::map<MacAddress, Station> stations_;
  Instant now_{};
  bool begun_ = false;
  Instant next_poll_{};
  std::optional<Instant> wake_;
  Duration delay_{};
  std::optional<std::pair<Instant, SetPower>> under_way_;
  // In force since now_ and before. An estimate tells of the past: at the very moment of a change
  // it is still that of the level before.
  Dbm in_force_;
  Dbm before_;
  Instant changed_{Duration{-1}};
  std::vector<Decision> decisions_;
  std::int64_t commands_ = 0;
};

}  // namespace pianissimo::test
