// A law on a bench: a knob that obeys at once unless it is told otherwise, readings every 50 ms and
// when they are wanted, and stations whose counters, rates and signals are functions of the level.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "controller/core/policy.hpp"
#include "tests/unit/core/words.hpp"

namespace pianissimo::test {

struct BenchStation {
  int packets = 100;  ///< delivered per 50 ms
  /// Share of the attempts that is acknowledged at this level, (0, 1].
  std::function<double(std::int32_t dbm)> success = [](std::int32_t) { return 1.0; };
  std::function<Throughput(std::int32_t dbm)> rate = [](std::int32_t) { return mbps(390); };
  /// VHT, two streams: 9 is the fastest.
  std::function<int(std::int32_t dbm)> mcs = [](std::int32_t) { return 9; };
  std::optional<Dbm> signal = dbm(-60);
  bool is_silent = false;      ///< nothing is sent to it; the estimate is what the rate delivers
  bool counts_retries = true;  ///< its driver does
  bool shows_losses = true;    ///< false: its driver counts retries, but not those of lost frames
  /// Its driver asks its firmware that often; 0: the counters are always new.
  std::chrono::milliseconds polled_every{0};
  std::chrono::seconds connected{1};  ///< for so long
};

/// One decision: at this time this level was chosen, for this reason.
struct Choice {
  std::int64_t ms = 0;
  std::int32_t dbm = 0;
  Reason reason = Reason::start;
  Evidence evidence;
};

class Bench {
 public:
  Bench(std::unique_ptr<Policy> policy, std::int32_t floor, std::int32_t ceiling);

  BenchStation& operator[](const MacAddress& station) { return stations_[station].what; }
  void leaves(const MacAddress& station);
  void starts(Reason reason = Reason::start);
  /// How long the knob takes to obey from now on.
  void set_knob_delay(std::chrono::milliseconds delay) { delay_ = delay; }
  /// Until this time, with all that happens at it. Starts if nobody has yet.
  void run_until(std::int64_t ms);

  std::int32_t level() const { return level_.mbm() / 100; }
  /// The level that most of the time until now was spent at.
  std::int32_t usual_level() const;
  /// Every level that was in force, one entry per change.
  const std::vector<std::int32_t>& levels() const { return levels_; }
  const std::vector<Reason>& reasons() const { return reasons_; }
  const std::vector<Choice>& choices() const { return choices_; }
  /// The numbers behind the last of them.
  const Evidence& evidence() const { return evidence_; }

 private:
  struct Counted {
    BenchStation what;
    double packets = 0;
    double retries = 0;
    StationTotals shown;  // by its driver
    Instant asked{};      // its firmware, for them
    StationSample last;
  };
  void advance(Instant to);
  void read();
  void follow(const Advice& advice);

  std::unique_ptr<Policy> policy_;
  Box box_;
  Dbm level_;
  bool started_ = false;
  Instant now_{};
  Instant next_reading_{};
  std::optional<Instant> wake_;
  Duration delay_{};
  std::optional<Instant> obeys_;
  std::map<MacAddress, Counted> stations_;
  std::vector<std::int32_t> levels_;
  std::vector<Reason> reasons_;
  std::vector<Choice> choices_;
  Evidence evidence_;
  std::map<std::int32_t, Duration> spent_;
};

}  // namespace pianissimo::test
