// An access point's radio: power, whose turn it is, and the exchange under way. When it may be on
// the air, and what else is on it, Air knows.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "controller/core/identity.hpp"
#include "experiments/sim/interference.hpp"
#include "experiments/sim/station.hpp"

namespace pianissimo::sim {

/// A transmission as it begins.
struct Flight {
  int station = 0;
  double power_dbm = 0;
  Duration data{};   ///< on the air
  Duration total{};  ///< and until the answer has come, or has not
};

/// What other transmissions did to one.
struct Hits {
  Duration overlap{};         ///< of its data
  double energy = 0;          ///< mW at the receiver times ns of overlap
  double at_preamble_mw = 0;  ///< when it began
};

class Radio {
 public:
  /// `scenario` and `stations` must outlive it.
  Radio(const Scenario& scenario, int index, std::vector<Station>& stations, std::uint64_t seed);

  /// Moves the level on the air; of a station knob, that station's.
  void set_power(const std::optional<MacAddress>& station, Dbm level);
  Dbm power() const { return power_; }
  Dbm power_for(const MacAddress& station) const;
  /// What is on the air at this level, dBm.
  double radiated_dbm(Dbm level) const;

  /// Nothing is sent before.
  void be_silent_until(Instant time) { silent_until_ = std::max(silent_until_, time); }
  Instant silent_until() const { return silent_until_; }
  /// Until when something that is no transmission of ours keeps the channel busy, if it does.
  std::optional<Instant> busy_until(Instant at);

  /// When there is something to send: now or later; max() if nobody knows.
  Instant ready(Instant now);
  /// Slots to wait before the next attempt.
  int draw_backoff();
  Flight begin(Instant now);
  void end(Instant now, const Hits& hits);
  /// A station has come or gone: an exchange with it is lost.
  void forget(int station);

 private:
  struct Exchange {
    int station = 0;
    Chain chain;
    Chain used;
    std::size_t stage = 0;
    int tries = 0;  // of all stages
    int mpdus = 0;
    std::uint64_t received = 0;  // bit per MPDU
  };

  bool belongs(const Station& station) const { return station.access_point() == index_; }
  std::optional<int> next_station(Instant now);
  void begin_exchange(Instant now, int station);
  double noise_rise_db(const Station& station, double mw) const;
  std::uint64_t received_now(const Station& station, RateId rate, const Hits& hits);
  void finish(Instant now, bool acked);

  const Scenario& scenario_;
  const int index_;
  std::vector<Station>& stations_;
  Random random_;
  std::optional<Interference> interference_;
  Dbm power_;
  std::map<MacAddress, Dbm> station_power_;
  Instant silent_until_{};
  std::optional<Exchange> exchange_;
  int window_ = testbed::contention_window_min;
  int backoff_ = 0;
  // Airtime is shared fairly: the station that had least is next.
  std::vector<double> airtime_us_;
  std::vector<bool> had_backlog_;
  double airtime_floor_us_ = 0;
  double rssi_dbm_ = 0;         // of the attempt on the air, at the receiver
  double interference_mw_ = 0;  // there, of what is no transmission of ours
};

}  // namespace pianissimo::sim
