// An access point with its controller: what the daemon's loop and the kernel do between them, in
// virtual time.
#pragma once

#include <vector>

#include "experiments/sim/air.hpp"
#include "experiments/sim/daemon_loop.hpp"
#include "experiments/sim/run.hpp"

namespace pianissimo::sim {

class AccessPoint : private Plant {
 public:
  /// All references must outlive it.
  AccessPoint(const Scenario& scenario, const RunOptions& options, int index, Radio& radio,
              Air& air, std::vector<Station>& stations, AccessPointRun& run);

  /// The daemon starts.
  void start(Instant now);
  /// When something is due here.
  Instant next() const { return loop_.next(); }
  /// Does what is due at `now`.
  void advance(Instant now) { loop_.advance(now); }
  void on_joined(Instant now, const MacAddress& station);
  void on_left(Instant now, const MacAddress& station);

 private:
  std::vector<StationSample> read(Instant now) override;
  Instant begin(Instant now, const SetPower& command) override;
  PowerResult land(Instant now, const SetPower& command) override;
  void told(const Event& event) override { note(time_of(event), event); }
  void decided(Instant at, const Decision& decision) override;
  Dbm obeyed(Dbm asked) const;
  void note(Instant at,
            std::variant<journal::Header, Event, Decision, journal::Lost, journal::Note> what);

  const RunOptions& options_;
  const AccessPointPlan& plan_;
  const int index_;
  const InterfaceIndex interface_;
  Radio& radio_;
  Air& air_;
  std::vector<Station>& stations_;
  AccessPointRun& run_;
  Instant measured_from_;
  DaemonLoop loop_;
};

}  // namespace pianissimo::sim
