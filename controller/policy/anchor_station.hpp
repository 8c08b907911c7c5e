// What `anchor` knows of one station, and what the station says to the level in force.
#pragma once

#include <cmath>
#include <optional>
#include <utility>

#include "controller/core/estimate.hpp"
#include "controller/core/signal.hpp"
#include "controller/policy/anchor.hpp"
#include "controller/policy/anchor_places.hpp"

namespace pianissimo::anchor {

/// Readings follow each other closely: three in a row say as much as one.
inline constexpr double correlation = 3;
/// Where the rate depends on the signal, a decibel is worth about so much of the throughput
/// (MCS 0 to 9 in 80 MHz: x 13.3 within 24 dB, less the overhead).
inline constexpr double worth_of_db = 0.065;
/// Where retries are not counted, losses below a tenth do not show: so many dB more.
inline constexpr int blind_margin = 3;

/// The level in force, as the stations see it.
struct Trial {
  Dbm level;
  Instant since;        ///< in force since then
  bool was_up = false;  ///< reached by a step up
  int below = 0;        ///< dB below a level that was good for all; 0: it is that level
};

/// What a station says to it.
struct Vote {
  int up = 0;      ///< dB that it wants more; 0: none
  int margin = 0;  ///< and so many on top, since small losses of it cannot be seen
  Reason reason = Reason::throughput_fell;
  bool is_good = false;         ///< it keeps what it should, and has been watched long enough
  int step = 0;                 ///< and the next level may be so many dB lower
  bool is_fast = false;         ///< a large one: nothing is lost at its fastest rate
  bool is_indifferent = false;  ///< much less power and no difference to it
  bool doubt = false;           ///< nobody knows what the ceiling would give it
  Evidence evidence;
};

class Station {
 public:
  Station(const AnchorParams& params, const MacAddress& mac)
      : params_{&params}, mac_{mac}, places_{params.retry_first, params.retry_longest} {}

  /// Takes the next reading. `trial`: absent while no level is in force, so that nothing can be
  /// said of one. Returns true if the station has associated anew.
  bool on_reading(Instant at, const StationView& view, const std::optional<Trial>& trial,
                  Dbm ceiling);
  /// Another level will be in force.
  void begin_run() { run_ = {}; }
  /// A visit elsewhere begins, and is over: what was seen before it goes on counting.
  void begin_visit() { before_visit_ = std::exchange(run_, {}); }
  void end_visit() { run_ = before_visit_; }
  void leave(Instant at) { left_ = at; }
  void come_back(Instant at);
  bool is_here() const { return !left_; }
  Instant left_at() const { return left_.value_or(Instant{}); }

  /// It was sent something within the last readings.
  bool is_active(Instant at) const;
  /// Its last frame was sent so recently that its needs still count.
  bool has_say(Instant at) const;
  Vote vote(Instant at, const Trial& trial, const Box& box) const;
  void good(Instant at, Dbm level, bool is_indifferent) {
    places_.good(at, level, spare(at));
    is_indifferent_ = is_indifferent || (is_indifferent_ && spare(at) == 0);
  }
  /// The level was not good for it, as its vote says. Returns how long the level has to wait.
  Duration bad(Instant at, const Trial& trial, const Vote& vote);
  /// The level is too near to one that was not good.
  void avoid(Instant at, Dbm level) { places_.bad(at, level); }
  /// The level that would do for it, by what it shows at this one; nullopt: that shows nothing. No
  /// higher than this one (anchor_enough.cpp).
  std::optional<Dbm> enough(Instant at, Dbm level) const;
  /// How many dB below this level the power may go while it is quiet.
  int room_while_quiet(Instant at, Dbm level) const { return places_.room_unseen(at, level); }
  std::optional<Dbm> needs() const { return places_.needs(); }
  std::optional<Instant> opens_below(Instant at, Dbm level) const {
    return places_.opens_below(at, level);
  }
  /// dB that its signal has fallen by within the last seconds, if that is much and it has nothing
  /// to spare; 0 else. Tells it once.
  int fell(Instant at);
  const std::optional<double>& signal() const { return signal_.level(); }
  /// What is to spare: 3: at its fastest rate and not a trace of a loss; 2: next to none; 1: some
  /// loss; 0: a slower rate.
  int spare(Instant at) const;
  /// It became known whether its driver's counter of retries shows what is lost: what was measured
  /// before is of no use. True only once for each change.
  bool is_to_be_measured_anew() { return std::exchange(is_to_be_measured_anew_, false); }
  /// Bit rate of about the last second, if it was the same nearly all the time and went well.
  std::optional<BitRate> sustained_rate() const;
  Evidence evidence() const;

