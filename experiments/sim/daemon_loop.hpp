// The daemon's loop in virtual time: readings, wakes and commands, one thing at a time. What lies
// under it, a simulated kernel or a recording, is a Plant.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "controller/core/controller.hpp"

namespace pianissimo::sim {

/// What the loop would ask the kernel for.
class Plant {
 public:
  virtual ~Plant() = default;

  /// A dump of all stations.
  virtual std::vector<StationSample> read(Instant now) = 0;
  /// A command is given; when it will have taken effect and be answered.
  virtual Instant begin(Instant now, const SetPower& command) = 0;
  /// That time has come.
  virtual PowerResult land(Instant now, const SetPower& command) = 0;
  // For writing it down: what the controller is told, and what it decides.
  virtual void told(const Event&) {}
  virtual void decided(Instant, const Decision&) {}
};

class DaemonLoop {
 public:
  struct Params {
    BoxParams box;
    PolicyFactory policy;
    std::chrono::milliseconds interval{50};  ///< between two readings
    VerdictParams verdict{.enabled = false};
  };

  /// `plant` must outlive it.
  DaemonLoop(const Params& params, Plant& plant)
      : controller_{params.box, params.policy, params.verdict},
        interval_{params.interval},
        plant_{plant} {}

  /// The daemon starts: its interface comes up with these stations, and is read at `first_reading`
  /// and from then on.
  void start(const InterfaceUp& up, const std::vector<MacAddress>& stations, Instant first_reading);
  /// When something is due here.
  Instant next() const;
  /// Does what is due at `now`.
  void advance(Instant now);
  /// Does nothing before start().
  void tell_of(const Event& event);

 private:
  void tell(const Event& event);
  void work(Instant now);
  void land(Instant now);
  void read(Instant now);

  Controller controller_;
  std::chrono::milliseconds interval_;
  Plant& plant_;
  std::optional<InterfaceIndex> interface_;  // once it is up
  Instant tick_ = Instant::max();
  std::optional<Instant> wake_;
  std::deque<SetPower> commands_;
  std::optional<Instant> answer_at_;  // of the first command, which is under way
  bool read_wanted_ = false;
};

}  // namespace pianissimo::sim
