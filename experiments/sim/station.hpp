// A station as its access point knows it: queue, rate control, counters, and the link to it.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "controller/core/station.hpp"
#include "experiments/sim/bit_rate.hpp"
#include "experiments/sim/counters.hpp"
#include "experiments/sim/link_table.hpp"
#include "experiments/sim/rate_control.hpp"
#include "experiments/sim/scenario.hpp"
#include "experiments/testbed/medium/truth.hpp"

namespace pianissimo::sim {

/// A link over time: planned path loss and fading, held for 10 ms.
class Link {
 public:
  Link(const testbed::LossProfile& loss, const testbed::FadingParams& fading, std::uint64_t seed,
       Instant start);

  /// Looks at the time, which never decreases.
  void advance(Instant now);
  double loss_db() const { return loss_db_; }      ///< as planned
  double fading_db() const { return fading_db_; }  ///< gain on top
  double gain_db() const { return fading_db_ - loss_db_; }

 private:
  const testbed::LossProfile& profile_;
  testbed::Fading fading_;
  Instant start_;
  Instant valid_until_{};
  double loss_db_ = 0;
  double fading_db_ = 0;
};

class Station {
 public:
  /// `scenario` must outlive it. `bit_rate`: in place of a rate control.
  Station(const Scenario& scenario, int index, std::uint64_t seed,
          std::shared_ptr<const LinkTable> table, const std::optional<MaskedRate>& bit_rate);

  const MacAddress& mac() const { return mac_; }
  const StationPlan& plan() const { return plan_; }
  const LinkTable& table() const { return *table_; }
  Link& link(int access_point) { return links_[static_cast<std::size_t>(access_point)]; }

  /// With this access point from now on: counters and rate control begin anew. None: gone.
  void associate(Instant now, std::optional<int> access_point);
  const std::optional<int>& access_point() const { return access_point_; }

  /// Frames that wait; a gone station's are lost.
  std::int64_t backlog(Instant now);
  Instant next_arrival() const { return traffic_.next(); }
  /// The rates of the next transmission: settled when it was handed to the hardware.
  Chain next_chain(Instant now);
  void on_status(Instant now, const TxStatus& status);

  /// What became of one transmission of `mpdus` (the queue's first).
  struct Attempt {
    int mpdus = 0;
    int received = 0;       ///< for the first time
    int retried = 0;        ///< MPDUs that will have to be sent again
    bool acked = false;     ///< an answer came back
    double uplink_dbm = 0;  ///< the level of answers, if anything was received
    Duration airtime{};
    Duration data_time{};
  };
  void on_attempt(Instant now, const Attempt& attempt);
  /// The exchange is over after `tries`: so many left the queue, `failed` of them undelivered.
  void on_exchange(Instant now, int tries, int left, int failed);

  /// The level at which its frames and answers arrive at this access point, whose link has been
  /// advanced to `now`.
  double uplink_dbm(int access_point, Instant now);
  /// Whatever it has sent of its own accord until now is received. Before the link to its access
  /// point is advanced further.
  void listen(Instant now);

  /// As a dump of its access point shows it now.
  StationSample sample(Instant now);

  /// What the air gave it since the last call, for the truth.
  testbed::Tally take_tally() { return std::exchange(tally_, {}); }
  std::uint64_t offered_frames() const { return offered_; }
  testbed::Tally& tally() { return tally_; }

 private:
  const AccessPointPlan& access_point_plan() const {
    return scenario_.access_points[static_cast<std::size_t>(*access_point_)];
  }
  void hand_over(Instant now, std::size_t under_way);
  void receive(Instant now, int frames, double level_dbm);
  std::unique_ptr<RateControl> make_rate_control(int access_point) const;

  const Scenario& scenario_;
  const StationPlan& plan_;
  MacAddress mac_;
  std::uint64_t seed_;
  int index_;
  std::shared_ptr<const LinkTable> table_;
  std::optional<MaskedRate> bit_rate_;
  std::vector<Link> links_;
  Traffic traffic_;
  Uplink uplink_;
  std::unique_ptr<RateControl> rate_control_;
  std::vector<Chain> in_hardware_;  // handed over and not yet begun
  bool hardware_full_ = false;
  std::optional<int> access_point_;
  Instant associated_{};
  Instant last_heard_{};
  std::int64_t waiting_ = 0;
  std::uint64_t offered_ = 0;
  StationCounters counters_{CountersPlan{}};
  std::uint64_t rx_bytes_ = 0;
  std::uint32_t rx_packets_ = 0;
  SignalReading signal_;
  SignalReading ack_signal_;
  RateId last_rate_ = no_rate;
  Instant start_;               // of the measured part
  std::size_t power_step_ = 0;  // of its own power
  testbed::Tally tally_;
};

}  // namespace pianissimo::sim