 private:
  struct Run {  // since the level is in force
    double readings = 0;
    double transmissions = 0;
    double acknowledged = 0;
    double weighted = 0;           // throughput x transmissions
    double fast = 0;               // throughput of the last few readings
    double fast_acknowledged = 1;  // share, of the same
    double alarm = 0;              // CUSUM of what is missing, in what chance may do
    double loss_alarm = 0;         // the same of the share that was acknowledged
    int collapsed = 0;             // readings in a row
    // Of about the last twenty readings.
    double late_readings = 0;
    double late_top = 0;
    double late_transmissions = 0;
    double late_acknowledged = 0;
    // Of about the last hundred.
    double long_readings = 0;
    double long_transmissions = 0;
    double long_acknowledged = 0;
    double mean() const { return transmissions > 0 ? weighted / transmissions : 0; }
  };
  struct Reference {        // what the ceiling gives
    double throughput = 0;  // Mbit/s per airtime
    double acknowledged = 0.95;
    double readings = 0;
    double transmissions = 0;
    double weighted = 0;
    double delivered = 0;
    Instant at{};
  };

  void measure_anew(Instant at, const std::optional<Trial>& trial);
  void record(const Delivery& delivery, const Trial& trial, Dbm ceiling);
  void learn_reference(const Delivery& delivery, const Trial& trial, bool is_ceiling);
  void alarm(Vote& vote, Instant at, const Trial& trial, const Box& box) const;
  bool has_seen_enough(Instant at, const Trial& trial, bool is_ceiling) const;
  void compare(Vote& vote, Instant at, const Trial& trial) const;
  void step_down(Vote& vote, Instant at, const Trial& trial, bool is_ceiling) const;
  bool is_climbing(Instant at, const Trial& trial) const;
  bool is_top() const { return run_.late_top >= 0.8 * run_.late_readings; }
  double goal() const;
  double line() const;
  bool every_db_counts() const;
  int bad_above(const Trial& trial) const;
  double reference_error(double deviation) const;
  double chance(double transmissions, double deviation) const;
  /// It is sent something nearly all the time.
  bool is_busy() const { return busy_ > 0.7 || dense_ >= 2; }
  /// It is sent fewer than about 1000 frames a second.
  bool is_sparse() const { return sent_ < 2000; }
  bool is_clean() const;
  bool is_leaking() const;
  bool is_moving() const {
    return signal_.level() && std::abs(*signal_.level() - slow_signal_) > 1.5;
  }
  /// Nothing was lost for so long that it is no chance.
  bool is_better(Instant at) const { return at - clean_since_ >= std::chrono::seconds{4}; }
  void follow_signal(Instant at, const StationView& view, bool acknowledged);

  const AnchorParams* params_;
  MacAddress mac_;
  StationEstimator estimator_;
  SignalTracker signal_;
  Places places_;
  Run run_;
  Run before_visit_;
  Reference reference_;
  double deviation_ = 0.05;        // of a reading's throughput, relative
  double share_deviation_ = 0.02;  // of its acknowledged share
  double busy_ = 0;                // share of the readings in which something was sent
  int dense_ = 0;                  // readings in a row that are rare and hold a lot
  bool is_indifferent_ = false;    // its losses are the same whatever the power
  bool is_blind_ = false;          // its losses are not counted
  std::optional<bool> counts_losses_;
  bool is_to_be_measured_anew_ = false;
  Instant recorded_{};
  Instant clean_since_{};
  std::optional<BitRate> rate_;
  double slow_signal_ = 0;
  Instant heard_{};
  // Where every decibel counts, a lower level is tried rarely, wherever the station is.
  Duration slope_wait_{};
  Instant slope_until_{};
  Instant fell_{};
  int falls_ = 0;  // one soon after the other
  Instant seen_{};
  Instant since_{};  // seen for the first time, or since it came back
  Instant associated_{};
  Instant last_active_{};
  double sent_ = 0;  // transmissions of about the last two seconds
  bool ever_active_ = false;
  std::optional<std::chrono::seconds> connected_;
  std::optional<Instant> left_;
};

}  // namespace pianissimo::anchor
