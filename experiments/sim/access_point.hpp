// An access point with its controller: what the daemon's loop and the kernel do between them, in
// virtual time.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "controller/core/controller.hpp"
#include "experiments/sim/air.hpp"
#include "experiments/sim/run.hpp"

namespace pianissimo::sim {

class AccessPoint {
 public:
  /// All references must outlive it.
  AccessPoint(const Scenario& scenario, const RunOptions& options, int index, Radio& radio,
              Air& air, std::vector<Station>& stations, AccessPointRun& run);

  /// The daemon starts.
  void start(Instant now);
  /// When something is due here.
  Instant next() const;
  /// Does what is due at `now`.
  void advance(Instant now);
  void on_joined(Instant now, const MacAddress& station);
  void on_left(Instant now, const MacAddress& station);

 private:
  void tell(const Event& event);
  void work(Instant now);
  void land(Instant now);
  void read(Instant now);
  Instant begin_command(Instant now);
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
  Controller controller_;
  bool started_ = false;
  Instant measured_from_;
  Instant tick_ = Instant::max();
  std::optional<Instant> wake_;
  std::deque<SetPower> commands_;
  std::optional<Instant> answer_at_;  // of the first command, which is under way
  bool read_wanted_ = false;
};

}  // namespace pianissimo::sim
